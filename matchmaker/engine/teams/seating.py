"""The best seats for needs that are all to be staffed: one question to the core.

Each essential seat carries a bonus greater than any sum of scores, so that the best choice fills
them if that can be done. Then it is best in total score too, and its prices prove it. Two things
the core does not know become nodes of their own:

- *One seat per need.* Where somebody would sit twice in a need, a knot stands between the person
  and that need, a row and a column joined to each other. The joints pay more than any
  pair; so the knot's column goes to the person (the knot's row may then take one seat of the need)
  or to the knot's own row (which then takes none).
- *Waiting counts once a person.* Somebody with room for c seats has c - 1 idle columns, worth the
  person's waiting days each, as is each seat: one seat or more then make the same sum.

Weekly minutes beyond the room of a person are left to whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.arrays import distinct, firsts, ints, ordered
from matchmaker.engine.core import Arcs, Equals, Optimum, optimum, refine
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Solution, no_pairs

_EQUAL = 200  # arcs in which equals differ, up to which circles find the best before its prices
_BEFORE = 64  # bits: days waited come before any sum of hashes


@dataclass(frozen=True)
class Seating:
    """A question to the core and its answer. ``usable``: positions of the pairs asked about;
    ``room`` (P,): seats each person can hold; ``knot``: keys person × N + need, ascending;
    ``pair``: the position of the pair behind each arc, -1 for joints and idle columns. ``lean``:
    without idle columns, and at any prices that prove it."""

    problem: Problem
    usable: Ints
    room: Ints
    knot: Ints
    arcs: Arcs
    pair: Ints
    found: Optimum
    lean: bool = False

    @property
    def pairs(self) -> Ints:
        """The pairs taken, ascending."""
        return self.seats(self.found)

    def fills(self, staffed: Bools) -> bool:
        """Whether every pin holds, and every essential seat of the ``staffed`` needs (N,) is
        filled, or one seat where all roles are optional."""
        problem, pairs = self.problem, self.pairs
        filled = np.bincount(problem.pair_role[pairs], minlength=len(problem.role_need))
        must = problem.role_essential & staffed[problem.role_need]
        seated = np.bincount(problem.pair_need[pairs], minlength=len(staffed)) > 0
        pinned = not len(problem.pins) or np.isin(problem.pins, pairs).all()
        return bool(pinned and seated[staffed].all() and (filled >= problem.role_seats)[must].all())

    @property
    def loss(self) -> Ints:
        """(K,) what a pair's score falls short of the prices at its ends, at least 0; of a pair not
        asked about, what it falls short of the person's price alone."""
        people, roles = len(self.problem.person_wait), len(self.problem.role_need)
        role = self.found.column_price[:roles] - bonus(self.problem) * self.problem.role_essential
        loss = self.found.row_price[:people][self.problem.pair_person] - self.problem.pair_score
        loss[self.usable] += role[self.problem.pair_role[self.usable]]
        return ints(np.maximum(loss, 0))

    def refined(self, *, waiting: bool) -> tuple[Optimum, ...]:
        """The answers of all levels: the best in score, the longest ``waiting`` among these, the
        greatest hash among these."""
        ties = self.ties(waiting=waiting)
        equals, found = Equals(self.arcs, self.found), [self.found]
        best = _best_of(self, equals, ties) if len(equals.arcs) <= _EQUAL else None
        for values in ties:
            found.append(refine(self.arcs, found[-1], values, best=best))
        return tuple(found)

    def ties(self, *, waiting: bool) -> list[Ints]:
        """What each arc is worth in the tie levels that are on, in order."""
        person = self._person
        real = self.pair >= 0
        hashes = np.where(real, self.problem.pair_hash[self.pair], 0)
        if not waiting:
            return [hashes]
        counted = real | (self.arcs.value == 0)
        return [np.where(counted, self.problem.person_wait[person], 0), hashes]

    def seats(self, found: Optimum) -> Ints:
        """The pairs that an answer takes, ascending."""
        pair = self.pair[found.taken]
        return np.sort(pair[pair >= 0])

    @property
    def _person(self) -> Ints:
        people = len(self.problem.person_wait)
        count = max(len(self.problem.need_group), 1)
        return np.concatenate([np.arange(people), self.knot // count])[self.arcs.row]


def bonus(problem: Problem) -> int:
    """More than any total score: what a filled essential seat is worth on top of its score."""
    return 10_000 * (min(int(problem.role_seats.sum()), int(problem.person_capacity.sum())) + 1)


def seat(
    problem: Problem, usable: Ints, near: Optimum | None = None, *, lean: bool = False
) -> Seating:
    """The best seats among the pairs at ``usable``, none of a need that is not to be staffed.

    ``near``: the optimum of a question that differs little, by persons and roles. ``lean``: where
    nobody asks for the proof.
    """
    pairs = np.bincount(problem.pair_person[usable], minlength=len(problem.person_wait))
    room = np.minimum(seats_possible(problem, usable), pairs)
    knot = no_pairs()
    while True:
        arcs, pair = _arcs(problem, usable, room, knot, lean=lean)
        found = optimum(arcs, near=near, anyhow=lean)
        seating = Seating(problem, usable, room, knot, arcs, pair, found, lean)
        twice = twice_in(problem, seating.pairs)
        if not len(twice):
            return seating
        knot, near = np.union1d(knot, twice), plain(found, len(problem.role_need))


def ranked(seating: Seating, *, waiting: bool) -> tuple[Seating, tuple[Optimum, ...]]:
    """The tie levels too; a knot more wherever somebody would sit twice in a need on the way."""
    problem = seating.problem
    if seating.lean:
        if best := _of_equals(seating, waiting=waiting):
            return seating, (best,)
        seating = seat(problem, seating.usable, plain(seating.found, len(problem.role_need)))
    while True:
        found = seating.refined(waiting=waiting)
        twice = np.concatenate([twice_in(problem, seating.seats(each)) for each in found])
        if not len(twice):
            return seating, found
        knot = np.union1d(seating.knot, twice)
        arcs, pair = _arcs(problem, seating.usable, seating.room, knot, lean=False)
        again = optimum(arcs, near=plain(seating.found, len(problem.role_need)))
        seating = Seating(problem, seating.usable, seating.room, knot, arcs, pair, again)


def _of_equals(seating: Seating, *, waiting: bool) -> Optimum | None:
    """The best of equals, for a ``lean`` seating; None where somebody's days might count twice, or
    somebody would sit twice in a need."""
    problem, equals = seating.problem, Equals(seating.arcs, seating.found)
    if waiting:
        person = seating.arcs.row[equals.arcs]
        here = person[person < len(problem.person_wait)]
        if (_idle(problem, seating.room)[here] > 0).any():
            return None
    found = _best_of(seating, equals, seating.ties(waiting=waiting))
    return None if len(twice_in(problem, seating.seats(found))) else found


def _best_of(seating: Seating, equals: Equals, ties: list[Ints]) -> Optimum:
    """The answer that is best in the tie levels too, without prices."""
    arcs, value = seating.arcs, [0] * len(equals.arcs)
    for each in ties:
        worth = each[equals.arcs].tolist()
        value = [(before << _BEFORE) + last for before, last in zip(value, worth, strict=True)]
    chosen = np.flatnonzero(equals.best(value))
    return replace(seating.found, taken=chosen, row=arcs.row[chosen], column=arcs.column[chosen])


def twice_in(problem: Problem, pairs: Ints) -> Ints:
    """Keys person × N + need where somebody holds two seats of one need."""
    key = problem.pair_person[pairs] * max(len(problem.need_group), 1) + problem.pair_need[pairs]
    key.sort()
    return distinct(key[~firsts(key)])


def plain(found: Optimum, roles: int) -> Optimum:
    """``found`` without idle columns and knots, whose numbers other questions share."""
    joints = found.column >= roles
    return Optimum(
        found.taken[~joints],
        found.row[~joints],
        found.column[~joints],
        found.row_price,
        found.column_price[:roles],
        found.value,
        found.bound,
        proven=False,
    )


def _arcs(
    problem: Problem, usable: Ints, room: Ints, knot: Ints, *, lean: bool
) -> tuple[Arcs, Ints]:
    people = len(problem.person_wait)
    person, role = problem.pair_person[usable], problem.pair_role[usable]
    extra = bonus(problem)
    value = problem.pair_score[usable] + extra * problem.role_essential[role]
    if len(problem.pins):
        value += 2 * extra * np.isin(usable, problem.pins)
    idle = np.zeros(people, dtype=np.int64) if lean else _idle(problem, room)
    if not len(knot) and not idle.any():
        start = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=people))])
        return Arcs(start, role, value, room, problem.role_seats), usable
    return _with_more(problem, usable, value, room, knot, idle)


