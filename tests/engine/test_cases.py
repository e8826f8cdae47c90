"""One table of cases for whole rounds: empty, degenerate, infeasible and extreme ones.

Each is answered by the solver, by trying every staffing, and by a second model of fillings, and
the checker must accept the answer. The table of plain assignments is in ``tests/engine/core``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchmaker.engine.solution import Levels, PinsRefused
from matchmaker.engine.solve import solve
from matchmaker.engine.verify import verify
from tests.engine.oracle import best_by_fillings, best_by_trying, objective
from tests.engine.test_verify import pair_problem

NOBODY = {
    "person_capacity": np.zeros(0, dtype=np.int64),
    "person_minutes": np.zeros(0, dtype=np.int64),
    "person_wait": np.zeros(0, dtype=np.int64),
}
NO_PAIRS = {name: np.zeros(0, dtype=np.int64) for name in ("pair_person", "pair_role")}
NO_PAIRS |= {name: np.zeros(0, dtype=np.int64) for name in ("pair_score", "pair_hash")}
NO_NEEDS = {
    "need_group": np.zeros(0, dtype=np.int64),
    "need_urgency": np.zeros(0, dtype=np.int64),
    "role_need": np.zeros(0, dtype=np.int64),
    "role_seats": np.zeros(0, dtype=np.int64),
    "role_essential": np.zeros(0, dtype=bool),
    "role_minutes": np.zeros(0, dtype=np.int64),
}
CASES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "nobody": NOBODY | NO_PAIRS,
    "no need": NO_NEEDS | NO_PAIRS,
    "nothing at all": NOBODY | NO_NEEDS | NO_PAIRS | {"group_wait": np.zeros(0, dtype=np.int64)},
    "no pair": NO_PAIRS,
    "no room": {"person_capacity": np.zeros(3, dtype=np.int64)},
    "no time": {"person_minutes": np.zeros(3, dtype=np.int64)},
    "seats that ask no time": {"role_minutes": np.array([0, 0])},
    "room for many": {"person_capacity": np.full(3, 2**16)},
    "too few for the team": {"role_seats": np.array([4, 1])},
    "far too few": {"role_seats": np.array([2**16, 2**16])},
    "no need may be staffed": {"max_needs": 0},
    "one need may be staffed": {"max_needs": 1},
    "everything equal": {"pair_score": np.full(6, 500), "pair_hash": np.full(6, 7)},
    "the least of everything": {"pair_score": np.ones(6, dtype=int), "pair_hash": np.zeros(6, int)},
    "the most of everything": {
        "pair_score": np.full(6, 10_000),
        "pair_hash": np.full(6, 2**20 - 1),
        "person_wait": np.full(3, 2**31),
        "group_wait": np.full(2, 2**31),
        "person_minutes": np.full(3, 7 * 24 * 60),
        "role_minutes": np.full(2, 7 * 24 * 60),
    },
    "a pin": {"pins": np.array([5])},
    "one group, one class": {"need_group": np.array([0, 0]), "need_urgency": np.array([1, 1])},
    "optional alone": {"role_essential": np.array([False, False])},
}
LEVELS = [Levels(), Levels(groups=False, needs=False, waiting=False), Levels(worst_fit=True)]


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_all_ways_give_the_same_levels(case: str, levels: Levels) -> None:
    problem = pair_problem(**CASES[case])
    found = solve(problem, levels)
    best = best_by_trying(problem, levels)
    assert best is not None
    names = objective(levels)
    assert [found.levels[name] for name in names] == [best[name] for name in names]
    assert found.proven
    assert verify(problem, found).violations == ()
    if not levels.worst_fit and not len(problem.pins):
        other = best_by_fillings(problem, levels)
        assert [other[name] for name in names] == [best[name] for name in names]


@pytest.mark.parametrize(
    "changes",
    [
        {"pins": np.array([0, 1])},
        {"pins": np.array([0]), "max_needs": 0},
        {"pins": np.array([0]), "role_seats": np.array([4, 1])},
        {"pins": np.array([0]), "person_capacity": np.array([0, 1, 1])},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    problem = pair_problem(**changes)
    assert best_by_trying(problem, Levels()) is None
    with pytest.raises(PinsRefused):
        solve(problem)


@pytest.mark.parametrize(
    "changes",
    [
        {"pair_score": np.array([0, 1, 1, 1, 1, 1])},
        {"pair_score": np.array([10_001, 1, 1, 1, 1, 1])},
        {"pair_score": np.array([np.nan, 1, 1, 1, 1, 1])},
        {"pair_score": np.array([np.inf, 1, 1, 1, 1, 1])},
        {"pair_score": np.array([2**63 - 1, 1, 1, 1, 1, 1])},
        {"pair_hash": np.array([2**20, 1, 1, 1, 1, 1])},
        {"pair_person": np.array([0, 0, 1, 1, 2, 3])},
        {"pair_person": np.array([1, 0, 0, 1, 2, 2])},
        {"pair_person": np.array([0, 0, 0, 1, 2, 2]), "pair_role": np.array([0, 1, 1, 1, 0, 1])},
        {"pair_role": np.array([0, -1, 0, 1, 0, 1])},
        {"role_seats": np.array([0, 1])},
        {"role_seats": np.array([2**16 + 1, 1])},
        {"person_capacity": np.array([-1, 1, 1])},
        {"person_wait": np.array([2**31 + 1, 0, 0])},
        {"person_minutes": np.array([7 * 24 * 60 + 1, 0, 0])},
        {"need_urgency": np.array([0, 3])},
        {"need_group": np.array([0, 2])},
        {"pins": np.array([6])},
        {"pair_hash": np.array([1, 2])},
        {"pair_score": np.ones((2, 3), dtype=int)},
    ],
)
def test_arrays_that_make_no_sense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((ValueError, OverflowError)):
        pair_problem(**changes)
