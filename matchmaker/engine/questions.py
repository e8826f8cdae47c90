"""Exact answers to "what if": one pair more or less, one need that ought to be staffed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from matchmaker.engine.core import Optimum
from matchmaker.engine.levels import (
    count_of,
    favoured_levels,
    hash_level,
    measure,
    score_level,
    staffed_needs,
    waiting_level,
)
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.linear.people_rows import over_hours
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels, Solution, no_pairs
from matchmaker.engine.solve import DEFAULT, at_once
from matchmaker.engine.teams.climb import Climb
from matchmaker.engine.teams.contested import Contest
from matchmaker.engine.teams.joining import joins
from matchmaker.engine.teams.seating import earlier, seat


@dataclass(frozen=True)
class Staffing:
    """``possible``: some staffing includes the need. ``better``: the best staffing includes it."""

    possible: bool
    better: bool


def forced(problem: Problem, pair: int) -> Problem:
    """``problem`` with one more pin; the numbering of pairs stays."""
    return replace(problem, pins=np.unique(np.append(problem.pins, pair)))


def can_staff(
    changed: Problem,
    need: int,
    base: Solution,
    levels: Levels = DEFAULT,
    *,
    base_problem: Problem | None = None,
) -> Staffing:
    """Whether ``need``, left out by ``base``, is staffed once its own demands are ``changed``.

    ``changed`` differs from the problem of ``base`` only in what concerns ``need``: more pairs for
    its roles, roles made optional, fewer seats or minutes. Then every staffing without the need
    was open to ``base`` too, and it is enough to know whether the best one with it outranks
    ``base``. Needs, roles and people keep their numbers; pairs may be renumbered. With
    ``base_problem`` a quick test comes first: people with time to spare might fill the need.
    Exact; cost: nothing, one search, or as many as there are levels.
    """
    live = live_pairs(changed, no_pairs())
    alone = _fills(changed, need, np.flatnonzero(live & (changed.pair_need == need)))
    if not alone or changed.max_needs == 0:
        return Staffing(False, False)
    free = not len(changed.pins)  # then the need by itself is a staffing
    near = None
    if base_problem is not None:
        if spare_people_fill(changed, need, base, base_problem, levels):
            return Staffing(True, True)
        told = rivals(changed, live, need, base, base_problem, levels)
        near = earlier(changed, base_problem, base)
        if told and told.more:
            if _seats(changed, live, told.sets[0], near):
                return Staffing(True, True)
        elif told and max(told.worth, default=-1) < base.levels["total_score"]:
            return Staffing(True, False)
        if _room_for_one_more(changed, base, levels) and joins(changed, need, base, base_problem):
            return Staffing(True, True)
    climb = Climb(changed, levels, no_pairs(), np.array([need]), known=near)
    if quick := at_once(climb, proofs=False):
        return Staffing(True, quick.rank() > base.rank())
    if not (climb.begin() and climb.count(floor=base.levels if free else None)):
        return Staffing(free, False)
    return Staffing(True, _outranks(climb, base))


@dataclass(frozen=True)
class Rivals:
    """The ``sets`` of needs with one more need that may count as much as a round does, and what
    each can be ``worth`` at the round's prices; without any, none counts as much. With ``more``,
    people may suffice for the first of them, which counts more."""

    sets: list[Bools]
    worth: list[int]
    more: bool


def rivals(
    changed: Problem, live: Bools, need: int, base: Solution, before: Problem, levels: Levels
) -> Rivals | None:
    """What crowds and prices alone say of the sets with ``need`` beside ``base``, which solved the
    problem ``before``; None where they do not tell."""
    usable, must = np.flatnonzero(live), np.arange(len(base.staffed)) == need
    contest = Contest(changed, levels, usable, staffed_needs(changed, usable), must)
    priced = base.prices.scale == 1 and not len(changed.pins)
    if not priced or levels.worst_fit or levels.new_employers or not contest.simple:
        return None
    if not contest.learn(_carried(before, changed, base.pairs), contest.everything):
        return Rivals([base.staffed | must], [], more=True)
    sets, least = contest.sets(), count_of(before, base.staffed, levels)
    if not sets:
        return None
    most = count_of(changed, sets[0], levels)
    sets = sets if most >= least else []
    return Rivals(sets, contest.worth(base.prices.person, sets), more=most > least)


def _seats(problem: Problem, live: Bools, staffed: Bools, near: Optimum | None) -> bool:
    """Whether people enough are found for all of the needs ``staffed``, within their hours."""
    usable = np.flatnonzero(live & staffed[problem.pair_need])
    seating = seat(problem, usable, near, lean=True)
    return seating.fills(staffed) and not len(over_hours(problem, seating.pairs))


def _carried(before: Problem, changed: Problem, pairs: Ints) -> Ints:
    """Where the ``pairs`` of the problem before stand in the changed one."""
    width = len(changed.role_need)
    key = changed.pair_person * width + changed.pair_role
    return np.searchsorted(key, before.pair_person[pairs] * width + before.pair_role[pairs])


def _outranks(climb: Climb, base: Solution) -> bool:
    """Whether the climb ends above ``base``; it stops at the first level that decides."""
    order = [name for name in base.bounds if name in climb.bounds]
    verdict = _compare(climb, base, order)
    for level in favoured_levels(climb.problem, climb.space.model, climb.levels):
        if verdict is None:
            if not climb.win(level, base.levels[level.name]):
                return False
            verdict = _compare(climb, base, [level.name])
    if verdict is None and climb.levels.worst_fit:
        climb.fit()
        verdict = _compare(climb, base, ["worst_fit"])
    later = [score_level, waiting_level, hash_level]
    for level_of in later if climb.levels.waiting else [score_level, hash_level]:
        if verdict is None:
            level = level_of(climb.problem, climb.space.model)
            if not climb.win(level, base.levels[level.name]):
                return False
            verdict = _compare(climb, base, [level.name])
    return bool(verdict)


def _compare(climb: Climb, base: Solution, names: list[str]) -> bool | None:
    values = measure(climb.problem, climb.pairs, climb.levels)
    for name in names:
        if values[name] != base.levels[name]:
            return values[name] > base.levels[name]
    return None


def _room_for_one_more(changed: Problem, base: Solution, levels: Levels) -> bool:
    """Whether a need staffed beside those of ``base`` makes a better staffing."""
    most = changed.max_needs
    return levels.needs and (most is None or int(base.staffed.sum()) < most)


def spare_people_fill(
    changed: Problem, need: int, base: Solution, before: Problem, levels: Levels
) -> bool:
    """Whether people with capacity and minutes left over in ``base``, which solved the problem
    ``before``, fill the essential seats of ``need`` while everybody else stays: one more need, so a
    better staffing. Of ``changed`` only the pairs of ``need`` are looked at."""
    if not _room_for_one_more(changed, base, levels):
        return False
    person = before.pair_person[base.pairs]
    size = len(before.person_capacity)
    room = changed.person_capacity - np.bincount(person, minlength=size)
    minutes = changed.person_minutes - np.bincount(
        person, weights=before.pair_minutes[base.pairs], minlength=size
    )
    usable = (
        (changed.pair_need == need)
        & (room[changed.pair_person] > 0)
        & (changed.pair_minutes <= minutes[changed.pair_person])
    )
    return _fills(changed, need, np.flatnonzero(usable))


def _fills(problem: Problem, need: int, pairs: Ints) -> bool:
    """Whether ``pairs`` contain enough different people for the essential seats of ``need``."""
    roles = np.flatnonzero((problem.role_need == need) & problem.role_essential)
    if not len(roles):
        return len(pairs) > 0
    seat_role = np.repeat(roles, problem.role_seats[roles])
    if len(seat_role) == 1:
        return bool((problem.pair_role[pairs] == seat_role).any())
    fits = problem.pair_role[pairs][:, None] == seat_role
    pair, seat = np.nonzero(fits)
    people = problem.pair_person[pairs][pair]
    shape = (len(problem.person_capacity), len(seat_role))
    graph = csr_array((np.ones(len(pair)), (people, seat)), shape=shape)
    return bool((maximum_bipartite_matching(graph, perm_type="row") >= 0).all())
