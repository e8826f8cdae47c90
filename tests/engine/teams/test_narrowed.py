"""Questions that only narrow a solved round: the same answer, to the last pair, as a new solve, and
at small sizes as trying every staffing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.answers.again import with_pairs, with_people
from matchmaker.engine.problem import Guarantee, Problem
from matchmaker.engine.solution import Levels, Solution, no_pairs
from matchmaker.engine.solve import Near, solve
from matchmaker.engine.teams.packed import packed
from matchmaker.engine.verify import verify
from matchmaker.errors import Refusal
from tests.engine.oracle import best_by_trying, objective
from tests.engine.problems import Size, random_problem

SWITCHES = [Levels(), Levels(waiting=False), Levels(groups=False), Levels(urgency=False)]


def bound_round(seed: int, size: Size) -> Problem:
    """People of several seats and little time; now and then a promise or a limit that binds."""
    problem = random_problem(seed, size)
    rng = np.random.default_rng(seed)
    capacity = rng.integers(1, 4, len(problem.person_capacity))
    problem = replace(problem, person_capacity=capacity, pins=no_pairs())
    if seed % 3 == 0:
        members = np.flatnonzero(rng.random(len(problem.group_wait)) < 0.6)
        problem = replace(problem, guarantees=(Guarantee("some", members, 1),))
    return replace(problem, max_needs=size.needs // 2) if seed % 4 == 1 else problem


def narrower(problem: Problem, found: Solution, seed: int) -> tuple[Problem, list[int], list[int]]:
    """The problem with a seat away, another pair pinned, a need that must be staffed, or several
    of these; the pairs forbidden and the needs to be staffed."""
    rng = np.random.default_rng(seed)
    others = np.setdiff1d(np.arange(len(problem.pair_role)), found.pairs)
    away = rng.choice(found.pairs, 1).tolist() if seed % 2 else []
    if seed % 3 and len(others):
        problem = replace(problem, pins=np.unique(rng.choice(others, seed % 3)))
    staff = problem.role_need[problem.pair_role[rng.choice(len(problem.pair_role), 1)]]
    return problem, away, staff.tolist() if seed % 5 == 0 else []


def without(problem: Problem, away: list[int]) -> tuple[Problem, np.ndarray]:
    """The problem without some pairs, and where the others stood."""
    kept = np.setdiff1d(np.arange(len(problem.pair_role)), away)
    columns = ("pair_person", "pair_role", "pair_score", "pair_hash")
    fewer = {name: getattr(problem, name)[kept] for name in columns}
    return replace(problem, **fewer, pins=np.searchsorted(kept, problem.pins)), kept


def solved(
    problem: Problem, levels: Levels, near: Near | None, **asked: list[int]
) -> Solution | str:
    try:
        return solve(problem, levels, near=near, proofs=False, **asked)
    except Refusal as refused:
        return refused.code


def busy(problem: Problem, found: Solution, levels: Levels) -> Near:
    """A solved round, taken for one that the core alone does not answer."""
    near = Near(problem, replace(found, ties=None), levels)
    near.__dict__["by_core"] = False
    return near


@pytest.mark.parametrize("levels", SWITCHES, ids=str)
def test_a_narrowed_round_is_the_best_of_all_staffings(levels: Levels) -> None:
    used = 0
    for seed in range(9100, 9150):
        problem = bound_round(seed, Size(people=5, needs=5, roles=2, pairs=20))
        if not len(problem.pair_role) or not len((found := solve(problem, levels)).pairs):
            continue
        near = busy(problem, found, levels)
        asked, away, _ = narrower(problem, found, seed)
        fewer, place = without(asked, away)
        best, answer = best_by_trying(fewer, levels), solved(fewer, levels, near)
        assert near.footing is not None
        used += near.footing.best(fewer, no_pairs(), no_pairs()) is not None
        if isinstance(answer, str):
            assert best is None
            continue
        assert best is not None
        same = solved(asked, levels, near, forbid=away)
        assert isinstance(same, Solution)
        assert same.pairs.tolist() == place[answer.pairs].tolist()
        names = list(objective(levels, guarantees=bool(problem.guarantees)))
        assert [answer.levels[name] for name in names] == [best[name] for name in names], seed
    assert used > 10


def test_a_narrowed_round_is_the_same_as_one_solved_anew() -> None:
    used = 0
    for seed in range(9200, 9215):
        problem = bound_round(seed, Size(people=30, needs=20, roles=2, pairs=250))
        found = solve(problem)
        near = busy(problem, found, Levels())
        assert near.footing is not None
        for number in range(4):
            asked, away, staff = narrower(problem, found, 7 * seed + number)
            pairs = near.footing.best(asked, np.array(away, int), np.array(staff, int))
            cold = solved(asked, Levels(), None, forbid=away, staff=staff)
            warm = solved(asked, Levels(), near, forbid=away, staff=staff)
            if isinstance(cold, str) or isinstance(warm, str):
                assert warm == cold
                continue
            assert warm.pairs.tolist() == cold.pairs.tolist()
            assert warm.levels == cold.levels
            used += pairs is not None
    assert used > 25


def test_pairs_that_are_left_out_of_the_problem_are_the_same_as_forbidden_ones() -> None:
    problem = bound_round(9200, Size(people=30, needs=20, roles=2, pairs=250))
    found = solve(problem)
    near = busy(problem, found, Levels())
    fewer, kept = without(problem, found.pairs[:2].tolist())
    assert near.footing is not None
    pairs = near.footing.best(fewer, no_pairs(), no_pairs())
    assert pairs is not None
    assert kept[pairs].tolist() == solve(problem, forbid=found.pairs[:2].tolist()).pairs.tolist()


def test_a_round_that_differs_is_the_same_as_one_solved_anew() -> None:
    """Other scores, a newcomer, longer hours, one need more."""
    used = 0
    for seed in range(9250, 9258):
        problem = bound_round(seed, Size(people=30, needs=20, roles=2, pairs=250))
        near = busy(problem, solve(problem), Levels())
        start, rng = near.footing, np.random.default_rng(seed)
        assert start is not None
        others = [
            replace(problem, pair_score=rng.permutation(problem.pair_score)),
            replace(problem, person_minutes=problem.person_minutes + 60),
            replace(problem, person_capacity=np.maximum(problem.person_capacity - 1, 0)),
            with_newcomer(problem, rng),
        ]
        if problem.max_needs is not None:
            others.append(replace(problem, max_needs=problem.max_needs + 1))
        for other in others:
            cold, warm = solve(other), solve(other, near=near)
            assert warm.pairs.tolist() == cold.pairs.tolist()
            assert warm.levels == cold.levels
            assert verify(other, warm).violations == ()
            found = packed(other, Levels(), no_pairs(), no_pairs(), None, start)
            assert found is None or found.pairs.tolist() == cold.pairs.tolist()
            used += found is not None
    assert used > 22


def with_newcomer(problem: Problem, rng: np.random.Generator) -> Problem:
    roles = np.flatnonzero(rng.random(len(problem.role_need)) < 0.4)
    more = with_people(problem, np.array([2]), np.array([180]))
    known = np.full(len(roles), len(problem.person_wait))
    return with_pairs(more, known, roles, rng.integers(1, 10_001, len(roles)))


def test_the_worst_fit_is_raised_as_far_as_anew() -> None:
    raised = Levels(worst_fit=True)
    for seed in range(9270, 9290):
        problem = bound_round(seed, Size(people=12, needs=8, roles=2, pairs=70))
        found = solve(problem)
        near = busy(problem, found, Levels())
        cold, warm = solve(problem, raised, proofs=False), solve(problem, raised, near=near)
        assert warm.levels == cold.levels
        assert warm.pairs.tolist() == cold.pairs.tolist()
        assert verify(problem, warm).violations == ()


def test_what_widens_a_round_is_not_taken_for_narrower() -> None:
    problem = bound_round(9200, Size(people=30, needs=20, roles=2, pairs=250))
    near = busy(problem, solve(problem), Levels())
    more = replace(problem, person_minutes=problem.person_minutes + 60)
    higher = replace(problem, pair_score=np.minimum(problem.pair_score + 1, 10_000))
    assert near.footing is not None
    for other in (more, higher):
        assert near.footing.best(other, no_pairs(), no_pairs()) is None


def test_where_the_core_alone_answers_what_differs_is_asked_of_it_too() -> None:
    """Also where hours bind for a few, so that the tie levels have no prices."""
    few = 0
    for seed in range(9300, 9340):
        problem = bound_round(seed, Size(people=30, needs=8, roles=2, pairs=120))
        found = solve(problem)
        near = Near(problem, found)
        if near.by_core:
            assert near.footing is None
            few += found.ties is None
    assert few
