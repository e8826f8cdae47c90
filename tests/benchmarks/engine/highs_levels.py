"""The plain way to solve a round: one whole-number model, one ``milp`` call for each level.

A second, straightforward model, written against ``Problem`` alone; nothing is shared with the
engine's own solver. Levels: groups, urgent, important, ordinary needs, total score; no tie rule.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from matchmaker.engine.problem import Ints, Problem

LEVELS = ("groups_served", "urgent_staffed", "important_staffed", "ordinary_staffed", "total_score")


def levels_by_highs(problem: Problem, seconds: float) -> dict[str, int]:
    """Level → best value, each proven (gap 0) before the next. Raises ``TimeoutError`` when one
    level needs more than ``seconds``."""
    rows, most = _constraints(problem)
    goals = _goals(problem)
    best: dict[str, int] = {}
    for name, goal in goals.items():
        found = milp(
            -goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(rows, -np.inf, most),
            options={"mip_rel_gap": 0.0, "time_limit": seconds},
        )
        if found.status != 0:
            raise TimeoutError(f"{name}: {found.message}")
        best[name] = round(-found.fun)
        rows = vstack([rows, csr_array(-goal[None, :])], format="csr")
        most = np.append(most, -best[name])
    return best


def _goals(problem: Problem) -> dict[str, np.ndarray]:
    """Level → (variables,) what it adds up. Variables: pairs, then needs, then groups."""
    pairs, needs, groups = _sizes(problem)
    goals = {name: np.zeros(pairs + needs + groups) for name in LEVELS}
    goals["groups_served"][pairs + needs :] = 1
    for urgency, name in enumerate(LEVELS[1:4]):
        goals[name][pairs : pairs + needs] = problem.need_urgency == urgency
    goals["total_score"][:pairs] = problem.pair_score
    return goals


def _sizes(problem: Problem) -> tuple[int, int, int]:
    return len(problem.pair_role), len(problem.need_group), len(problem.group_wait)


def _constraints(problem: Problem) -> tuple[csr_array, np.ndarray]:
    """Rows and their upper limits."""
    pairs, needs, groups = _sizes(problem)
    every = np.arange(pairs)
    needs_at, groups_at = pairs + np.arange(needs), pairs + needs + np.arange(groups)
    twice = problem.pair_person * max(needs, 1) + problem.pair_need
    _, once = np.unique(twice, return_inverse=True)
    seats, roles = problem.role_seats, np.arange(len(problem.role_need))
    must = np.flatnonzero(problem.role_essential)
    blocks = [
        (problem.pair_person, every, np.ones(pairs), problem.person_capacity),
        (problem.pair_person, every, problem.pair_minutes, problem.person_minutes),
        (once, every, np.ones(pairs), np.ones(once.max(initial=-1) + 1)),
        (
            np.concatenate([problem.pair_role, roles]),
            np.concatenate([every, needs_at[problem.role_need]]),
            np.concatenate([np.ones(pairs), -seats]),
            np.zeros(len(roles)),
        ),
        (
            np.concatenate([problem.pair_role, must]),
            np.concatenate([every, needs_at[problem.role_need[must]]]),
            np.concatenate([-1.0 * problem.role_essential[problem.pair_role], seats[must]]),
            np.zeros(len(roles)),
        ),
        (  # a need counts only when somebody is seated, a group only when a need of it counts
            np.concatenate([problem.pair_need, np.arange(needs)]),
            np.concatenate([every, needs_at]),
            np.concatenate([-np.ones(pairs), np.ones(needs)]),
            np.zeros(needs),
        ),
        (
            np.concatenate([problem.need_group, np.arange(groups)]),
            np.concatenate([needs_at, groups_at]),
            np.concatenate([-np.ones(needs), np.ones(groups)]),
            np.zeros(groups),
        ),
    ]
    if problem.max_needs is not None:
        limit = np.array([problem.max_needs])
        blocks.append((np.zeros(needs, dtype=np.int64), needs_at, np.ones(needs), limit))
    matrices = [_rows(*block, pairs + needs + groups) for block in blocks]
    return vstack(matrices, format="csr"), np.concatenate([block[3] for block in blocks])


def _rows(row: Ints, column: Ints, factor: np.ndarray, most: np.ndarray, width: int) -> csr_array:
    return csr_array(coo_array((factor, (row, column)), shape=(len(most), width)))
