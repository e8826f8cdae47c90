"""What somebody changed in a result afterwards is found by ``verify`` and ``replay``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine.record import receipt_text
from tests.commands.matching import edit_csv, reseal, run


def forge_person(found: list[dict[str, str]]) -> None:
    seated = {row["professional_id"] for row in found}
    found[0]["professional_id"] = sorted(seated - {found[0]["professional_id"]})[0]


def forge_score(found: list[dict[str, str]]) -> None:
    found[0]["score"] = str(int(found[0]["score"]) + 1)


def forge_contributions(found: list[dict[str, str]]) -> None:
    found[0]["skills"] = str(int(found[0]["skills"]) - 1)
    found[0]["time"] = str(int(found[0]["time"]) + 1)


def forge_reason(found: list[dict[str, str]]) -> None:
    found[0]["reason"] = "wish:1"


def drop_proposal(found: list[dict[str, str]]) -> None:
    found.pop()


def repeat_proposal(found: list[dict[str, str]]) -> None:
    found.append(found[0])


def forge_stranger(found: list[dict[str, str]]) -> None:
    found[0]["professional_id"] = "nobody"


FORGERIES = [
    forge_person,
    forge_score,
    forge_contributions,
    forge_reason,
    drop_proposal,
    repeat_proposal,
    forge_stranger,
]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("forge", FORGERIES)
def test_verify_refuses_a_forged_proposal(market: Path, out: Path, forge, sealed: bool) -> None:
    edit_csv(out / "proposals.csv", forge)
    if sealed:
        reseal(out)
    verified = run("verify", out, "--market", market)
    assert (verified.exit_code, verified.stdout) == (1, "")
    assert verified.stderr.strip()
    assert run("replay", out, "--market", market).exit_code == 1


@pytest.mark.parametrize("name", ["unstaffed.csv", "waiting.csv"])
def test_verify_refuses_a_forged_reason(market: Path, out: Path, name: str) -> None:
    edit_csv(out / name, lambda found: found[0].update(reason="no_needs"))
    reseal(out)
    assert run("verify", out, "--market", market).exit_code == 1


def add_to_price(out: Path, name: str, points: int) -> None:
    with np.load(out / "proof.npz") as arrays:
        prices = dict(arrays)
    prices[name] = prices[name].copy()
    prices[name][np.argmax(prices[name])] += points * prices["scale"] or 1
    np.savez(out / "proof.npz", **prices)


@pytest.mark.parametrize("name", ["person", "role"])
def test_verify_refuses_a_forged_price(market: Path, out: Path, name: str) -> None:
    add_to_price(out, name, 0)
    assert run("verify", out, "--market", market).exit_code == 1
    add_to_price(out, name, 20_000)  # more than any score could pay back
    reseal(out)
    refused = run("verify", out, "--market", market)
    assert (refused.exit_code, refused.stderr) == (1, "price bound differs\n")


@pytest.mark.parametrize(
    ("part", "name", "step"),
    [
        ("levels", "groups_served", 1),
        ("levels", "total_score", 1),
        ("ties", "tie_waiting", 1),
        ("bounds", "total_score", -1),
        ("bounds", "groups_served", 1),
    ],
)
def test_verify_refuses_a_forged_receipt(market: Path, out: Path, part, name, step) -> None:
    receipt = json.loads((out / "receipt.json").read_text(encoding="utf-8"))
    receipt[part][name] += step
    (out / "receipt.json").write_text(receipt_text(receipt), encoding="utf-8")
    assert run("verify", out, "--market", market).exit_code == 1


def test_verify_and_replay_refuse_another_market(market: Path, out: Path) -> None:
    with (market / "wishes.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    for command in ("verify", "replay"):
        done = run(command, out, "--market", market)
        assert done.exit_code == 1
        assert "wishes.csv" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    edit_csv(market / "roles.csv", lambda found: found.pop())
    done = run("verify", out, "--market", market)
    assert {line[:14] for line in done.stderr.splitlines()} == {"input differs:"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("receipt.json", b"{"),
        ("receipt.json", b"[]"),
        ("proof.npz", b"PK"),
        ("proposals.csv", b"a,b\n"),
        ("proposals.csv", b"\xff"),
    ],
)
def test_a_broken_result_is_unreadable_and_never_a_traceback(market, out, name, data) -> None:
    (out / name).write_bytes(data)
    for command in ("verify", "replay"):
        done = run(command, out, "--market", market)
        assert (done.exit_code, done.stderr) == (2, f"not a record: file {name}\n")
