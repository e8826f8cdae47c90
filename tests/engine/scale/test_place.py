"""People on roles: the greatest total, proven over pairs that the core never saw."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matchmaker.engine import Policy
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.scale import place as road
from matchmaker.engine.scale.place import Placement, place
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.sample.large import large_market
from tests.engine.markets import random_market


def best_total(snapshot: Snapshot) -> int:
    """The same by scipy, on a dense matrix of copies; a pair is used once, for lack of copies."""
    pairs, people, needs = score_pairs(snapshot), snapshot.people, snapshot.needs
    values = np.zeros((len(people.capacity), len(needs.role_seats)), dtype=np.int64)
    values[pairs.person, pairs.role] = pairs.score
    copies = np.repeat(np.repeat(values, people.capacity, axis=0), needs.role_seats, axis=1)
    rows, columns = linear_sum_assignment(copies, maximize=True)
    return int(copies[rows, columns].sum())


def check(snapshot: Snapshot, found: Placement) -> None:
    """Feasible, and worth what the prices allow at most over all pairs: weak duality."""
    people, needs, pairs = snapshot.people, snapshot.needs, score_pairs(snapshot)
    assert (np.bincount(found.person, minlength=len(people.capacity)) <= people.capacity).all()
    assert (np.bincount(found.role, minlength=len(needs.role_seats)) <= needs.role_seats).all()
    assert (found.person_price >= 0).all()
    assert (found.role_price >= 0).all()
    over = pairs.score - found.person_price[pairs.person] - found.role_price[pairs.role]
    bound = people.capacity @ found.person_price + needs.role_seats @ found.role_price
    assert bound + np.maximum(over, 0).sum() == found.bound == found.value == found.score.sum()
    known = dict(zip(zip(pairs.person, pairs.role, strict=True), pairs.score, strict=True))
    chosen = list(zip(found.person, found.role, strict=True))
    assert len(set(chosen)) == len(chosen)
    assert [known[pair] for pair in chosen] == found.score.tolist()


@pytest.mark.parametrize("capacity", [(1, 1), (1, 3)])
@pytest.mark.parametrize("needs", [150, 300])
def test_tight_and_slack_markets(needs: int, capacity: tuple[int, int]) -> None:
    market = large_market(people=200, needs=needs, capacity=capacity, seed=needs)
    snapshot = take(market, Policy(floor=1))
    found = place(snapshot, kept=3)
    check(snapshot, found)
    assert found.value == best_total(snapshot)
    assert found.pairs < len(score_pairs(snapshot).person)


def test_prices_call_for_more_pairs(monkeypatch) -> None:
    monkeypatch.setattr(road, "NEAR", 0)
    snapshot = take(large_market(people=150, needs=150, seed=5), Policy(floor=1))
    found = place(snapshot, kept=1)
    assert found.rounds > 1
    check(snapshot, found)


@pytest.mark.parametrize("seed", range(15))
def test_small_markets_with_everything_that_happens(seed: int) -> None:
    snapshot = take(random_market(seed, 12, 8), Policy(floor=1))
    check(snapshot, place(snapshot))


def test_compiled_and_not_reach_the_same_total() -> None:
    pytest.importorskip("numba")
    snapshot = take(large_market(people=300, needs=200, seed=2), Policy(floor=1))
    slow, fast = place(snapshot, compiled=False, kept=4), place(snapshot, compiled=True, kept=4)
    assert slow.value == fast.value == slow.bound == fast.bound
