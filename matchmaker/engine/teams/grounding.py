"""Good numbers for ``grounds``: prices of people from the core, the rest from linear programs.

Whatever is found here is only a claim; ``Reckoning`` says what it proves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog, nnls
from scipy.sparse import csc_array

from matchmaker.engine.levels import staffed_needs
from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.proof.grounds import MOST, Reckoning, counted
from matchmaker.engine.proof.weigh import Block
from matchmaker.engine.solution import COUNTED, Grounds, Prices
from matchmaker.engine.teams.choice import people_prices
from matchmaker.engine.teams.hall import Shortage
from matchmaker.engine.teams.seating import Seating

_SCALE = 2**20
_WAYS = ("borne out", "contested", "all")  # by the set chosen; by a small program; the whole one
_FEW = 60  # variables in doubt, up to which the set chosen is asked first
_EXACT = 1e-9  # of a sum


def grounded(
    problem: Problem,
    usable: Ints,
    seating: Seating,
    shortages: Sequence[Shortage],
    reached: Mapping[str, int],
    prices: Prices | None = None,
) -> Grounds:
    """What bounds every set of needs whose teams come from the pairs at ``usable``: the prices that
    prove ``seating``, or where hours bind ``prices``, the ``shortages``, and the best weights
    for the levels ``reached``."""
    roles = [each.roles for each in shortages if len(each.roles)]
    grounds = Grounds(
        prices=_prices(problem, seating) if prices is None else _of_people(problem, prices),
        start=np.cumsum([0, *map(len, roles)]),
        role=np.concatenate([np.zeros(0, dtype=np.int64), *roles]),
        weight=np.zeros((0, 0), dtype=np.int64),
        scale=_SCALE,
    )
    return weighted(problem, usable, grounds, reached, staffed_needs(problem, seating.pairs))


def weighted(
    problem: Problem,
    usable: Ints,
    grounds: Grounds,
    reached: Mapping[str, int],
    chosen: Bools,
) -> Grounds:
    """The prices and shortages of ``grounds`` with the weights that bound the levels ``reached``
    best, for teams from the pairs at ``usable``. ``chosen`` (N,): the needs that reach them."""
    names = [name for name in (*COUNTED, "total_score") if name in reached]
    size = len(grounds.start) - 1 + len(names) + 1 + len(problem.guarantees)
    weight = np.zeros((len(names), size), dtype=np.int64)
    program = program_of(problem, usable, grounds)
    reckoning, asked = program.reckoning, {each: reached[each] for each in names}

    def bounds() -> dict[str, int]:
        reckoning.grounds = replace(grounds, weight=weight.copy())
        return reckoning.bounds(asked, {}, program.open)

    shown = bounds()  # without weights: a plain count
    for at, name in enumerate(names):
        for way in _WAYS:
            if shown[name] == reached[name]:
                break
            weight[at] = program.weights(name, names, reached, shown, way, chosen)
            shown = bounds()
    return reckoning.grounds


def program_of(problem: Problem, usable: Ints, grounds: Grounds) -> Program:
    """The question which needs to staff, fractions of them allowed, at the prices of ``grounds``
    and under its shortages, for teams from the pairs at ``usable``."""
    reckoning = Reckoning(problem, grounds)
    every = problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash
    person, role, score, lots = (each[usable] for each in every)
    reckoning.add(Block(person, role, score, lots))
    open_ = np.bincount(problem.pair_need[usable], minlength=len(problem.need_group)) > 0
    return Program(problem, reckoning, open_)


def _prices(problem: Problem, seating: Seating) -> Prices:
    person, once = people_prices(seating)
    count = max(len(problem.need_group), 1)
    none = np.zeros_like(person)
    return Prices(
        scale=1,
        person=person,
        role=np.zeros_like(problem.role_need),
        minute=none,
        long=none,
        need=np.zeros_like(problem.need_group),
        once_person=seating.knot // count,
        once_need=seating.knot % count,
        once=once,
        bound=0,
        gap=0,
    )


def _of_people(problem: Problem, prices: Prices) -> Prices:
    """What is left of prices for one set of needs when they are to speak of all sets: prices of
    people, and of roles for those who choose among bundles."""
    role = prices.role if len(prices.bundled) else np.zeros_like(prices.role)
    return replace(prices, role=role, need=np.zeros_like(prices.need), bound=0, gap=0)


@dataclass
class Program:
    """Needs, then groups, then promises, each between 0 and what there is of it."""

    problem: Problem
    reckoning: Reckoning
    open: Bools

    def weights(
        self,
        name: str,
        names: Sequence[str],
        reached: Mapping[str, int],
        shown: Mapping[str, int],
        way: str,
        chosen: Bools,
    ) -> Ints:
        """The weights that bound a level best, as far as one of ``_WAYS`` tells; zeros where it has
        no answer."""
        size = len(self.reckoning.grounds.start) - 1 + len(names) + 1 + len(self.problem.guarantees)
        value, goal = self.most(), self._level(name)
        seats, _ = self.reckoning.shortages()
        free = np.ones(self.size, bool) if way == "all" else self._contested(seats, goal)
        if not free.any() or (way == "borne out" and free.sum() > _FEW):
            return np.zeros(size, dtype=np.int64)
        problem, before = self.problem, names[: list(names).index(name)]
        every, high = self.rows(before, reached, shown)
        part, left = every[:, free], high - every @ np.where(free, 0, value)
        if way == "borne out":
            dual = borne_out(part, left, goal[free], value[free], self._of(chosen)[free])
        else:
            dual = _best(part, left, goal[free], value[free])
        if dual is None:
            return np.zeros(size, dtype=np.int64)
        short, up, down, last, kept = np.split(
            dual[: len(seats) + 2 * len(before) + 1 + len(problem.guarantees)],
            np.cumsum([len(seats), len(before), len(before), 1]),
        )
        between = np.zeros(len(names))
        between[: len(before)] = up - down
        if problem.max_needs is None:
            last = np.zeros(1)
        unit = _SCALE * (self.reckoning.grounds.prices.scale if name == "total_score" else 1)
        weight = np.concatenate([np.maximum(short, 0), between, np.maximum(last, 0), kept])
        if problem.guarantees:
            weight[len(seats)] = max(weight[len(seats)], 0.0)
        most = np.nextafter(float(MOST), 0)
        return np.asarray(np.rint(np.clip(weight * unit, -most, most)), dtype=np.int64)

    def rows(
        self, before: Sequence[str], reached: Mapping[str, int], shown: Mapping[str, int]
    ) -> tuple[csc_array, Floats]:
        """What the variables may come to at most: shortages, the levels ``before`` (at least what
        was ``reached``, at most what is ``shown``), the limit on needs, promises, groups."""
        problem = self.problem
        levels = np.array([self._level(each) for each in before]).reshape(len(before), self.size)
        seats, people = self.reckoning.shortages()
        wide = np.zeros((len(seats), self.size))
        wide[:, : seats.shape[1]] = seats
        limit = np.zeros((1, self.size))
        limit[0, : seats.shape[1]] = 1.0
        most = len(problem.need_group) if problem.max_needs is None else problem.max_needs
        every = self._with_groups(np.vstack([wide, -levels, levels, limit, self._promises()]))
        won = np.array([[-reached[n], shown[n]] for n in before]).reshape(len(before), 2)
        high = np.zeros(every.shape[0])
        given = np.concatenate([people, won[:, 0], won[:, 1], [most]])
        high[: len(given)] = given
        return every, high

    def _contested(self, seats: Ints, goal: Floats) -> Bools:
        """The variables in doubt when every need that no shortage speaks of, and that loses
        nothing, is staffed: those needs, and groups that have no other."""
        needs, group = len(self.problem.need_group), self.problem.need_group
        doubt = self.open & (seats.any(axis=0) | (goal[:needs] < 0))
        served = np.bincount(group[self.open & ~doubt], minlength=len(self.problem.group_wait)) > 0
        return np.concatenate([doubt, ~served, np.ones(len(self.problem.guarantees), dtype=bool)])

    @property
    def size(self) -> int:
        """How many variables there are."""
        problem = self.problem
        return len(problem.need_group) + len(problem.group_wait) + len(problem.guarantees)

    def _of(self, staffed: Bools) -> Floats:
        """The variables of a set of needs (N,)."""
        problem = self.problem
        served = np.bincount(problem.need_group[staffed], minlength=len(problem.group_wait)) > 0
        kept = [min(each.least, int(served[each.groups].sum())) for each in problem.guarantees]
        return np.concatenate([staffed, served, kept])

    def _level(self, name: str) -> Floats:
        problem, vector = self.problem, np.zeros(self.size)
        needs, groups = len(problem.need_group), len(problem.group_wait)
        if name == "guarantees_met":
            vector[needs + groups :] = 1.0
        elif name == "groups_served":
            vector[needs : needs + groups] = 1.0
        elif name == "total_score":
            vector[:needs] = self.reckoning.worth / self.reckoning.grounds.prices.scale
        else:
            vector[:needs] = counted(problem, name)
        return vector

    def most(self) -> Floats:
        """What each variable can be at most."""
        problem = self.problem
        promised = [each.least for each in problem.guarantees]
        return np.concatenate([self.open, np.ones(len(problem.group_wait)), promised])

    def _promises(self) -> Floats:
        """A promise counts at most its groups served."""
        problem = self.problem
        needs, groups = len(problem.need_group), len(problem.group_wait)
        kept = np.zeros((len(problem.guarantees), self.size))
        for at, each in enumerate(problem.guarantees):
            kept[at, needs + groups + at] = 1.0
            kept[at, needs + each.groups] = -1.0
        return kept

    def _with_groups(self, rows: Floats) -> csc_array:
        """The rows, and below them one a group: it is served by a need of it."""
        needs, groups = len(self.problem.need_group), len(self.problem.group_wait)
        row, column = np.nonzero(rows)
        value = np.concatenate([rows[row, column], -np.ones(needs), np.ones(groups)])
        below = len(rows) + np.concatenate([self.problem.need_group, np.arange(groups)])
        at = np.concatenate([row, below]), np.concatenate([column, np.arange(needs + groups)])
        return csc_array((value, at), shape=(len(rows) + groups, self.size))


def _best(rows: csc_array, high: Floats, goal: Floats, value: Floats) -> Floats | None:
    """Prices of the ``rows`` that prove the best of a linear program."""
    bounds = np.column_stack([np.zeros(len(value)), value])
    found = linprog(-goal, A_ub=rows, b_ub=high, bounds=bounds, method="highs")
    return -found.ineqlin.marginals if found.status == 0 else None


def borne_out(
    rows: csc_array, high: Floats, goal: Floats, value: Floats, chosen: Floats
) -> Floats | None:
    """Prices of the ``rows`` at which no other values are better than those ``chosen``, None if
    there are none: of rows that are full, what they take from each variable leaves something for
    one at its most, nothing for one at 0."""
    tight = np.flatnonzero(rows @ chosen == high)
    full, empty = chosen == value, chosen == 0
    slack = np.diag(1.0 * full)[:, full], np.diag(-1.0 * empty)[:, empty]
    terms = np.hstack([rows[tight].toarray().T, *slack])
    if not terms.size:  # scipy 1.17 dies of a matrix without columns
        return None
    found = nnls(terms, goal)[0]
    miss = np.abs(terms @ found - goal).max()  # the norm it tells can be 0 where it is not
    if miss > _EXACT * (1 + np.abs(goal).max()):
        return None
    price = np.zeros(len(high))
    price[tight] = found[: len(tight)]
    return price
