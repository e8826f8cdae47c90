"""Both roads to the allowed pairs find the same ones: one by one what no rule refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import grid, scores
from matchmaker.engine.arrays import distinct, in_order, ordered, ranks
from matchmaker.engine.features import feature_stack
from matchmaker.engine.policy import Policy
from matchmaker.engine.rules import refusals
from matchmaker.engine.snapshot import take
from tests.engine.markets import random_market


@pytest.mark.parametrize("few", [0, 10**9])  # cells to a listed pair: always lists, always a table
@pytest.mark.parametrize("seed", range(12))
def test_allowed_pairs_are_those_that_no_rule_refuses(
    seed: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "_FEW", few)
    monkeypatch.setattr(grid, "_CELLS", 17)  # several tables
    market = random_market(seed)
    first, need = market.professionals[0].id, market.needs[0].id
    market = replace(market, unverified=frozenset([market.professionals[1].id]))
    market = replace(market, declined=frozenset([(first, need)]))
    snapshot = take(market, Policy(bans=((first, market.roles[-1].id),)))
    roles = len(snapshot.role_at)
    person, role = grid.allowed_pairs(snapshot)
    assert list(zip(person.tolist(), role.tolist(), strict=True)) == [
        (who, seat)
        for who in range(len(snapshot.person_at))
        for seat in range(roles)
        if not refusals(snapshot, who, seat)
    ]
    some = np.arange(1, roles, 2)
    keep = np.isin(role, some)
    found = grid.allowed_pairs(snapshot, some)
    assert np.array_equal(found, (person[keep], role[keep]))


@pytest.mark.parametrize("seed", range(12))
def test_scores_of_a_table_are_those_of_its_pairs(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "_CELLS", 30)  # several tables
    snapshot = take(random_market(seed, 14, 8), Policy(continuity=("new", "earlier")[seed % 2]))
    people = np.arange(len(snapshot.people.capacity))[::-1]
    roles = np.arange(len(snapshot.needs.role_need))[: (None, 1)[seed % 3 == 2]]
    table = scores.scores_among(snapshot, people, roles)
    pairs = feature_stack(snapshot, np.repeat(people, len(roles)), np.tile(roles, len(people)))
    one_by_one = scores.scores_of(pairs, snapshot.policy.counted_weights)
    assert table.ravel().tolist() == one_by_one.tolist()


@pytest.mark.parametrize("far", [1, 2**40])
def test_pairs_are_ordered_by_both_their_numbers(far: int) -> None:
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 30, 400) * far, rng.integers(-50, 50, 400) * far
    order = ordered(first, second)
    assert sorted(order.tolist()) == list(range(400))
    pairs = list(zip(first[order].tolist(), second[order].tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert list(zip(*(each.tolist() for each in in_order(first, second)), strict=True)) == pairs
    assert ordered(first[:0], second[:0]).tolist() == []
    assert in_order(first[:0], second[:0])[0].tolist() == []


def test_runs_of_equal_numbers() -> None:
    values = np.array([4, 4, -1, 7, 4, 7])
    assert distinct(values).tolist() == [-1, 4, 7]
    assert ranks(np.sort(values)).tolist() == [0, 0, 1, 2, 0, 1]
    assert distinct(values[:0]).tolist() == ranks(values[:0]).tolist() == []
