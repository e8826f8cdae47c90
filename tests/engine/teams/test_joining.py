"""A need that joins the others by people who move on: there is such a staffing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.engine.answers.again import with_pairs, with_people
from matchmaker.engine.problem import Problem
from matchmaker.engine.solve import solve
from matchmaker.engine.teams.joining import joins
from matchmaker.errors import Refusal
from tests.engine.problems import Size
from tests.engine.teams.test_narrowed import bound_round


def eased(problem: Problem, need: int, seed: int) -> Problem:
    """A newcomer who could take any role of the need, and now and then shorter seats."""
    roles = np.flatnonzero(problem.role_need == need)
    known, scores = np.full(len(roles), len(problem.person_wait)), np.full(len(roles), 9_000)
    more = with_people(problem, np.array([1]), np.array([240]))
    if seed % 2:
        shorter = np.where(problem.role_need == need, 30, problem.role_minutes)
        more = replace(more, role_minutes=shorter)
    return with_pairs(more, known, roles, scores)


def all_staffed(problem: Problem, needs: np.ndarray) -> bool:
    try:
        return bool(solve(problem, staff=needs.tolist(), proofs=False).staffed[needs].all())
    except Refusal:
        return False


def test_a_need_that_joins_can_be_staffed_beside_all_others() -> None:
    found = missed = 0
    for seed in range(9300, 9360):
        problem = bound_round(seed, Size(people=9, needs=10, roles=2, pairs=80))
        problem = replace(problem, max_needs=None)
        if not len(problem.pair_role):
            continue
        base = solve(problem)
        for need in np.flatnonzero(~base.staffed).tolist():
            changed = eased(problem, need, seed + need)
            both = np.append(np.flatnonzero(base.staffed), need)
            joined = joins(changed, need, base, problem)
            assert not joined or all_staffed(changed, both)
            found += joined
            missed += not joined and all_staffed(changed, both)
    assert found > 15
    assert missed < found
