"""Where proving everything would take too long: a good staffing, and bounds that prices show.

A budget of questions takes the place of an exact search; nothing depends on a clock, so the answer
is the same on any machine. What is not proven is said as a gap, never hidden.

- *Which needs*: the questions of `staffing` and `choice`, a few of each; what cannot be seated
  then is left out.
- *Weekly hours*: prices of minutes, moved where too much or too little is asked of somebody
  (subgradients), bound the total; at these prices few people are asked too much, and of their seats
  those are kept that fit and bring most, the others forbidden, until nobody is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from matchmaker.engine.choice import Choice
from matchmaker.engine.core import Optimum
from matchmaker.engine.people_rows import over_hours
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.seating import Seating, plain, seat
from matchmaker.engine.solution import Prices

_SETS = 4  # sets of needs that are seated
_STEPS = 24  # of the prices of minutes
_FIRST, _SHRINK = 400.0, 0.85  # points: how far the first step moves a price, and each after it
_DIVES = 40


@dataclass(frozen=True)
class Minutes:
    """Prices of people's minutes: (P,) points for each ``unit`` minutes, and for the one seat of
    more than half of the minutes offered."""

    unit: int
    each: Ints
    long: Ints


@dataclass(frozen=True)
class Approach:
    """``pairs``: a staffing that keeps every rule. ``seating``: the best seats of its needs at the
    prices of ``minutes``, on which the bounds rest."""

    pairs: Ints
    seating: Seating
    minutes: Minutes | None


def at_minutes(prices: Prices, minutes: Minutes | None) -> Prices:
    """``prices`` of whole points with those of ``minutes`` beside them."""
    if minutes is None:
        return prices
    unit = minutes.unit
    return replace(
        prices,
        scale=unit,
        person=prices.person * unit,
        role=prices.role * unit,
        once=prices.once * unit,
        minute=minutes.each,
        long=minutes.long * unit,
    )


def approach(problem: Problem, usable: Ints, sets: Choice | Bools) -> Approach | None:
    """A good staffing from the pairs at ``usable``: of as many as possible of the needs (N,) given,
    or of the best of a few sets of a choice; None where pins do not let any be found."""
    seating = _of_choice(problem, usable, sets) if isinstance(sets, Choice) else None
    if isinstance(sets, np.ndarray):
        wanted = usable[sets[problem.pair_need[usable]]]
        seating = _filled(problem, seat(problem, wanted), sets)
    if seating is None:
        return None
    if not len(over_hours(problem, seating.pairs)):
        return Approach(seating.pairs, seating, None)
    priced, minutes = _minute_prices(problem, seating)
    pairs = _dive(problem, priced)
    return None if pairs is None else Approach(pairs, priced, minutes)


def _of_choice(problem: Problem, usable: Ints, sets: Choice) -> Seating | None:
    """The best seats of the first few sets."""
    best: Seating | None = None
    near: Optimum | None = None
    for _ in range(_SETS):
        found = sets.next()
        if found is None or (best is not None and found[0] <= _total(best)):
            break
        seating = seat(problem, usable[found[1][problem.pair_need[usable]]], near)
        near = plain(seating.found, len(problem.role_need))
        if seating.fills(found[1]):
            sets.learn(seating)
            best = max(best or seating, seating, key=_total)
    return best


def _filled(problem: Problem, seating: Seating, wanted: Bools) -> Seating | None:
    """The best seats of those needs that ``seating`` fills; None if it does not hold the pins."""
    while not seating.fills(wanted):
        pairs, usable = seating.pairs, seating.usable
        if not np.isin(problem.pins, pairs).all():
            return None
        filled = np.bincount(problem.pair_role[pairs], minlength=len(problem.role_need))
        short = problem.role_essential & (filled < problem.role_seats)
        wanted = wanted & (np.bincount(problem.pair_need[pairs], minlength=len(wanted)) > 0)
        wanted[problem.role_need[short]] = False
        usable = usable[wanted[problem.pair_need[usable]]]
        seating = seat(seating.problem, usable, plain(seating.found, len(filled)))
    return seating


def _total(seating: Seating) -> int:
    return int(seating.problem.pair_score[seating.pairs].sum())


def _minute_prices(problem: Problem, seating: Seating) -> tuple[Seating, Minutes]:
    """The prices of minutes under which the seats of the same needs bound the total best."""
    usable, people = seating.usable, len(problem.person_wait)
    asked = problem.role_minutes[problem.role_minutes > 0]
    unit = int(np.gcd.reduce(asked)) if len(asked) else 1
    each, long = np.zeros(people), np.zeros(people)
    least, best = None, None
    step = _FIRST
    for _ in range(_STEPS):
        minutes = Minutes(unit, _whole(each), _whole(long))
        priced = _at_prices(problem, minutes)
        near = plain(seating.found, len(problem.role_need))
        seating = seat(priced, usable, near)
        bound = _bound(problem, seating, minutes)
        if least is None or bound < least:
            least, best = bound, (seating, minutes)
        pairs = seating.pairs
        person = problem.pair_person[pairs]
        used = np.bincount(person, problem.pair_minutes[pairs] / unit, people)
        over = used - problem.person_minutes / unit
        longs = np.bincount(person, _is_long(problem)[pairs], people)
        moving = ((over > 0) | (each > 0)) & (longs <= 1)
        each = np.maximum(each + step / 8 * np.clip(over, -4, 4) * moving, 0)
        moving = (longs > 1) | (long > 0)
        long = np.maximum(long + 2 * step * np.sign(longs - 1) * moving, 0)
        step *= _SHRINK
    assert best is not None
    return best


def _at_prices(problem: Problem, minutes: Minutes) -> Problem:
    """The same problem where a pair is worth its score less what its minutes cost, at least 1."""
    person = problem.pair_person
    cost = minutes.each[person] * (problem.pair_minutes // minutes.unit)
    cost = cost + minutes.long[person] * _is_long(problem)
    return replace(problem, pair_score=np.maximum(problem.pair_score - cost, 1))


def _is_long(problem: Problem) -> Bools:
    """(K,) seats of more than half of the minutes that the person offers."""
    return np.asarray(2 * problem.pair_minutes > problem.person_minutes[problem.pair_person])


def _bound(problem: Problem, seating: Seating, minutes: Minutes) -> float:
    worth = seating.problem.pair_score[seating.pairs].sum() + minutes.long.sum()
    return float(worth + minutes.each @ problem.person_minutes / minutes.unit)


def _whole(values: np.ndarray) -> Ints:
    return np.asarray(np.rint(values), dtype=np.int64)


def _dive(problem: Problem, seating: Seating) -> Ints | None:
    """Seats at the prices of ``seating`` that keep to everybody's hours, a need that cannot be
    seated then left out; None if pins do not allow it."""
    for _ in range(_DIVES):
        pairs, usable = seating.pairs, seating.usable
        busy = over_hours(problem, pairs)
        if not len(busy):
            return pairs
        wanted = np.bincount(problem.pair_need[pairs], minlength=len(problem.need_group)) > 0
        usable = usable[~np.isin(usable, _too_much(problem, seating, usable, busy))]
        near = plain(seating.found, len(problem.role_need))
        narrowed = _filled(problem, seat(seating.problem, usable, near), wanted)
        if narrowed is None:
            return None
        seating = narrowed
    return None


def _too_much(problem: Problem, seating: Seating, usable: Ints, busy: Ints) -> Ints:
    """Pairs of ``busy`` people that do not fit beside the seats which bring most and fit."""
    minutes, worth, pairs = problem.pair_minutes, seating.problem.pair_score, seating.pairs
    left = problem.person_minutes.copy()
    kept: list[int] = []
    held = pairs[np.isin(problem.pair_person[pairs], busy)]
    held = held[np.argsort(problem.pair_person[held], kind="stable")]
    first = np.flatnonzero(np.diff(problem.pair_person[held])) + 1
    for group in np.split(held, first):
        person, mine = int(problem.pair_person[group[0]]), group.tolist()
        fitting = [
            some
            for size in range(len(mine))
            for some in combinations(mine, size)
            if minutes[list(some)].sum() <= left[person]
        ]
        best = max(fitting, key=lambda some: (int(worth[list(some)].sum()), some))
        kept += best
        left[person] -= minutes[list(best)].sum()
    mine = usable[np.isin(problem.pair_person[usable], busy)]
    return mine[(minutes[mine] > left[problem.pair_person[mine]]) & ~np.isin(mine, kept)]
