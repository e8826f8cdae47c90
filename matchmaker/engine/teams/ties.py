"""Prices of the total score and of both tie levels together, read off the core's answers.

Levels are compared like words: a pair that falls short in score by one point may be worth any
number of waiting days. So a pair adds to the bound of all levels together only where its vector
(score, waiting, hash), less the prices it pays, is above zero at its first entry that is not zero;
it then adds the whole vector. Where the sum equals what the staffing reaches, no other seats
for these needs are better in score, nor equally good and better in waiting, nor in the hash.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.engine.arrays import distinct
from matchmaker.engine.core import Optimum
from matchmaker.engine.core.arcs import LARGEST
from matchmaker.engine.levels import measure, staffed_needs
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels, Prices
from matchmaker.engine.teams.seating import Seating, bonus

_MOST = 2**43  # of a price: sums of them stay exact


def tie_prices(
    seating: Seating, found: tuple[Optimum, ...], pairs: Ints, levels: Levels
) -> tuple[Prices, Prices, Prices] | None:
    """Prices of the score, of waiting and of the hash for the chosen ``pairs``; None if they do
    not prove all three. ``found``: the core's answers of the levels that are on, in order."""
    problem = seating.problem
    every = [_prices(seating, each, first=each is found[0]) for each in found]
    knots = np.array([price.once for price in every])
    every = [replace(p, once=once) for p, once in zip(every, _at_least_zero(knots), strict=True)]
    if levels.waiting:
        every[1] = _seated(seating, every[1])
    worth = _worth(problem, seating.usable, every, staffed_needs(problem, pairs), levels)
    values = measure(problem, pairs, levels)
    groups = distinct(problem.need_group[staffed_needs(problem, pairs)])
    waited = values["tie_waiting"] - int(problem.group_wait[groups].sum())
    reached = [values["total_score"], *([waited] if levels.waiting else []), values["tie_hash"]]
    if worth != reached or not all(_small(each) for each in every) or _below_zero(problem, every):
        return None
    score, *ties = (replace(p, bound=w) for p, w in zip(every, worth, strict=True))
    if not levels.waiting:
        ties = [_nothing(score), *ties]
    return score, ties[0], ties[1]


def _prices(seating: Seating, found: Optimum, *, first: bool) -> Prices:
    problem = seating.problem
    people, roles, needs = (
        len(each) for each in (problem.person_wait, problem.role_need, problem.need_group)
    )
    usable, count = seating.usable, max(needs, 1)
    held = np.bincount(problem.pair_person[usable], minlength=people) * seating.room > 0
    row, column = _near_zero(found.row_price), _near_zero(found.column_price)
    person = np.where(held, row[:people], 0)
    role = column[:roles] - first * bonus(problem) * problem.role_essential
    none = np.zeros(people, dtype=np.int64)
    return Prices(
        scale=1,
        person=person,
        role=np.where(np.bincount(problem.pair_role[usable], minlength=roles) > 0, role, 0),
        minute=none,
        long=none,
        need=np.zeros(needs, dtype=np.int64),
        once_person=seating.knot // count,
        once_need=seating.knot % count,
        once=row[people:] - person[seating.knot // count],
        bound=0,
        gap=0,
        seated=none,
    )


def plain_prices(seating: Seating) -> Prices:
    """The score prices of a seating, in whole points; what is below zero for nothing is 0."""
    found = _prices(seating, seating.found, first=True)
    optional = ~seating.problem.role_essential
    role = np.where(optional, np.maximum(found.role, 0), found.role)
    person = np.maximum(found.person, 0)
    return replace(found, person=person, role=role, once=np.maximum(found.once, 0))


def _small(prices: Prices) -> bool:
    return all((abs(each) < _MOST).all() for each in (prices.person, prices.role, prices.once))


def _below_zero(problem: Problem, every: list[Prices]) -> bool:
    """Whether a price that nothing has to pay for is below zero, all levels read as one."""
    person = np.array([each.person for each in every])
    role = np.array([each.role[~problem.role_essential] for each in every])
    return bool((_sign(person) < 0).any() or (_sign(role) < 0).any())


def _near_zero(price: Ints) -> Ints:
    """Prices of a tie level, without the great number by which the core parts ends that have to be
    full: added at one end of a pair and taken off at the other, it changes nothing."""
    return price - LARGEST * np.rint(price / LARGEST).astype(np.int64)


def _nothing(like: Prices) -> Prices:
    """Prices of a level that is off."""
    names = ("person", "role", "once")
    return replace(like, bound=0, **{name: np.zeros_like(getattr(like, name)) for name in names})


def _at_least_zero(vectors: Ints) -> Ints:
    """(levels, knots) vectors, 0 where the first entry that is not zero is below it."""
    return np.where(_sign(vectors) > 0, vectors, 0)


def _sign(vectors: Ints) -> Ints:
    """The sign of each column's first entry that is not zero."""
    sign = np.zeros(vectors.shape[1], dtype=np.int64)
    for row in vectors:
        sign = np.where(sign == 0, np.sign(row), sign)
    return sign


def _seated(seating: Seating, price: Prices) -> Prices:
    """Waiting counts once: the idle columns of somebody with several seats become a multiplier of
    the first one (0..wait) and a price of every seat."""
    problem = seating.problem
    wait, size = problem.person_wait, len(problem.person_wait)
    idle = (seating.pair < 0) & (seating.arcs.value == 0)
    several = (
        np.bincount(seating.arcs.row[idle], minlength=seating.arcs.row_capacity.size)[:size] > 0
    )
    full = (seating.found.row_price[:size] > 0) | (price.person > wait)
    person = np.where(several, np.where(full, price.person - wait, 0), price.person)
    seated = np.where(several, np.where(full, 0, wait - price.person), wait)
    return replace(price, person=person, seated=seated)


def _worth(
    problem: Problem, usable: Ints, every: list[Prices], staffed: Bools, levels: Levels
) -> list[int]:
    """The bounds that the prices prove together, level by level."""
    person, role = problem.pair_person[usable], problem.pair_role[usable]
    count = max(len(problem.need_group), 1)
    key = person * count + problem.pair_need[usable]
    values = [problem.pair_score[usable], problem.pair_hash[usable]]
    if levels.waiting:
        values.insert(1, every[1].seated[person])
    knot = every[0].once_person * count + every[0].once_need
    at = np.minimum(np.searchsorted(knot, key), max(len(knot) - 1, 0))
    left = np.array(
        [value - p.person[person] - p.role[role] for value, p in zip(values, every, strict=True)]
    )
    if len(knot):
        left -= np.array([np.where(knot[at] == key, p.once[at], 0) for p in every])
    counted = (_sign(left) > 0) | np.isin(usable, problem.pins)
    room, seats = seats_possible(problem, usable), problem.role_seats * staffed[problem.role_need]
    worth = [
        int(p.person @ room + p.role @ seats + p.once.sum() + row[counted].sum())
        for p, row in zip(every, left, strict=True)
    ]
    if levels.waiting:
        worth[1] += int(np.maximum(problem.person_wait - every[1].seated, 0).sum())
    return worth
