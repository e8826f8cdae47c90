"""Why no other set of needs is better: what prices say of every set at once, and no solver.

For each level a few whole numbers bound what any set of needs can reach, given the levels before
it. A level that counts needs or groups becomes a sum over groups once these are added to it:

- what people are worth: at prices of people, a need brings at most its best team beyond them; who
  chooses among bundles brings the price of the role, and is worth the best bundle beyond these;
- each *shortage* (some roles ask for more people than could sit there) times a number >= 0;
- the limit on needs, times a number >= 0;
- each level before: what it must reach, times a number >= 0, or what it cannot exceed, times one
  below 0; a promise counts either its groups or what was promised.

Each group then takes the needs that bring something, and the sum is the bound (Lagrange). Any
numbers of these signs give a true bound; good ones give a tight one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import bools, distinct, in_order, ranks
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.proof.weigh import Block, Bundles, prices_fit
from matchmaker.engine.solution import COUNTED, Grounds

MOST = 2**60  # below this are weights, and the sums of what a need or person pays
_LOW = -(2**44)  # a pair that brings less counts as bringing this: the bound stays true
_HALF = 2**30

Numbers = NDArray[Any]  # of int64 or, where these could overflow, of Python's whole numbers


@dataclass
class _Sum:
    """A level with its terms: ``need`` (N,), ``group`` (G,) per unit, and what is added anyhow."""

    need: Numbers
    group: Numbers
    always: int = 0


class Reckoning:
    """Adds up block by block; every allowed pair comes once, the pairs of a need in one block."""

    def __init__(self, problem: Problem, grounds: Grounds) -> None:
        self.problem, self.grounds = problem, grounds
        people, self.needs = len(problem.person_capacity), max(len(problem.need_group), 1)
        self.worth = np.zeros(len(problem.need_group), dtype=np.int64)
        self.room = np.zeros(people, dtype=np.int64)
        self.entered = np.zeros((len(grounds.start) - 1, people), dtype=np.int64)
        order = np.argsort(grounds.role, kind="stable")
        self.role = grounds.role[order]
        self.shortage = np.repeat(np.arange(len(self.entered)), np.diff(grounds.start))[order]
        once = grounds.prices.once_person * self.needs + grounds.prices.once_need
        self.once = np.argsort(once)
        self.knot = once[self.once]
        np.add.at(self.worth, grounds.prices.once_need, grounds.prices.once)
        self.bundles = Bundles(problem, grounds.prices.bundled)

    def add(self, block: Block) -> None:
        """Reckon with a block of pairs."""
        problem, person, role = self.problem, block.person, block.role
        minutes, offered = problem.role_minutes[role], problem.person_minutes[person]
        usable = (minutes <= offered) & (problem.person_capacity[person] > 0)
        person, role, minutes, offered = (each[usable] for each in (person, role, minutes, offered))
        seats = np.where(minutes > 0, offered // np.maximum(minutes, 1), 2**16)
        np.maximum.at(self.room, person, seats)
        prices = self.grounds.prices
        left = prices.scale * block.score[usable] - prices.person[person]
        left -= prices.minute[person] * minutes + prices.long[person] * (2 * minutes > offered)
        key = person * self.needs + problem.role_need[role]
        if len(self.knot):
            at = np.minimum(np.searchsorted(self.knot, key), len(self.knot) - 1)
            left -= np.where(self.knot[at] == key, prices.once[self.once[at]], 0)
        beyond = prices.scale * block.score[usable] - prices.role[role]
        free = self.bundles.add(person, role, beyond)
        self._teams(role, np.where(free, prices.role[role], left))
        self._enter(person, role)

    def _teams(self, role: Ints, left: Ints) -> None:
        """The best people on every essential seat, on optional ones only who brings something."""
        problem = self.problem
        role, left = in_order(role, -left)
        left = np.maximum(-left, _LOW)
        taken = ranks(role) < problem.role_seats[role]
        taken &= problem.role_essential[role] | (left > 0)
        np.add.at(self.worth, problem.role_need[role[taken]], left[taken])

    def _enter(self, person: Ints, role: Ints) -> None:
        """In how many needs each person could sit that a shortage speaks of."""
        first, last = (np.searchsorted(self.role, role, side) for side in ("left", "right"))
        times = last - first
        pair = np.repeat(np.arange(len(role)), times)
        at = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times) + first[pair]
        need = self.problem.role_need[role[pair]]
        key = (self.shortage[at] * self.needs + need) * len(self.room) + person[pair]
        found = distinct(key)
        which = found // len(self.room) // self.needs, found % len(self.room)
        np.add.at(self.entered, which, 1)

    def shortages(self) -> tuple[Ints, Ints]:
        """(S, N) seats and (S,) people: no set has more of these seats than there are people. A
        need counts at most as many seats as are lacking when all are wanted."""
        problem, grounds = self.problem, self.grounds
        room = np.minimum(self.room, problem.person_capacity)
        reach = np.minimum(self.entered, room).sum(axis=1)
        seats = np.zeros((len(self.entered), len(problem.need_group)), dtype=np.int64)
        row, role = np.repeat(np.arange(len(seats)), np.diff(grounds.start)), grounds.role
        must = problem.role_seats[role] * problem.role_essential[role]
        np.add.at(seats, (row, problem.role_need[role]), must)
        seats += self._loose(row, role)
        lacking = np.maximum(seats.sum(axis=1) - reach, 0)
        capped = np.minimum(seats, lacking[:, None])
        return capped, capped.sum(axis=1) - lacking

    def _loose(self, row: Ints, role: Ints) -> Bools:
        """(S, N) needs of optional roles alone, all of which a shortage speaks of: one seat."""
        need, size = self.problem.role_need, len(self.problem.need_group)
        named = np.zeros((len(self.entered), size), dtype=np.int64)
        np.add.at(named, (row, need[role]), 1)
        loose = np.ones(size, dtype=bool)
        loose[need[self.problem.role_essential]] = False
        return bools((named == np.bincount(need, minlength=size)) & loose)

    def bounds(
        self, reached: Mapping[str, int], most: Mapping[str, int], open_: Bools
    ) -> dict[str, int]:
        """The most that each counted level and the total score can be, in order, given what those
        before it have ``reached``. ``most``: by a plain count; ``open_`` (N,): needs that could be
        staffed. Levels that are off are not in ``reached``."""
        names = [name for name in (*COUNTED, "total_score") if name in reached]
        seats, people = self.shortages()
        shown: dict[str, int] = {}
        for weight, name in zip(self.grounds.weight, names, strict=False):
            short, before, limit, kept = np.split(weight, np.cumsum([len(people), len(names), 1]))
            scale = self.grounds.scale
            kind = np.int64 if self._small(weight, seats) else object
            needs = -_product(short, seats, kind) - int(limit[0])
            total = _Sum(needs, np.zeros(len(self.problem.group_wait), dtype=kind))
            total.always += _dot(short, people) + int(limit[0]) * (self.problem.max_needs or 0)
            self._count(total, name, scale, kept)
            unit = scale * (self.grounds.prices.scale if name == "total_score" else 1)
            for other, times in zip(names[: len(shown)], before.tolist(), strict=False):
                self._count(total, other, times, kept)
                total.always -= times * (reached[other] if times > 0 else shown[other])
            found = self._by_group(total, open_) // unit
            shown[name] = min(found, most.get(name, found))
        return shown

    def _small(self, weight: Ints, seats: Ints) -> bool:
        """Whether no sum of these terms can leave int64."""
        times = np.abs(weight).sum(dtype=float) + self.grounds.scale
        terms = float(seats.sum()) + np.abs(self.worth).sum(dtype=float)
        return bool(times * (terms + seats.shape[1] + len(self.problem.group_wait)) < 2.0**62)

    def _count(self, total: _Sum, name: str, times: int, kept: Ints) -> None:
        """Add a level so many times."""
        problem = self.problem
        if name == "guarantees_met":
            for each, group_times in zip(problem.guarantees, kept.tolist(), strict=True):
                part = min(max(group_times, 0), times)
                total.group[each.groups] += part
                total.always += (times - part) * each.least
        elif name == "groups_served":
            total.group += times
        elif name == "total_score":
            total.need = total.need + times * self.worth.astype(total.need.dtype)
            prices, room = self.grounds.prices, np.minimum(self.room, problem.person_capacity)
            worth = _dot(prices.person, room) + _dot(prices.minute, problem.person_minutes)
            total.always += times * (worth + sum(prices.long.tolist()) + self.bundles.worth())
        else:
            total.need = total.need + times * counted(problem, name)

    def _by_group(self, total: _Sum, open_: Bools) -> int:
        """Each group takes the needs that bring something, or none at all."""
        need, group = total.need[open_], self.problem.need_group[open_]
        served = distinct(group)
        best, taken = np.full_like(total.group, need.min(initial=0)), np.zeros_like(total.group)
        np.maximum.at(best, group, need)
        np.add.at(taken, group, np.maximum(need, 0))
        some = (total.group + np.where(best > 0, taken, best))[served]
        return total.always + int(np.maximum(some, 0).sum())


def fitting(problem: Problem, grounds: Grounds, levels: int) -> bool:
    """Whether the numbers have the shapes, sizes and signs that make bounds true and exact.
    ``levels``: how many are bounded."""
    start, role, weight = grounds.start, grounds.role, grounds.weight
    shapes = start.ndim == role.ndim == 1 and weight.ndim == 2 and len(start) > 0
    if not shapes or start[0] != 0 or start[-1] != len(role) or (np.diff(start) < 0).any():
        return False
    size, count = len(start) - 1, len(problem.guarantees)
    if weight.shape != (levels, size + levels + 1 + count) or not 1 <= grounds.scale <= 2**20:
        return False
    inside = ((role >= 0) & (role < len(problem.role_need))).all()
    small = (weight < MOST).all() and (weight > -MOST).all()
    if not inside or not small or (weight[:, :size] < 0).any() or not _summable(problem, grounds):
        return False
    keys = np.repeat(np.arange(size), np.diff(start)) * max(len(problem.role_need), 1) + role
    limit = weight[:, size + levels]
    fair = (limit >= 0).all() and not (problem.max_needs is None and limit.any())
    negative = problem.guarantees and (weight[:, size] < 0).any()  # no promise is ever too much
    prices = grounds.prices
    signs = all((getattr(prices, name) >= 0).all() for name in ("person", "minute", "long", "once"))
    idle = not len(prices.bundled) and prices.role.any()
    none = not (idle or prices.need.any() or prices.bound or prices.gap)
    return bool(len(np.unique(keys)) == len(keys) and fair and not negative and signs and none)


def _summable(problem: Problem, grounds: Grounds) -> bool:
    """Whether the prices can be added up without leaving int64."""
    prices = grounds.prices
    sums = (each.sum(dtype=float) for each in (prices.once, prices.long))
    return prices_fit(problem, prices) and all(total < MOST for total in sums)


def counted(problem: Problem, name: str) -> Bools:
    """(N,) the needs that a level counts."""
    if name == "needs_staffed":
        return np.ones(len(problem.need_group), dtype=bool)
    return bools(problem.need_urgency == COUNTED.index(name) - COUNTED.index("urgent_staffed"))


def _product(weights: Ints, rows: Ints, kind: type) -> Numbers:
    """``weights @ rows``, exactly: high and low halves of the weights apart."""
    high, low = (weights // _HALF) @ rows, (weights % _HALF) @ rows
    return np.asarray(high.astype(kind) * _HALF + low)


def _dot(one: Ints, two: Ints) -> int:
    """The exact sum of products, however large."""
    largest = [int(np.abs(each).max(initial=0)) for each in (one, two)]
    if largest[0] * largest[1] * len(one) < 2**62:
        return int(one @ two)
    return sum(a * b for a, b in zip(one.tolist(), two.tolist(), strict=True))