def _with_more(
    problem: Problem, usable: Ints, value: Ints, room: Ints, knot: Ints, idle: Ints
) -> tuple[Arcs, Ints]:
    """Arcs of the pairs at ``usable``, with knots and idle columns."""
    people, roles = len(problem.person_wait), len(problem.role_need)
    count = max(len(problem.need_group), 1)
    person, role = problem.pair_person[usable], problem.pair_role[usable]
    joint = 8 * bonus(problem)
    key = person * count + problem.pair_need[usable]
    at = np.minimum(np.searchsorted(knot, key), max(len(knot) - 1, 0))
    knotted = knot[at] == key if len(knot) else np.zeros(len(key), dtype=bool)
    idler = np.repeat(np.arange(people), idle)
    idle_column, knot_column = roles, roles + len(idler)
    knots = np.arange(len(knot))
    ones = np.ones(len(knot), dtype=np.int64)
    row = np.concatenate(
        [np.where(knotted, people + at, person), idler, knot // count, people + knots]
    )
    column = [role, idle_column + np.arange(len(idler)), knot_column + knots, knot_column + knots]
    values = [value, np.zeros(len(idler), np.int64), joint * ones, joint * ones]
    pair = np.concatenate([usable, np.full(len(row) - len(usable), -1)])
    columns = np.concatenate(column)
    order = ordered(row, columns)
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=people + len(knot)))])
    capacity = problem.role_seats, np.ones(len(idler) + len(knot), dtype=np.int64)
    arcs = Arcs(
        start,
        columns[order],
        np.concatenate(values)[order],
        np.concatenate([room, ones]),
        np.concatenate(capacity),
    )
    return arcs, pair[order]


def _idle(problem: Problem, room: Ints) -> Ints:
    """(P,) idle columns of each person: where several seats and waiting days come together."""
    return np.where(problem.person_wait > 0, np.maximum(room - 1, 0), 0)


def earlier(problem: Problem, before: Problem, solution: Solution) -> Optimum | None:
    """What the ``solution`` of a problem that differs little tells the core about this one; None
    where people and roles are numbered differently."""
    prices = solution.prices
    people, roles = len(problem.person_wait), len(problem.role_need)
    if prices.scale != 1 or len(prices.person) > people or len(prices.role) != roles:
        return None
    role = prices.role + bonus(problem) * problem.role_essential
    return Optimum(
        solution.pairs,
        before.pair_person[solution.pairs],
        before.pair_role[solution.pairs],
        prices.person,
        np.maximum(role, 0),
        0,
        0,
        proven=False,
    )
