"""A forger knows the format, changes one thing, and makes the receipt's hashes fit again.

Whatever is accepted must still be true. What the check alone cannot tell (the receipt's measured
seconds and memory, the engine's version, a smallest change, a level's price, a weaker bound that
no count contradicts, other prices that prove the same, rules under which this very result is the
best) is listed here, and nothing else is let through.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from matchmaker.engine import Market, Policy, Result, match
from matchmaker.engine.audit import Claim, audit
from matchmaker.engine.recheck import recheck
from matchmaker.engine.record import (
    Record,
    input_hashes,
    output_hashes,
    read_record,
    receipt_text,
    write_record,
)
from matchmaker.engine.solution import Levels, Prices
from matchmaker.errors import Refusal
from tests.engine.markets import random_market

POLICY = Policy(floor=1, guarantees={"longest_waiting": 1})
MEASURED = {"seconds": {"read": 0.01, "solve": 0.5}, "peak_memory_mb": 80.5}
UNCHECKED = {"seconds", "peak_memory_mb", "engine"}
FILES = ("proposals.csv", "unstaffed.csv", "waiting.csv", "pairs.csv", "proof.npz", "receipt.json")
many = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market with open needs and people who wait, its result, and room for forgeries."""
    folder = tmp_path_factory.mktemp("forgery")
    market = random_market(3, 9, 6)
    market.write(folder / "market")
    inputs = input_hashes(folder / "market")
    result = match(Market.read(folder / "market"), POLICY)
    write_record(result, folder / "out", inputs, pairs=True, measured=MEASURED)
    copytree(folder / "out", folder / "forged")
    return folder


@pytest.fixture(scope="module")
def market(home: Path) -> Market:
    return Market.read(home / "market")


@pytest.fixture(scope="module")
def result(market: Market) -> Result:
    return match(market, POLICY)


def accepted(home: Path, market: Market) -> Record | None:
    """The forged record, if the check takes it for true."""
    try:
        record = read_record(home / "forged")
        report = recheck(record, market, input_hashes(home / "market"))
    except Refusal:
        return None
    return None if report.violations else record


def reseal(home: Path) -> None:
    path = home / "forged" / "receipt.json"
    receipt = json.loads(path.read_text(encoding="utf-8"))
    receipt["outputs"] = output_hashes(home / "forged")
    path.write_text(receipt_text(receipt), encoding="utf-8", newline="")


def forge(home: Path, name: str, content: bytes, *, sealed: bool) -> None:
    for each in FILES:
        (home / "forged" / each).write_bytes((home / "out" / each).read_bytes())
    (home / "forged" / name).write_bytes(content)
    if sealed:
        reseal(home)


def test_the_true_record_is_accepted(home: Path, market: Market) -> None:
    forge(home, "proof.npz", (home / "out" / "proof.npz").read_bytes(), sealed=True)
    record = accepted(home, market)
    assert record is not None
    assert record.unstaffed
    assert record.waiting
    assert record.proposals


@many
@given(name=st.sampled_from(FILES), place=st.floats(0, 1), bits=st.integers(1, 255))
@example(name="proof.npz", place=0.9028369358991595, bits=32)  # a member packed as a patch
@example(name="proof.npz", place=0.9028369358991595, bits=1)  # an encrypted one
def test_no_single_byte_can_be_changed(home, market, name, place, bits) -> None:
    content = bytearray((home / "out" / name).read_bytes())
    content[int(place * (len(content) - 1))] ^= bits
    forge(home, name, bytes(content), sealed=False)
    record = accepted(home, market)
    assert record is None or (name == "receipt.json" and still_true(home, market, record))


@settings(many, max_examples=300)
@given(name=st.sampled_from(FILES[:5]), place=st.floats(0, 1), bits=st.integers(1, 255))
def test_a_byte_changed_and_sealed_again_is_found_or_changes_no_claim(
    home, market, name, place, bits
) -> None:
    content = bytearray((home / "out" / name).read_bytes())
    content[int(place * (len(content) - 1))] ^= bits
    forge(home, name, bytes(content), sealed=True)
    record = accepted(home, market)
    if record is not None:
        assert name in ("unstaffed.csv", "proof.npz")
        assert still_true(home, market, record)


