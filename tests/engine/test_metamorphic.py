"""What must follow when a market is changed in a way whose effect is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matchmaker.engine import Market, Policy, Result, match
from matchmaker.engine.market import ROW_TYPES, Professional
from matchmaker.engine.proof.plain import Pair, Rows
from matchmaker.engine.proof.tally import broken_limits, maximised, tally
from matchmaker.engine.solution import Levels, Solution
from matchmaker.engine.solve import solve
from tests.engine.markets import markets, policies, random_market
from tests.engine.problems import random_problem

LOW = Policy(floor=1)
SEEDS = range(12)
drawn = settings(max_examples=40, deadline=None, derandomize=True)


def rank(result: Result) -> list[int]:
    values = {**result.levels, **result.ties}
    return [values[name] for name in maximised(result.policy)]


def seats(result: Result) -> set[tuple[str, str]]:
    return {(row.professional_id, row.role_id) for row in result.proposals}


def staffings(rows: Rows, most: int) -> Iterator[list[Pair]]:
    """Every staffing there is, straight from the rows; nothing when there are too many to try."""
    every = [Pair(rows, *ids) for ids in product(rows.people, rows.roles)]
    fine = [pair for pair in every if pair.allowed]
    if len(fine) <= most:
        for keep in product((False, True), repeat=len(fine)):
            chosen = [pair for pair, kept in zip(fine, keep, strict=True) if kept]
            if not list(broken_limits(rows, chosen)):
                yield chosen


@settings(max_examples=150, deadline=None, derandomize=True)
@given(markets(), policies())
def test_no_staffing_whatever_is_better(market: Market, policy: Policy) -> None:
    rows = Rows(market, policy)
    values = [tally(rows, chosen) for chosen in staffings(rows, 8)]
    assume(values)
    best = max([value[name] for name in maximised(policy)] for value in values)
    result = match(market, policy)
    assert rank(result) == best
    assert result.proof.proven
    assert result.check().violations == ()


@drawn
@given(markets(), policies(), st.data())
def test_scaled_weights_change_nothing(market: Market, policy: Policy, data: st.DataObject) -> None:
    times = data.draw(st.integers(2, 20))
    scaled = replace(policy, weights={n: w * times for n, w in policy.weights.items()})
    one, other = match(market, policy), match(market, scaled)
    assert one.proposals == other.proposals
    assert (one.levels, one.ties) == (other.levels, other.ties)


def test_a_useless_person_changes_nothing() -> None:
    for seed in SEEDS:
        market = random_market(seed)
        nobody = Professional("zz", "人", capacity=0)
        more = replace(market, professionals=(*market.professionals, nobody))
        before, after = match(market, LOW), match(more, LOW)
        assert before.proposals == after.proposals
        assert rank(before) == rank(after)
        assert {row.professional_id for row in after.waiting} - {
            row.professional_id for row in before.waiting
        } == {"zz"}


def test_a_ban_on_a_pair_that_was_not_chosen_changes_nothing() -> None:
    for seed in SEEDS:
        result = match(random_market(seed), LOW)
        pairs = [result.outcome.pair_ids(at) for at in range(len(result.outcome.pairs.score))]
        unused = sorted(set(pairs) - seats(result))[::3]
        banned = match(result.market, replace(LOW, bans=tuple(unused)))
        assert (seats(banned), rank(banned)) == (seats(result), rank(result))


def test_a_ban_on_a_chosen_pair_never_helps() -> None:
    for seed in SEEDS:
        result = match(random_market(seed), LOW)
        for pair in sorted(seats(result))[:2]:
            assert rank(match(result.market, replace(LOW, bans=(pair,)))) < rank(result)


def test_more_capacity_never_hurts() -> None:
    for seed in SEEDS:
        market = random_market(seed)
        people = tuple(replace(row, capacity=row.capacity + 1) for row in market.professionals)
        more = match(replace(market, professionals=people), LOW)
        assert rank(more) >= rank(match(market, LOW))


def value(solution: Solution) -> int:
    return solution.levels["total_score"]


def test_a_higher_score_never_lowers_the_optimum() -> None:
    """With the counts fixed by no level but the score, so that the total alone decides."""
    levels = Levels(groups=False, needs=False, waiting=False)
    for seed in range(1, 8):
        problem = random_problem(seed)
        before = solve(problem, levels)
        for at in range(len(problem.pair_score))[::4]:
            for points in (1, 500):
                score = problem.pair_score.copy()
                score[at] = min(score[at] + points, 10_000)
                raised = int(score[at] - problem.pair_score[at])
                after = solve(replace(problem, pair_score=score), levels)
                assert value(before) <= value(after) <= value(before) + raised


def renamed(market: Market, names: dict[str, str]) -> Market:
    """The same market under other ids; ``names`` keeps their order."""

    def edit(row: Any) -> Any:
        ids = ("id", "professional_id", "group_id", "need_id", "role_id")
        found = {name: names[getattr(row, name)] for name in ids if hasattr(row, name)}
        return replace(row, **found)

    tables = {
        name: tuple(edit(row) for row in getattr(market, name))
        for name in ROW_TYPES
        if name not in ("skills", "districts", "companies")
    }
    return replace(market, **tables)


def test_other_ids_only_rename() -> None:
    """The hash, which ends the last ties, is made of the ids: only it may differ."""
    for seed in SEEDS:
        market = random_market(seed)
        tables = (market.professionals, market.groups, market.needs, market.roles)
        names = {row.id: f"x{at:04}{row.id}" for table in tables for at, row in enumerate(table)}
        one, other = match(market, LOW), match(renamed(market, names), LOW)
        assert one.levels == other.levels
        assert one.ties["tie_waiting"] == other.ties["tie_waiting"]
        assert {names[row.id] for row in market.needs} == {row.id for row in other.market.needs}


def test_a_market_of_two_that_share_nobody_is_their_sum() -> None:
    for seed in SEEDS:
        one, two = random_market(seed, 6, 4), random_market(seed + 100, 6, 4)
        tables = (two.professionals, two.groups, two.needs, two.roles)
        names = {row.id: f"x{row.id}" for table in tables for row in table}
        two = renamed(two, names)
        apart = [(row.id, need.id) for row in one.professionals for need in two.needs]
        apart += [(row.id, need.id) for row in two.professionals for need in one.needs]
        rows = {
            name: (*getattr(one, name), *getattr(two, name))
            for name in ROW_TYPES
            if name not in ("skills", "districts", "companies")
        }
        both = match(replace(one, **rows, declined=frozenset(apart)), dated(one, two))
        parts = [match(market, dated(one, two)) for market in (one, two)]
        assert rank(both) == np.sum([rank(part) for part in parts], axis=0).tolist()
        assert seats(both) == seats(parts[0]) | seats(parts[1])


def dated(*all_markets: Market) -> Policy:
    """Waiting counted to the same day everywhere."""
    days = [market.last_day for market in all_markets if market.last_day]
    return replace(LOW, as_of=max(days))
