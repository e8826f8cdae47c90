"""A solved round as a start for one that differs little: the same answer, and its proof of ties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.problem import Problem
from matchmaker.engine.solve import Near, solve
from matchmaker.engine.verify import verify
from matchmaker.errors import Refusal
from tests.engine.problems import Size, random_problem


def pinned(problem: Problem, seed: int) -> Problem:
    return replace(problem, pins=np.array([seed % len(problem.pair_role)]))


def scored_anew(problem: Problem, seed: int) -> Problem:
    moved = np.random.default_rng(seed).integers(-900, 900, len(problem.pair_score))
    return replace(problem, pair_score=np.clip(problem.pair_score + moved, 1, 10_000))


def with_fewer_pairs(problem: Problem, seed: int) -> Problem:
    kept = np.arange(len(problem.pair_role)) % 7 != seed % 7
    names = ("pair_person", "pair_role", "pair_score", "pair_hash")
    return replace(problem, **{name: getattr(problem, name)[kept] for name in names})


def with_more_room(problem: Problem, seed: int) -> Problem:
    return replace(problem, person_capacity=problem.person_capacity + 1, max_needs=None)


@pytest.mark.parametrize("change", [pinned, scored_anew, with_fewer_pairs, with_more_room])
def test_a_start_changes_nothing_but_the_time(change: Callable[[Problem, int], Problem]) -> None:
    asked = 0
    for seed in range(7000, 7020):
        before = random_problem(seed, Size(people=10, needs=5, roles=2, pairs=40))
        if not len(before.pair_role):
            continue
        after = change(before, seed)
        try:
            cold = solve(after)
        except Refusal as refusal:
            with pytest.raises(type(refusal)):
                solve(after, near=Near(before, solve(before)))
            continue
        warm = solve(after, near=Near(before, solve(before)))
        assert warm.pairs.tolist() == cold.pairs.tolist()
        assert (warm.levels, warm.bounds) == (cold.levels, cold.bounds)
        assert verify(after, warm).violations == ()
        asked += 1
    assert asked > 5


def test_a_start_with_other_people_is_no_start() -> None:
    problem = random_problem(7100, Size(people=10, needs=5, roles=2, pairs=40))
    other = random_problem(7101)
    assert solve(problem, near=Near(other, solve(other))).pairs.tolist() == (
        solve(problem).pairs.tolist()
    )


def test_prices_of_the_ties_prove_them_or_are_not_given() -> None:
    proven = 0
    for seed in range(7200, 7300):
        problem = random_problem(seed)
        found = solve(problem)
        report = verify(problem, found)
        assert report.violations == ()
        ties = {report.proofs["tie_waiting"], report.proofs["tie_hash"]}
        if found.ties is not None:
            assert "search" not in ties
            proven += 1
    assert proven > 50
