"""What a plain count says: the value of every level, and the most that could be had of it."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.proof.weigh import Weighing
from matchmaker.engine.solution import Solution

CLASSES = ("urgent_staffed", "important_staffed", "ordinary_staffed")


def values(problem: Problem, solution: Solution) -> dict[str, int]:
    """Every level's value, counted from the chosen pairs; those off by default only when claimed
    to be on."""
    chosen, groups = solution.pairs, np.unique(problem.need_group[solution.staffed])
    people = np.unique(problem.pair_person[chosen])
    found = _of_needs(problem, solution.staffed)
    if problem.reserves:
        found["reserved_seats"] = _reserved(problem, chosen)
    if "new_employers" in solution.levels:
        found["new_employers"] = _employers(problem, people)
    if "worst_fit" in solution.levels:
        found["worst_fit"] = _worst_fit(problem, chosen)
    waited = problem.person_wait[people].sum() + problem.group_wait[groups].sum()
    found |= {"seats_filled": len(chosen), "total_score": int(problem.pair_score[chosen].sum())}
    return found | {"tie_waiting": int(waited), "tie_hash": int(problem.pair_hash[chosen].sum())}


def ceilings(problem: Problem, solution: Solution, weighing: Weighing) -> dict[str, int]:
    """The most that a count allows each level of needs, given what those before it have won."""
    most = _of_needs(problem, opened(problem, solution, weighing))
    if (left := problem.max_needs) is not None:
        for name in ("groups_served", "needs_staffed"):
            most[name] = min(most[name], left)
        for name in CLASSES:
            most[name] = min(most[name], left)
            left -= solution.levels.get(name, 0)
    most["reserved_seats"] = sum(each.seats for each in problem.reserves)
    most["new_employers"] = _employers(problem, np.arange(len(problem.person_wait)))
    return most


def opened(problem: Problem, solution: Solution, weighing: Weighing) -> Bools:
    """(N,) needs that could be staffed as far as a count can tell: enough people for each
    essential role, enough different ones for all of them, anybody at all for optional roles."""
    need, must = problem.role_need, problem.role_essential
    possible = np.bincount(need, weighing.candidates, len(problem.need_group)) > 0
    possible[need[must & (weighing.candidates < problem.role_seats)]] = False
    team = np.bincount(need[must], problem.role_seats[must], len(problem.need_group))
    return (possible & (weighing.different >= team)) | solution.staffed


def _of_needs(problem: Problem, staffed: Bools) -> dict[str, int]:
    groups = np.unique(problem.need_group[staffed])
    found: dict[str, int] = {}
    if problem.guarantees:
        served = [int(np.isin(each.groups, groups).sum()) for each in problem.guarantees]
        kept = zip(problem.guarantees, served, strict=True)
        found["guarantees_met"] = sum(min(each.least, count) for each, count in kept)
    found |= {"groups_served": len(groups), "needs_staffed": int(staffed.sum())}
    urgency = np.bincount(problem.need_urgency[staffed], minlength=3).tolist()
    return found | dict(zip(CLASSES, urgency, strict=True))


def _reserved(problem: Problem, chosen: Ints) -> int:
    people, needs = problem.pair_person[chosen], problem.pair_need[chosen]
    kept = [each.holds(people, needs).sum() for each in problem.reserves]
    return sum(min(each.seats, int(n)) for each, n in zip(problem.reserves, kept, strict=True))


def _employers(problem: Problem, people: Ints) -> int:
    return int((np.unique(problem.person_employer[people]) >= 0).sum())


def _worst_fit(problem: Problem, chosen: Ints) -> int:
    need, score = problem.pair_need[chosen], problem.pair_score[chosen]
    must = problem.role_essential[problem.pair_role[chosen]]
    best = np.zeros(len(problem.need_group), dtype=np.int64)
    np.maximum.at(best, need, score)
    best[problem.role_need[problem.role_essential]] = 0
    return min([*score[must].tolist(), *best[best > 0].tolist()], default=0)
