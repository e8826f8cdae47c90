"""match, verify and replay as a user of the command line meets them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from matchmaker import __version__
from matchmaker.commands.market import _grounds
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.folder import read_folder
from matchmaker.engine.market import Market
from matchmaker.engine.policy import FEATURES
from matchmaker.services.workbooks import write_workbook
from tests.commands.matching import edit_csv, reseal, rows, run
from tests.engine.markets import one_pair

REPO = Path(__file__).parents[2]


def test_match_writes_the_published_files(market: Path, out: Path) -> None:
    proposals = rows(out / "proposals.csv")
    columns = ["need_id", "role_id", "professional_id", "score", *FEATURES, "reason"]
    assert list(proposals[0]) == columns
    for row in proposals:
        assert sum(int(row[name]) for name in FEATURES) == int(row["score"])
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    assert (receipt["format"], receipt["engine"], receipt["seed"]) == (1, __version__, 1)
    assert set(receipt["inputs"]) == {f"{name}.csv" for name in FILES}
    assert receipt["levels"]["seats_filled"] == len(proposals)
    assert receipt["levels"]["total_score"] == sum(int(row["score"]) for row in proposals)
    needs = {row["need_id"] for row in proposals}
    open_needs = {row["need_id"] for row in rows(out / "unstaffed.csv")}
    assert len(needs) == receipt["levels"]["needs_staffed"]
    assert needs | open_needs == {row.id for row in Market.read(market).needs}
    people = {row["professional_id"] for row in proposals}
    waiting = {row["professional_id"] for row in rows(out / "waiting.csv")}
    assert people | waiting == {row.id for row in Market.read(market).professionals}
    assert not people & waiting
    pairs = {tuple(row.values()) for row in rows(out / "pairs.csv")}
    for row in proposals:
        assert (row["professional_id"], row["role_id"], row["score"]) in pairs
    assert set(receipt["gaps"].values()) == {0}
    assert {"read", "score", "solve", "total"} <= set(receipt["seconds"])


def test_verify_and_replay_accept_what_match_wrote(market: Path, out: Path) -> None:
    verified = run("verify", out, "--market", market)
    assert (verified.exit_code, verified.output.startswith("verified: ")) == (0, True)
    grounds = dict(line.split(": ") for line in verified.output.splitlines()[1:])
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    told = [name for names in grounds.values() for name in names.split(", ")]
    named = ["staffed set", *(name.replace("_", " ") for name in receipt["bounds"])]
    assert sorted(told) == sorted(named)
    assert set(grounds) <= {
        "proven best here by counting",
        "proven best here by prices",
        "proven best here by prices, as long as these needs are staffed",
        "rest on the exact search, which replay repeats",
    }
    replayed = run("replay", out, "--market", market)
    assert (replayed.exit_code, replayed.output) == (0, "replayed: the same bytes\n")


def test_prices_of_the_seats_are_not_said_to_prove_the_choice_of_needs() -> None:
    """Where another set of needs is left to the search, only the count is proven at large."""
    proofs = {"staffed_set": "search", "groups_served": "prices", "total_score": "prices"}
    assert list(_grounds(proofs, {})) == [
        "proven best here by prices: groups served",
        "proven best here by prices, as long as these needs are staffed: total score",
        "rest on the exact search, which replay repeats: staffed set",
    ]
    assert list(_grounds(proofs | {"staffed_set": "prices"}, {})) == [
        "proven best here by prices: staffed set, groups served, total score",
    ]


def test_a_second_match_leaves_nothing_of_the_first(market: Path, out: Path) -> None:
    assert run("match", market, "--out", out).exit_code == 0
    assert not (out / "pairs.csv").exists()
    assert run("replay", out, "--market", market).exit_code == 0


def test_bad_cells_are_one_line_each_and_nothing_is_written(tmp_path: Path) -> None:
    one_pair().write(tmp_path / "market")
    wishes = "professional_id,need_id,rank\np1,n1,9\np1,n2,first\n"
    (tmp_path / "market" / "wishes.csv").write_text(wishes, encoding="utf-8")
    done = run("match", tmp_path / "market", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "wishes.csv, line 2, column rank: '9': expected a value from 0 to 5",
        "wishes.csv, line 3, column need_id: 'n2': expected an id or code that is in needs.csv",
        "wishes.csv, line 3, column rank: 'first': expected a whole number from 0 to 5",
    ]
    assert not (tmp_path / "out").exists()


def test_unknown_columns_are_warned_of_once(tmp_path: Path) -> None:
    one_pair().write(tmp_path / "market")
    wishes = "professional_id,memo,need_id,rank,colour\np1,x,n1,1,y\n"
    (tmp_path / "market" / "wishes.csv").write_text(wishes, encoding="utf-8")
    done = run("match", tmp_path / "market", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert done.stderr == "wishes.csv: warning: unknown columns left out: colour, memo\n"


@pytest.mark.parametrize(
    ("policy", "code", "line"),
    [
        ("{", 2, "policy unreadable: file"),
        ('{"floor": 0}', 2, "floor: expected a value from 1 to 10000"),
        ('{"colour": 1}', 2, "colour: expected a field of the policy"),
        ('{"weights": {"skills": 1, "colour": 2}}', 2, "weights: expected whole numbers 0 to 1000"),
        (
            '{"pins": [["p1", "r1"]], "bans": [["p1", "r1"]]}',
            2,
            "bans: expected a pair not both pinned and banned (p1, r1)",
        ),
        ('{"reserved": [1]}', 2, "reserved: expected a list of [company, [needs], seats]"),
        ('{"pins": [["p1", "r9"]]}', 1, "pin unknown: person p1, role r9"),
        ('{"floor": 1}', 0, ""),
    ],
)
def test_a_policy_from_a_file(tmp_path: Path, policy: str, code: int, line: str) -> None:
    one_pair().write(tmp_path / "market")
    (tmp_path / "policy.json").write_text(policy, encoding="utf-8")
    args = ("--out", tmp_path / "out", "--policy", tmp_path / "policy.json")
    done = run("match", tmp_path / "market", *args)
    assert (done.exit_code, done.stderr.startswith(line)) == (code, True)
    if code == 0:
        receipt = json.loads((tmp_path / "out" / "receipt.json").read_text(encoding="utf-8"))
        assert receipt["policy"]["floor"] == 1


def test_what_is_not_there_is_unreadable(tmp_path: Path) -> None:
    one_pair().write(tmp_path / "market")
    for args in (
        ("match", tmp_path / "nowhere", "--out", tmp_path / "out"),
        ("match", tmp_path / "market", "--out", tmp_path / "out", "--policy", tmp_path / "no"),
        ("verify", tmp_path / "nowhere", "--market", tmp_path / "market"),
        ("replay", tmp_path / "nowhere", "--market", tmp_path / "market"),
        ("match", tmp_path),
    ):
        done = run(*args)
        assert done.exit_code == 2
        assert "Traceback" not in done.output


def shuffled(folder: Path, to: Path, seed: int) -> None:
    """The same market with rows and columns in another order."""
    rng = Random(seed)
    to.mkdir()
    for source in folder.glob("*.csv"):
        table = list(csv.reader(source.read_text(encoding="utf-8-sig").splitlines()))
        order = rng.sample(range(len(table[0])), len(table[0]))
        body = [[row[at] for at in order] for row in rng.sample(table[1:], len(table) - 1)]
        with (to / source.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[table[0][at] for at in order], *body])


def in_a_process(market: Path, out: Path, **env: str) -> None:
    args = [sys.executable, "-m", "matchmaker", "match", str(market), "--out", str(out), "--pairs"]
    subprocess.run(args, cwd=REPO, env={**os.environ, **env}, check=True, capture_output=True)


def test_order_hash_seed_and_threads_never_change_a_byte(market, out, tmp_path) -> None:
    shuffled(market, tmp_path / "shuffled", 1)
    in_a_process(market, tmp_path / "a", PYTHONHASHSEED="1", OMP_NUM_THREADS="1")
    in_a_process(tmp_path / "shuffled", tmp_path / "b", PYTHONHASHSEED="2", OMP_NUM_THREADS="2")
    for name in ("proposals.csv", "unstaffed.csv", "waiting.csv", "pairs.csv", "proof.npz"):
        first = (out / name).read_bytes()
        assert (tmp_path / "a" / name).read_bytes() == first
        assert (tmp_path / "b" / name).read_bytes() == first


def test_another_seed_may_change_ties_but_never_the_levels(market: Path, tmp_path: Path) -> None:
    levels = []
    for seed in (1, 2):
        (tmp_path / "policy.json").write_text(json.dumps({"seed": seed}), encoding="utf-8")
        out = tmp_path / f"out{seed}"
        run("match", market, "--out", out, "--policy", tmp_path / "policy.json")
        levels.append(json.loads((out / "receipt.json").read_text(encoding="utf-8"))["levels"])
    assert levels[0] == levels[1]


def test_the_engine_is_light_to_import() -> None:
    code = (
        "import sys, matchmaker.engine as e; before = 'numpy' in sys.modules; e.match;"
        "heavy = {'click', 'sqlmodel', 'sqlalchemy', 'flask', 'pydantic', 'openpyxl'};"
        "print(before, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "False []"


def test_a_proof_of_a_worst_fit_round_holds_too(market: Path, tmp_path: Path) -> None:
    policy = {"levels": {"worst_fit": True}, "floor": 1}
    (tmp_path / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    args = ("--out", tmp_path / "out", "--policy", tmp_path / "policy.json")
    assert run("match", market, *args).exit_code == 0
    assert run("verify", tmp_path / "out", "--market", market).exit_code == 0
    receipt = json.loads((tmp_path / "out" / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["worst_fit_price"] >= 0
    assert "worst_fit" in receipt["levels"]


def test_an_empty_market_is_matched_and_verified(tmp_path: Path) -> None:
    replace(one_pair(), professionals=(), professional_skills=()).write(tmp_path / "market")
    assert run("match", tmp_path / "market", "--out", tmp_path / "out").exit_code == 0
    assert run("verify", tmp_path / "out", "--market", tmp_path / "market").exit_code == 0
    assert run("replay", tmp_path / "out", "--market", tmp_path / "market").exit_code == 0


def test_a_workbook_is_matched_like_its_folder(market: Path, out: Path, tmp_path: Path) -> None:
    book = tmp_path / "market.xlsx"
    book.write_bytes(write_workbook(read_folder(market)))
    assert run("match", book, "--out", tmp_path / "from_book").exit_code == 0
    for name in ("proposals.csv", "unstaffed.csv", "waiting.csv", "proof.npz"):
        assert (tmp_path / "from_book" / name).read_bytes() == (out / name).read_bytes()
    for command in ("verify", "replay"):
        assert run(command, tmp_path / "from_book", "--market", book).exit_code == 0
    book.write_bytes(b"PK not a workbook")
    broken = run("match", book, "--out", tmp_path / "none")
    assert broken.exit_code == 2
    assert len(broken.stderr.splitlines()) >= 1


def test_ctrl_c_leaves_the_old_result_as_it_was(market: Path, out: Path, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = {file.name: file.read_bytes() for file in out.iterdir()}
    for stage in ("match", "write_record"):
        monkeypatch.setattr(f"matchmaker.commands.market.{stage}", interrupted)
        done = run("match", market, "--out", out)
        assert (done.exit_code, done.stderr) == (130, "stopped; nothing was written\n")
        assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert [each.name for each in out.parent.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_every_executor_writes_the_same_bytes(market, out, tmp_path, monkeypatch, executor) -> None:
    monkeypatch.setattr("matchmaker.engine.matcher._MANY", 0)
    args = ("--executor", executor, "--workers", 2)
    assert run("match", market, "--out", tmp_path / "again", *args).exit_code == 0
    for name in ("proposals.csv", "unstaffed.csv", "waiting.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes()


def test_an_executor_that_a_small_market_does_not_need_is_told(
    market: Path, tmp_path: Path
) -> None:
    done = run("match", market, "--out", tmp_path / "a", "--executor", "processes")
    assert done.exit_code == 0
    assert done.stderr == "executor not used: the market is small enough for one process\n"
    assert run("match", market, "--out", tmp_path / "b").stderr == ""


def test_a_promise_that_cannot_be_kept_is_told(market: Path, tmp_path: Path) -> None:
    promised = len(Market.read(market).groups) + 1
    for guarantees, said in (({"first_time": promised}, f" of {promised}\n"), ({}, "")):
        (tmp_path / "policy.json").write_text(json.dumps({"guarantees": guarantees}), "utf-8")
        args = ("--out", tmp_path / "out", "--policy", tmp_path / "policy.json")
        done = run("match", market, *args)
        assert done.exit_code == 0
        assert ("promises to groups kept for " in done.output) == bool(said)
        assert said in done.output


def test_a_long_match_says_how_far_it_is(market: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("matchmaker.engine.matcher._MANY", 0)
    monkeypatch.setattr("matchmaker.commands.market._PATIENCE", 0.0)
    done = run("match", market, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "score: 1 of " in done.stderr


def test_a_scheduler_is_for_dask_alone(market: Path, tmp_path: Path) -> None:
    done = run("match", market, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    assert (done.exit_code, "--scheduler needs --executor dask" in done.stderr) == (2, True)


def test_a_market_in_one_file_of_columns_is_matched_like_its_folder(market, out, tmp_path) -> None:
    columns = tmp_path / "market.npz"
    Market.read(market).write_columns(columns)
    assert run("match", columns, "--out", tmp_path / "from_columns").exit_code == 0
    for name in ("proposals.csv", "unstaffed.csv", "waiting.csv", "proof.npz"):
        assert (tmp_path / "from_columns" / name).read_bytes() == (out / name).read_bytes()
    for command in ("verify", "replay"):
        assert run(command, tmp_path / "from_columns", "--market", columns).exit_code == 0


def test_a_file_of_columns_is_matched_verified_and_replayed_like_its_folder(
    market: Path, out: Path, tmp_path: Path
) -> None:
    columns, again = tmp_path / "market.npz", tmp_path / "again"
    Market.read(market).write_columns(columns)
    assert run("match", columns, "--out", again, "--pairs").exit_code == 0
    for name in ("proposals.csv", "unstaffed.csv", "waiting.csv", "pairs.csv"):
        assert (again / name).read_bytes() == (out / name).read_bytes()
    receipt = json.loads((again / "receipt.json").read_text(encoding="utf-8"))
    assert set(receipt["inputs"]) == {"market.npz"}
    for command in ("verify", "replay"):
        done = run(command, again, "--market", columns)
        assert (done.exit_code, done.stderr) == (0, ""), done.output
    replace(Market.read(columns), wishes=()).write_columns(columns)
    done = run("verify", again, "--market", columns)
    assert done.exit_code == 1
    assert "market.npz" in done.output


def test_of_very_many_the_reasons_of_waiting_are_left_to_questions(
    market: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.engine.waiting.MOST_EXPLAINED", 2)
    assert run("match", market, "--out", tmp_path / "large").exit_code == 0
    found = rows(tmp_path / "large" / "waiting.csv")
    assert len(found) > 2
    assert {row["reason"] for row in found} == {""}
    receipt = json.loads((tmp_path / "large" / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["waiting_explained"] is False
    assert run("verify", tmp_path / "large", "--market", market).exit_code == 0
    edit_csv(tmp_path / "large" / "waiting.csv", lambda found: found[0].update(reason="no_needs"))
    reseal(tmp_path / "large")
    assert run("verify", tmp_path / "large", "--market", market).exit_code == 1
