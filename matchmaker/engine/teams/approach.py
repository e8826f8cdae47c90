"""Where proving everything would take too long: a good staffing, and bounds that prices show.

A budget of questions takes the place of an exact search; nothing depends on a clock, so the answer
is the same on any machine. What is not proven is said as a gap, never hidden.

- *Which needs*: the questions of `staffing` and `choice`, a few of each; what cannot be seated
  then is left out.
- *Weekly hours*: the relaxation with whole bundles, up to a small distance, and of its pairs and
  bundles those that lose little. Where they do not seat everybody, people who are asked too much
  keep the seats that fit and bring most, the others are forbidden, until nobody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.core import Optimum
from matchmaker.engine.levels import score_level, staffed_needs
from matchmaker.engine.linear.highs import Space, search
from matchmaker.engine.linear.model import build
from matchmaker.engine.linear.people_rows import over_hours
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels, Prices
from matchmaker.engine.teams.choice import Choice
from matchmaker.engine.teams.packing import Packing
from matchmaker.engine.teams.prices import rounded_prices
from matchmaker.engine.teams.seating import Seating, plain, seat

_SETS = 4  # sets of needs that are seated
_NEAR = 5e-5  # of the total: how far bound and seats may be above and below it
_LOSS = 200  # points: what pairs lose at most to start with
_DIVES = 40


@dataclass(frozen=True)
class Approach:
    """``pairs``: a staffing that keeps every rule. ``seating``: the best seats of its needs, hours
    aside. ``prices``: where hours bind, those of its needs, on which the bounds rest."""

    pairs: Ints
    seating: Seating
    prices: Prices | None


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
    return _within_hours(problem, seating)


def _within_hours(problem: Problem, seating: Seating) -> Approach | None:
    """The needs of ``seating``, or most of them, with everybody's hours kept."""
    pairs: Ints | None = None
    if not len(problem.pins):  # bundles would have to hold them
        pairs, prices = _bundled(problem, seating)
        if pairs is not None:
            return Approach(pairs, seating, prices)
    if (pairs := _dive(problem, seating)) is None:
        return None
    staffed = staffed_needs(problem, pairs)
    usable = seating.usable[staffed[problem.pair_need[seating.usable]]]
    seating = seat(problem, usable, plain(seating.found, len(problem.role_need)))
    better, prices = _bundled(problem, seating)
    return Approach(pairs if better is None else better, seating, prices)


def _bundled(problem: Problem, seating: Seating) -> tuple[Ints | None, Prices | None]:
    """Good seats of the same needs within everybody's hours, if any are found, and the prices that
    bound the best ones."""
    usable = np.zeros(len(problem.pair_role), dtype=bool)
    usable[seating.usable] = True
    model = build(problem, usable, Levels(waiting=False), torn=False)
    low, first = model.low.copy(), len(model.pairs)
    low[:first] = 0.0
    low[first : first + len(model.needs)] = 1.0
    packing = Packing(problem, Space(model, low, model.high))
    packing.columns = seating.loss[model.pairs] <= _LOSS
    packing.columns[np.searchsorted(model.pairs, seating.pairs)] = True
    packing.bundle(over_hours(problem, seating.pairs))
    vector, about = score_level(problem, model).vector, problem.pair_score[seating.pairs].sum()
    found = packing.relax(vector, max(_NEAR * float(about), 1.0))
    if found is None or not found.filled:
        return None, None
    bundled = np.array(sorted(packing.bundled), dtype=np.int64)
    return _seats(problem, packing), rounded_prices(problem, model, found.price, bundled)


def _seats(problem: Problem, packing: Packing) -> Ints | None:
    """Good seats from the pairs and bundles that have joined."""
    model, listed = packing.model, packing.joined_so_far()
    vector = score_level(problem, model).vector @ listed.makes
    answer = search(listed.space, vector, gap=_NEAR)
    if answer.values is None:
        return None
    taken = (listed.makes @ answer.values)[: len(model.pairs)] > 0.5
    return ints(model.pairs[taken])


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


def _dive(problem: Problem, seating: Seating) -> Ints | None:
    """Seats that keep to everybody's hours, a need that cannot be seated then left out; None if
    pins do not allow it."""
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
