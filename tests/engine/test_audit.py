"""The check notices when what it weighs is not what the rows say, and what a count allows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import Policy, audit, match
from matchmaker.engine.proof.count import opened
from matchmaker.engine.proof.weigh import Block, Weighing
from matchmaker.engine.scale.found import NONE
from matchmaker.engine.scale.pool import Pool
from matchmaker.engine.scores import Pairs, scored
from matchmaker.engine.solve import solve
from tests.engine.markets import random_market
from tests.engine.test_verify import pair_problem


def fewer(pairs: Pairs) -> Pairs:
    return Pairs(pairs.person[1:], pairs.role[1:], pairs.score[1:])


def higher(pairs: Pairs) -> Pairs:
    return replace(pairs, score=pairs.score + 1)


@pytest.mark.parametrize("wrong", [fewer, higher])
def test_arrays_that_differ_from_the_rows_are_noticed(wrong, monkeypatch) -> None:
    result = match(random_market(3, 9, 6), Policy(floor=1))
    assert result.check().violations == ()
    monkeypatch.setattr(audit, "scored", lambda *asked: wrong(scored(*asked)))
    assert "scorers_disagree" in {fault.code for fault in result.check().violations}


@pytest.mark.parametrize(
    ("seats", "could"),
    [([2, 1], [True, True]), ([3, 1], [True, True]), ([4, 1], [False, True])],
)
def test_a_count_opens_what_has_people_enough(seats: list[int], could: list[bool]) -> None:
    problem = pair_problem(role_seats=np.array(seats))
    solution = replace(solve(problem), staffed=np.array([False, False]))
    weighing = Weighing(problem, solution)
    columns = problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash
    weighing.add(Block(*columns))
    assert opened(problem, solution, weighing).tolist() == could


def test_a_count_asks_people_enough_of_every_role() -> None:
    """Three people for three seats, but one alone for the two of the second role."""
    problem = pair_problem(
        need_group=np.array([0]),
        need_urgency=np.array([0]),
        role_need=np.array([0, 0]),
        role_seats=np.array([1, 2]),
        role_essential=np.array([True, True]),
        pair_person=np.array([0, 0, 1, 2]),
        pair_role=np.array([0, 1, 0, 0]),
        pair_score=np.array([5, 5, 5, 5]),
        pair_hash=np.array([1, 2, 3, 4]),
    )
    solution = solve(problem)
    weighing = Weighing(problem, solution)
    columns = problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash
    weighing.add(Block(*columns))
    assert opened(problem, solution, weighing).tolist() == [False]


def test_a_role_is_searched_again_when_one_left_behind_is_worth_one_more_than_its_price() -> None:
    none = np.zeros(0, dtype=np.int64)
    beyond = np.array([[500, 500, 500, 501, NONE], [9, 9, 10, 0, NONE], [3, 4, 0, 0, NONE]])
    pool = Pool(1, none, none, none, beyond)
    tolls = np.array([[500] * 5, [9] * 5, [3] * 5])
    may = pool.may_improve(tolls, np.ones(3, dtype=np.int64))
    assert may.tolist() == [False, True, True, True, False]