def still_true(home: Path, market: Market, record: Record) -> bool:
    """Whether only what no check can tell differs from the truth under the record's policy."""
    true = read_record(home / "out")
    assert [row for row in record.proposals if row not in true.proposals] == []
    assert (record.waiting, record.pairs) == (true.waiting, true.pairs)
    for row, other in zip(record.unstaffed, true.unstaffed, strict=True):
        assert row | {"smallest_change": ""} == other | {"smallest_change": ""}
    policy = Policy.from_json(record.receipt["policy"])
    again = match(market, policy)
    same = {name for name, value in record.receipt.items() if value == true.receipt[name]}
    assert set(record.receipt) - same <= UNCHECKED | {"policy", "seed", "outputs"}
    return (again.levels, again.ties) == (record.receipt["levels"], record.receipt["ties"])


def figures(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the values of a receipt are."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from figures(each, (*path, name))
    else:
        yield path


def test_every_value_of_the_receipt_is_held_to_the_market(home: Path, market: Market) -> None:
    true = json.loads((home / "out" / "receipt.json").read_text(encoding="utf-8"))
    let_through = set()
    for path in figures(true):
        for change in (lambda v: v + 1, lambda v: -1, lambda v: "x", lambda v: None):
            forged = json.loads(json.dumps(true))
            place = forged
            for name in path[:-1]:
                place = place[name]
            try:
                place[path[-1]] = change(place[path[-1]])
            except TypeError:
                continue
            if forged != true:
                forge(home, "receipt.json", receipt_text(forged).encode(), sealed=False)
                if accepted(home, market) is not None:
                    let_through.add(path[0])
    assert let_through <= UNCHECKED | {"policy"}


def test_yes_and_no_are_not_taken_for_one_and_nothing(home: Path, market: Market) -> None:
    true = json.loads((home / "out" / "receipt.json").read_text(encoding="utf-8"))
    forgeries = [{"format": True}, {"proven": 1}]
    forgeries += [{"gaps": true["gaps"] | {name: False}} for name in true["gaps"]]
    for forged in forgeries:
        forge(home, "receipt.json", receipt_text(true | forged).encode(), sealed=False)
        assert accepted(home, market) is None


@pytest.mark.parametrize("price", [-1, True, "x", float("nan"), {}])
def test_a_price_of_the_worst_fit_is_a_whole_number(tmp_path: Path, price: Any) -> None:
    random_market(3, 9, 6).write(tmp_path / "market")
    market, inputs = Market.read(tmp_path / "market"), input_hashes(tmp_path / "market")
    result = match(market, Policy(floor=1, levels=Levels(worst_fit=True)))
    write_record(result, tmp_path, inputs)
    assert recheck(read_record(tmp_path), market, inputs).violations == ()
    receipt = json.loads((tmp_path / "receipt.json").read_text(encoding="utf-8"))
    receipt["worst_fit_price"] = price
    (tmp_path / "receipt.json").write_text(receipt_text(receipt), encoding="utf-8", newline="")
    found = recheck(read_record(tmp_path), market, inputs).violations
    assert [fault.code for fault in found] == ["worst_fit_price_differs"]


@pytest.mark.parametrize("name", FILES[:4])
def test_rows_dropped_repeated_or_swapped_are_found(home: Path, market: Market, name: str) -> None:
    header, *lines = (home / "out" / name).read_text(encoding="utf-8").splitlines()
    forgeries = [lines[:at] + lines[at + 1 :] for at in range(len(lines))]
    forgeries += [lines[: at + 1] + lines[at:] for at in range(len(lines))]
    forgeries += [
        lines[:at] + lines[at + 1 : at + 2] + lines[at : at + 1] + lines[at + 2 :]
        for at in range(len(lines) - 1)
    ]
    assert len(forgeries) > 3
    for rows in forgeries:
        forge(home, name, "\n".join([header, *rows, ""]).encode(), sealed=True)
        assert accepted(home, market) is None


def claim_of(result: Result) -> Claim:
    solution = result.outcome.solution
    pairs = tuple(result.outcome.pair_ids(int(pair)) for pair in solution.pairs)
    return Claim(pairs, solution.levels, solution.bounds, solution.prices, solution.ties)


def refused(result: Result, **changes: Any) -> set[str]:
    claim = replace(claim_of(result), **changes)
    return {fault.code for fault in audit(result.market, result.policy, claim).violations}


def test_any_other_set_of_pairs_is_refused(result: Result) -> None:
    """Dropped, added, moved to another seat, given to another person, two people swapped."""
    pairs = claim_of(result).pairs
    people = [row.id for row in result.market.professionals]
    roles = [row.id for row in result.market.roles]
    others = [pairs[:at] + pairs[at + 1 :] for at in range(len(pairs))]
    for at, (person, role) in enumerate(pairs):
        rest = pairs[:at] + pairs[at + 1 :]
        others += [(*rest, (each, role)) for each in people if each != person]
        others += [(*rest, (person, each)) for each in roles if each != role]
        for to, (second, seat) in enumerate(pairs[:at]):
            kept = [pair for k, pair in enumerate(pairs) if k not in (at, to)]
            if (person, seat) != (second, role) and person != second and seat != role:
                others.append((*kept, (person, seat), (second, role)))
    others += [(*pairs, (person, role)) for person in people for role in roles]
    for forged in others:
        assert refused(result, pairs=tuple(forged))


def test_any_other_level_or_lower_bound_is_refused(result: Result) -> None:
    claim = claim_of(result)
    for name, value in claim.levels.items():
        for step in (-1, 1):
            assert refused(result, levels={**claim.levels, name: value + step})
    for name, value in claim.bounds.items():
        assert refused(result, bounds={**claim.bounds, name: value - 1})
        assert refused(result, bounds={n: v for n, v in claim.bounds.items() if n != name})


def test_waiting_days_stand_only_in_the_prices_of_waiting(result: Result) -> None:
    claim, people = claim_of(result), len(result.market.professionals)
    for seated in (np.ones(people, dtype=np.int64), np.zeros(people + 1, dtype=np.int64)):
        assert refused(result, prices=replace(claim.prices, seated=seated)) == {"malformed"}


def changed_prices(prices: Prices) -> Iterator[Prices]:
    """Every price moved by a little and by a lot, one at a time."""
    for name in ("person", "role", "minute", "long", "need", "once", "seated"):
        for at in range(len(getattr(prices, name))):
            for step in (-1, 1, 12_345 * prices.scale):
                vector = getattr(prices, name).copy()
                vector[at] += step
                yield replace(prices, **{name: vector})
    for name in ("bound", "gap", "scale"):
        yield replace(prices, **{name: getattr(prices, name) + 1})


def test_any_other_price_is_refused_unless_it_proves_the_same(result: Result) -> None:
    claim = claim_of(result)
    truth = audit(result.market, result.policy, claim)
    assert truth.violations == ()
    found = 0
    for prices in changed_prices(claim.prices):
        report = audit(result.market, result.policy, replace(claim, prices=prices))
        proven = report.proofs.get("total_score") == truth.proofs["total_score"]
        assert report.violations or proven
        found += bool(report.violations)
    assert found > 20
    for at, tie in enumerate(claim.ties or ()):
        for prices in changed_prices(tie):
            ties = (claim.ties[0], prices) if at else (prices, claim.ties[1])
            report = audit(result.market, result.policy, replace(claim, ties=ties))
            assert report.violations or report.proofs == truth.proofs


def test_a_result_of_other_rules_is_refused(result: Result) -> None:
    """Skipping a rule, a score or the tie rule shows, whatever else is made to fit."""
    claim, market = claim_of(result), result.market
    for policy in (
        Policy(floor=1),
        replace(POLICY, weights={**POLICY.weights, "skills": 0}),
        replace(POLICY, max_new_projects=1),
        replace(POLICY, bans=claim.pairs[:1]),
        replace(POLICY, seed=2),
        replace(POLICY, as_of=market.last_day.replace(year=2030)),
    ):
        assert audit(market, policy, claim).violations
    person = claim.pairs[0][0]
    unverified = replace(market, unverified=frozenset({person}))
    assert {v.code for v in audit(unverified, POLICY, claim).violations} == {"pair_not_allowed"}
