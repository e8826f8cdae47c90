"""What the team of an open need has to bring at least where the limit on new projects is reached.

Under the limit a need joins only if another one stays away. The round is solved once more with the
need staffed at nobody's expense, by a stranger who brings almost nothing. Whatever changes about
the need:

- a staffing with it cannot count more than that round, and its total is at most that round's and
  the scores of the need's own team: what falls short of the round without the need is refused;
- people with time to spare in that round who make a team are a staffing with the need: what
  comes out above the round without it is certain.

Both are sums of a few scores. What neither tells has to be solved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from matchmaker.engine.answers.again import again, with_pairs, with_people
from matchmaker.engine.arrays import ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.shapes import Needs
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.scores import Pairs
from matchmaker.engine.solution import COUNTED
from matchmaker.engine.solve import Near, simple
from matchmaker.errors import Refusal

_NEVER = -(2**40)  # of somebody who may not have a seat


@dataclass(frozen=True)
class Hurdle:
    """``need`` joins where its team brings more than ``least``, not where it brings less: endless
    where it would count less than the round does, below everything where it would count more.
    ``room``, ``minutes`` (P,): what people have left beside the other needs."""

    need: int
    least: float
    room: Ints
    minutes: Ints

    def verdict(
        self, pairs: Pairs, needs: Needs, newcomers: Sequence[int], score: int
    ) -> bool | None:
        """Whether the best staffing includes the need, changed as in ``needs``, with a team from
        ``pairs`` and ``newcomers``: roles to which each of them brings ``score``. None where only
        solving tells."""
        roles, new = np.flatnonzero(needs.role_need == self.need), ints(newcomers)
        person = np.append(pairs.person, len(self.room) + np.arange(len(new)))
        role = np.append(pairs.role, new)
        scores = np.append(pairs.score, np.full(len(new), score))
        most = 0
        for each in roles.tolist():
            most += int(np.sort(scores[role == each])[::-1][: needs.role_seats[each]].sum())
        if most < self.least:
            return False
        room = np.append(self.room, np.ones_like(new))
        minutes = np.append(self.minutes, needs.role_minutes[new])
        free = (room[person] > 0) & (needs.role_minutes[role] <= minutes[person])
        must = roles[needs.role_essential[roles]]
        seats = np.repeat(must, needs.role_seats[must])
        team = _team(Pairs(person, role, scores).only(free), seats)
        return True if team > self.least else None


def _team(pairs: Pairs, seats: Ints) -> float:
    """The best total for ``seats``, given by their roles; below everything where not all of them,
    or none, are filled."""
    people, at = np.unique(pairs.person, return_inverse=True)
    worth = np.full((len(seats), len(people)), _NEVER)
    for seat, role in enumerate(seats.tolist()):
        mine = pairs.role == role
        worth[seat, at[mine]] = pairs.score[mine]
    chosen = worth[linear_sum_assignment(worth, maximize=True)]
    filled = len(seats) and len(chosen) == len(seats) and chosen.min() > _NEVER
    return float(chosen.sum()) if filled else -math.inf


def hurdle_of(outcome: Outcome, need: int, known: Near) -> Hurdle | None:
    """The hurdle of a need that ``outcome`` leaves open; None where no limit is reached or levels
    favour somebody. ``known``: a round solved before that differs little."""
    problem, base, levels = outcome.problem, outcome.solution, outcome.snapshot.policy.levels
    limited = problem.max_needs is not None and int(base.staffed.sum()) >= problem.max_needs
    if not limited or base.staffed[need] or not base.proven or not simple(problem, levels):
        return None
    free = _at_no_expense(problem, need)
    try:
        most = again(outcome, free, staff=(need,), known=known).solution
    except Refusal:  # pins leave no room for it
        nobody = np.zeros_like(problem.person_capacity)
        return Hurdle(need, math.inf, nobody, nobody)
    if not most.proven:
        return None
    person, asked = free.pair_person[most.pairs], free.pair_minutes[most.pairs]
    room = free.person_capacity - np.bincount(person, minlength=len(free.person_capacity))
    taken = np.zeros_like(free.person_minutes)
    np.add.at(taken, person, asked)
    left = ints(room[:-1]), ints((free.person_minutes - taken)[:-1])
    for name in COUNTED:
        lacks = base.levels.get(name, 0) - most.levels.get(name, 0)
        if name in base.bounds and lacks:
            return Hurdle(need, math.copysign(math.inf, lacks), *left)
    return Hurdle(need, base.levels["total_score"] - (most.levels["total_score"] - 1), *left)


def _at_no_expense(problem: Problem, need: int) -> Problem:
    """``problem`` where a stranger, who brings one point, can staff ``need``, and nobody else."""
    mine, role = problem.pair_need == need, int(np.flatnonzero(problem.role_need == need)[0])
    fewer = replace(
        problem,
        pair_person=problem.pair_person[~mine],
        pair_role=problem.pair_role[~mine],
        pair_score=problem.pair_score[~mine],
        pair_hash=problem.pair_hash[~mine],
        role_essential=problem.role_essential & (problem.role_need != need),
        pins=ints(problem.pins - np.cumsum(mine)[problem.pins]),
    )
    padded = with_people(fewer, ints([1]), problem.role_minutes[[role]])
    return with_pairs(padded, ints([len(problem.person_wait)]), ints([role]), ints([1]))
