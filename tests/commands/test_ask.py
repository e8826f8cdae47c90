"""``matchmaker ask`` as a user of the command line meets it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matchmaker.cli import cli
from tests.engine.markets import random_market

SEED = 5


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market and its result."""
    home = tmp_path_factory.mktemp("asked")
    random_market(SEED, 14, 8).write(home / "market")
    assert run("match", home / "market", "--out", home / "out").exit_code == 0
    return home


def rows(home: Path, name: str) -> list[dict[str, str]]:
    with (home / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(home: Path, *question: object) -> Result:
    return run("ask", home / "out", "--market", home / "market", *question)


def answer(home: Path, *question: object) -> Any:
    done = ask(home, *question, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


KEYS = {
    "why": {"score", "contributions", "strengths", "gaps", "alternatives", "without"},
    "why-not": {"possible", "loss", "decided_by", "moves", "refusals"},
    "unfilled": {"role_id", "reasons", "single", "pairs", "tried", "complete"},
    "recruit": {"alone", "together", "considered", "possible"},
    "repair": {"reopened", "accepted", "kept", "disturbed", "joining", "difference", "proven"},
    "fair": {"served", "worst_need", "worst_fit", "raised_fit", "raising", "envy"},
    "stable": {"blocking", "allowed"},
    "forecast": {"before", "low", "high", "new", "open"},
}


def arguments(home: Path, question: str) -> list[str]:
    first, last = rows(home, "proposals")[0], rows(home, "proposals")[-1]
    return {
        "why": [first["professional_id"], first["role_id"]],
        "why-not": [first["professional_id"], last["role_id"]],
        "unfilled": [rows(home, "unstaffed")[0]["need_id"]],
        "repair": [first["professional_id"]],
    }.get(question, [])


@pytest.mark.parametrize("question", KEYS)
def test_every_question_is_answered_in_words_and_as_json(home: Path, question: str) -> None:
    given = arguments(home, question)
    told = ask(home, question, *given)
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.strip()
    found = answer(home, question, *given)
    assert (found["question"], found["arguments"]) == (question, given)
    assert KEYS[question] <= set(found["answer"])


def test_words_and_json_say_the_same(home: Path) -> None:
    first = rows(home, "proposals")[0]
    pair = first["professional_id"], first["role_id"]
    found = answer(home, "why", *pair)["answer"]
    lines = ask(home, "why", *pair).stdout.splitlines()
    assert lines[0] == f"{pair[0]} on {pair[1]} of {first['need_id']}: score {first['score']}"
    assert str(found["score"]) == first["score"]
    assert len([line for line in lines if line.startswith("fits: ")]) == len(found["strengths"])
    for reason in found["strengths"]:
        assert reason["text"] in first["reason"]
        assert set(reason) == {"code", "params", "text"}


def test_how_sure_one_pair_is_and_all(home: Path) -> None:
    first = rows(home, "proposals")[0]
    pair = first["professional_id"], first["role_id"]
    every = answer(home, "sure")["answer"]
    assert len(every) == len(rows(home, "proposals"))
    one = answer(home, "sure", *pair)["answer"]
    assert one == [each for each in every if (each["person_id"], each["role_id"]) == pair]
    assert f"{pair[0]} on {pair[1]}: " in ask(home, "sure", *pair).stdout


def test_what_if_reads_a_file_of_changes(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "changes.json"
    person = rows(home, "proposals")[0]["professional_id"]
    file.write_text(json.dumps({"remove": {"professionals": [person]}}), encoding="utf-8")
    found = answer(home, "what-if", file)["answer"]
    assert found["then"]["people"] == found["now"]["people"] - 1
    assert person in {move["person_id"] for move in found["difference"]["moves"]}
    assert "people seated: " in ask(home, "what-if", file).stdout


def test_a_malformed_file_of_changes_is_named_with_the_place(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "changes.json"
    file.write_text('{"policy": {', encoding="utf-8")
    done = ask(home, "what-if", file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{file}" in done.stderr
    assert "line 1, column 13" in done.stderr
    changes = {
        "add": {"professionals": [{"id": "x", "name": "y", "capacity": "two"}]},
        "remove": {"needs": ["n99"]},
    }
    file.write_text(json.dumps(changes), encoding="utf-8")
    done = ask(home, "what-if", file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "add.professionals[0].capacity: 'two': expected a whole number from 0 to 20",
        "remove.needs[0]: expected an id or code that is in needs.csv",
    ]
    assert ask(home, "what-if", tmp_path / "absent.json").exit_code == 2


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (("why", "nobody", "r1-0"), "unknown person: nobody"),
        (("why-not", "p1", "r99"), "unknown role: r99"),
        (("why-not", "nobody", "r99"), "unknown person: nobody\nunknown role: r99"),
        (("unfilled", "n99"), "unknown need: need n99"),
        (("repair", "nobody"), "unknown person: person nobody"),
        (("sure", "nobody", "r1-0"), "unknown person: nobody"),
    ],
)
def test_unknown_names_are_refused(home: Path, question: tuple[str, ...], said: str) -> None:
    done = ask(home, *question)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"{said}\n")


def test_of_a_pair_that_is_proposed_nothing_is_asked(home: Path) -> None:
    first = rows(home, "proposals")[0]
    pair = first["professional_id"], first["role_id"]
    assert ask(home, "why-not", *pair).stdout == "this pair is proposed already\n"
    assert answer(home, "why-not", *pair)["answer"]["possible"] is True


def test_the_numbers_of_the_draw_are_for_json_alone(home: Path) -> None:
    first, last = rows(home, "proposals")[0], rows(home, "proposals")[-1]
    for question in (("why", first), ("repair", first), ("why-not", {**first, **last})):
        name, row = question
        ids = [row["professional_id"], row["role_id"]][: 1 if name == "repair" else 2]
        assert "tie hash" not in ask(home, name, *ids).stdout


def test_wrong_usage_is_told(home: Path) -> None:
    assert ask(home, "wonder").exit_code == 2
    assert ask(home, "why", "p1").exit_code == 2
    assert ask(home, "sure", "p1").exit_code == 2
    assert run("ask", home / "out", "stable").exit_code == 2


def test_a_result_that_is_not_of_this_market_is_not_asked(home: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(home / "market", tmp_path / "market"))
    random_market(SEED + 1, 14, 8).write(other)
    done = run("ask", home / "out", "--market", other, "stable")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("input differs: file")
    assert {line[:14] for line in done.stderr.splitlines()} == {"input differs:"}


@pytest.mark.parametrize("words", [("why", "--help"), ("--help", "why"), ("why", "p1", "-h")])
def test_each_question_has_its_own_help(words: tuple[str, ...]) -> None:
    done = run("ask", "anywhere", *words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert " ask OUT why [OPTIONS] PERSON ROLE\n" in done.stdout
    assert "PERSON: the id of a professional" in done.stdout
    for whole in (("--help",), ("anywhere", "--help")):
        assert "Commands:" in run("ask", *whole).stdout


def test_whoever_waits_is_told_why_as_in_the_result(home: Path) -> None:
    for row in rows(home, "waiting"):
        found = answer(home, "waiting", row["professional_id"])["answer"]
        assert ";".join(each["text"] for each in found) == row["reason"]
        assert ask(home, "waiting", row["professional_id"]).stdout.count("\n") == len(found)
    seated = rows(home, "proposals")[0]["professional_id"]
    for person, words in ((seated, "is seated"), ("nobody", "unknown person")):
        done = ask(home, "waiting", person)
        assert (done.exit_code, done.stdout) == (1, "")
        assert words in done.stderr
