"""Guarantees, new employers and the worst-served need, each held against all staffings there are:
solved jointly, in the published order, never in passes that leave a promise to luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.problem import Guarantee, Problem
from matchmaker.engine.solution import Levels
from matchmaker.engine.solve import solve
from matchmaker.engine.verify import verify
from tests.engine.oracle import best_by_trying, objective
from tests.engine.problems import random_problem, side_by_side

FAVOURED = [
    Levels(),
    Levels(new_employers=True),
    Levels(worst_fit=True),
    Levels(new_employers=True, worst_fit=True),
    Levels(groups=False, urgency=False, new_employers=True),
    Levels(groups=False, needs=False, new_employers=True, worst_fit=True),
    Levels(groups=False, needs=False, worst_fit=True),
]


def favoured_problem(seed: int, promises: int) -> Problem:
    """A random round with new employers and promises to random groups that may overlap."""
    problem, rng = random_problem(seed), np.random.default_rng(seed)
    groups = len(problem.group_wait)
    promised = tuple(
        Guarantee(str(i), np.flatnonzero(rng.random(groups) < 0.5), int(rng.integers(1, 3)))
        for i in range(promises)
    )
    employer = rng.integers(-1, 3, len(problem.person_wait))
    return replace(problem, guarantees=promised, person_employer=employer)


@pytest.mark.parametrize("promises", [0, 1, 2])
@pytest.mark.parametrize("levels", FAVOURED, ids=str)
def test_what_a_policy_favours_is_the_best_of_all_staffings(levels: Levels, promises: int) -> None:
    names = objective(levels, guarantees=promises > 0)
    for seed in range(6000, 6012):
        problem = favoured_problem(seed, promises)
        best = best_by_trying(problem, levels)
        assert best is not None
        found = solve(problem, levels)
        assert {name: found.levels[name] for name in names} == {name: best[name] for name in names}
        assert list(found.bounds.items()) == [(name, best[name]) for name in names]
        assert verify(problem, found).violations == ()


@pytest.mark.parametrize("new_employers", [True, False])
def test_a_hope_that_nothing_can_meet_empties_no_round(new_employers: bool) -> None:
    """A promise to nobody, or employers that are all known, and nothing else is counted."""
    levels = Levels(groups=False, needs=False, new_employers=new_employers, worst_fit=True)
    promise = () if new_employers else (Guarantee("nobody", np.zeros(0, dtype=np.int64), 1),)
    for seed in range(6100, 6160):
        problem = replace(random_problem(seed), guarantees=promise)
        best = best_by_trying(problem, levels)
        assert best is not None
        found = solve(problem, levels)
        assert found.proven
        assert found.levels == {**found.levels, **{name: best[name] for name in found.bounds}}
        assert verify(problem, found).violations == ()


def test_a_promise_is_kept_where_more_groups_could_be_served_without() -> None:
    """One large need of the promised group takes both people that two other groups could have."""
    problem = Problem(
        person_capacity=np.array([1, 1]),
        person_minutes=np.array([300, 300]),
        person_wait=np.array([0, 0]),
        group_wait=np.array([0, 0, 0]),
        need_group=np.array([0, 1, 2]),
        need_urgency=np.array([2, 0, 0]),
        role_need=np.array([0, 1, 2]),
        role_seats=np.array([2, 1, 1]),
        role_essential=np.array([True, True, True]),
        role_minutes=np.array([60, 60, 60]),
        pair_person=np.array([0, 0, 1, 1]),
        pair_role=np.array([0, 1, 0, 2]),
        pair_score=np.array([100, 9_000, 100, 9_000]),
        pair_hash=np.array([1, 2, 3, 4]),
        pins=np.zeros(0, dtype=np.int64),
    )
    assert solve(problem).staffed.tolist() == [False, True, True]
    promised = replace(problem, guarantees=(Guarantee("first_time", np.array([0]), 1),))
    assert solve(promised).staffed.tolist() == [True, False, False]
    assert solve(promised).levels["guarantees_met"] == 1


def test_a_promise_that_cannot_be_kept_is_kept_as_far_as_it_goes() -> None:
    """More is promised than groups exist, and to groups nobody can help: no refusal."""
    for seed in range(6100, 6110):
        problem = side_by_side(random_problem(seed), random_problem(seed + 500))
        everybody = np.arange(len(problem.group_wait))
        promised = replace(problem, guarantees=(Guarantee("neighbourhood", everybody, 99),))
        plain, found = solve(problem), solve(promised)
        assert found.levels["guarantees_met"] == found.levels["groups_served"]
        assert found.pairs.tolist() == plain.pairs.tolist()
