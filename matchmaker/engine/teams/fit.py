"""The worst fit raised as far as it goes, where each trial is a question to the core alone.

With a floor under the essential seats there are only fewer staffings. So the counting levels can be
kept under a floor exactly when the best round under it counts as much; and the best round under the
highest such floor is the one that is asked for, seat by seat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.levels import count_of, staffed_needs, worst_fit
from matchmaker.engine.linear.model import all_optional, live_pairs
from matchmaker.engine.problem import Ints
from matchmaker.engine.solution import Solution
from matchmaker.engine.teams.climb import Climb

Ask = Callable[[Climb], Solution | None]
Fewer = Callable[[Ints], bool]


@dataclass(frozen=True)
class Raised:
    """The best round under the highest floor; ``plain_total``: the total score without any."""

    solution: Solution
    plain_total: int


def raised(climb: Climb, ask: Ask, fewer: Fewer = lambda forbid: False) -> Raised | None:
    """The round of ``climb``, whose levels have the worst fit. ``ask`` answers a climb without that
    level, or says None where it is not so simple; then so does this. ``fewer``: whether it is
    certain that less is counted without these pairs."""
    problem, levels = climb.problem, replace(climb.levels, worst_fit=False)
    usable = np.flatnonzero(live_pairs(problem, climb.forbid))
    everything = staffed_needs(problem, usable)
    if all_optional(problem)[everything].any():
        return None
    known = ask(replace(climb, levels=levels, bounds={}, seconds={}))
    if known is None:
        return None
    best, least = known, count_of(problem, known.staffed, levels)
    essential = usable[problem.role_essential[problem.pair_role[usable]]]
    floors = np.unique(problem.pair_score[essential])
    fixed = np.intersect1d(problem.pins, essential)
    most = problem.pair_score[fixed].min(initial=10_000)
    floors = floors[(floors > worst_fit(problem, best.pairs)) & (floors <= most)]
    low, high = 0, len(floors)
    while low < high:
        middle = (low + high) // 2
        forbid = np.union1d(climb.forbid, _below(climb, int(floors[middle])))
        here = staffed_needs(problem, np.flatnonzero(live_pairs(problem, forbid)))
        if count_of(problem, here, levels) < least or fewer(forbid):
            high = middle
            continue
        found = ask(replace(climb, levels=levels, forbid=forbid, bounds={}, seconds={}))
        if found is None:
            return None
        emptied = known.staffed.any() and not found.staffed.any()
        if emptied or count_of(problem, found.staffed, levels) < least:
            high = middle
        else:
            reached = np.searchsorted(floors, worst_fit(problem, found.pairs), "right")
            best, low = found, max(int(reached), middle + 1)  # nobody staffed: no fit to speak of
    return Raised(best, known.levels["total_score"])


def _below(climb: Climb, floor: int) -> Ints:
    problem = climb.problem
    low = problem.pair_score < floor
    return np.flatnonzero(low & problem.role_essential[problem.pair_role])
