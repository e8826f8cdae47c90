"""verify accepts what the solver found and names every forgery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import Levels, Solution
from matchmaker.engine.solve import solve
from matchmaker.engine.verify import verify
from tests.engine.problems import Size, random_problem


def pair_problem(**changes: Any) -> Problem:
    """Three people, a need of two essential seats in one role and a need of one optional seat."""
    whole: dict[str, Any] = {
        "person_capacity": np.array([1, 1, 1]),
        "person_minutes": np.array([120, 120, 120]),
        "person_wait": np.array([5, 0, 0]),
        "group_wait": np.array([0, 7]),
        "need_group": np.array([0, 1]),
        "need_urgency": np.array([0, 2]),
        "role_need": np.array([0, 1]),
        "role_seats": np.array([2, 1]),
        "role_essential": np.array([True, False]),
        "role_minutes": np.array([60, 60]),
        "pair_person": np.array([0, 0, 1, 1, 2, 2]),
        "pair_role": np.array([0, 1, 0, 1, 0, 1]),
        "pair_score": np.array([500, 1000, 400, 800, 300, 100]),
        "pair_hash": np.array([1, 2, 3, 4, 5, 6]),
        "pins": np.zeros(0, dtype=np.int64),
    }
    return Problem(**(whole | changes))


@pytest.fixture
def problem() -> Problem:
    return pair_problem()


@pytest.fixture
def solution(problem: Problem) -> Solution:
    return solve(problem)


def codes(problem: Problem, solution: Solution) -> set[str]:
    return {violation.code for violation in verify(problem, solution).violations}


def test_the_best_staffing_is_accepted_with_its_proofs(
    problem: Problem, solution: Solution
) -> None:
    assert solution.pairs.tolist() == [1, 2, 4]
    report = verify(problem, solution)
    assert report.violations == ()
    assert report.proofs["staffed_set"] == report.proofs["groups_served"] == "count"
    assert report.proofs["total_score"] == "prices"
    assert report.proofs["tie_waiting"] == report.proofs["tie_hash"] == "prices"


def test_a_forged_person_is_found(problem: Problem, solution: Solution) -> None:
    assert codes(problem, replace(solution, pairs=np.array([0, 2, 5]))) >= {"level_differs"}
    assert codes(problem, replace(solution, pairs=np.array([0, 1, 2]))) >= {
        "capacity_exceeded",
        "level_differs",
    }
    assert codes(problem, replace(solution, pairs=np.array([0, 5]))) >= {"essential_seat_empty"}


def test_a_worse_team_with_honest_figures_fails_its_prices(
    problem: Problem, solution: Solution
) -> None:
    """Persons 0 and 2 swapped: every level is counted truly, yet the total is not the best."""
    worse = replace(
        solution,
        pairs=np.array([0, 2, 5]),
        levels=solution.levels | {"total_score": 1000, "tie_hash": 10},
    )
    assert codes(problem, worse) == {"price_gap_differs"}
    hidden = replace(solution.prices, bound=1000, gap=0)
    assert codes(problem, replace(worse, prices=hidden)) == {"price_bound_differs"}


@pytest.mark.parametrize("level", ["groups_served", "urgent_staffed", "total_score", "tie_hash"])
def test_a_forged_level_is_found(problem: Problem, solution: Solution, level: str) -> None:
    forged = solution.levels | {level: solution.levels[level] + 1}
    assert "level_differs" in codes(problem, replace(solution, levels=forged))


def test_a_forged_score_is_found(problem: Problem, solution: Solution) -> None:
    scores = problem.pair_score.copy()
    scores[1] += 1
    assert "level_differs" in codes(replace(problem, pair_score=scores), solution)


@pytest.mark.parametrize("field", ["person", "role", "minute", "long", "need"])
def test_a_forged_price_is_found(problem: Problem, solution: Solution, field: str) -> None:
    for change in (-1000, 1000):
        prices = getattr(solution.prices, field).copy()
        prices[0] += change
        forged = replace(solution, prices=replace(solution.prices, **{field: prices}))
        wrong = {"price_below_zero", "price_bound_differs", "price_of_nothing"}
        assert codes(problem, forged) & wrong


def test_prices_too_large_for_whole_numbers_are_refused(
    problem: Problem, solution: Solution
) -> None:
    prices = replace(solution.prices, person=np.full(3, 2**62))
    report = verify(problem, replace(solution, prices=prices))
    assert report.violations[0].params == {"part": "prices"}


def test_prices_of_another_shape_are_refused(problem: Problem, solution: Solution) -> None:
    for field in ("person", "role", "need", "once_person", "once_need"):
        longer = np.append(getattr(solution.prices, field), 0)
        forged = replace(solution, prices=replace(solution.prices, **{field: longer}))
        assert codes(problem, forged) == {"malformed"}


def test_a_bound_below_the_value_is_found(problem: Problem, solution: Solution) -> None:
    forged = replace(solution, bounds=solution.bounds | {"groups_served": 1})
    assert codes(problem, forged) == {"bound_below_value"}


@pytest.mark.parametrize("pairs", [[0, 0], [-1], [99], [[1], [2]]])
def test_pairs_that_are_no_pairs(problem: Problem, solution: Solution, pairs: list[Any]) -> None:
    assert codes(problem, replace(solution, pairs=np.array(pairs))) == {"malformed"}


def test_each_constraint_is_checked(solution: Solution) -> None:
    cases = {
        "minutes_exceeded": {"person_minutes": np.array([30, 120, 120])},
        "capacity_exceeded": {"person_capacity": np.array([0, 1, 1])},
        "too_many_in_role": {"role_seats": np.array([1, 1])},
        "essential_seat_empty": {"role_seats": np.array([3, 1])},
        "too_many_needs": {"max_needs": 1},
        "pin_not_held": {"pins": np.array([0])},
    }
    for code, change in cases.items():
        assert code in codes(pair_problem(**change), solution)


def test_two_seats_of_one_person_in_one_need() -> None:
    problem = pair_problem(need_group=np.array([0, 1]), person_capacity=np.array([2, 1, 1]))
    joined = replace(problem, role_need=np.array([0, 0]))
    forged = replace(solve(problem), pairs=np.array([0, 1, 2]), staffed=np.array([True, False]))
    assert "two_seats_in_one_need" in codes(joined, forged)


def test_one_random_person_less_or_more_never_passes() -> None:
    changed = 0
    for seed in range(40):
        problem = random_problem(seed, Size(people=8, needs=5, pairs=30))
        solution = solve(problem, Levels(worst_fit=seed % 2 == 0))
        for pair in range(len(problem.pair_role)):
            forged = np.setxor1d(solution.pairs, [pair])
            assert verify(problem, replace(solution, pairs=forged)).violations
            changed += 1
    assert changed > 500
