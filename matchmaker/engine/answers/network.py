"""The pairs of a round as arcs for exchanges, with what the core knows of people of several seats.

A person of c seats who waited has c - 1 idle columns worth the days waited, as is each seat: one
seat or more then make the same sum. Where somebody would sit twice in a need, a knot stands between
them, as in `seating`: a row that may take one seat of the need, and a column that has to be full:
of the person, or of the knot's own row, which then takes none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.core.exchange import Ends, exchanged
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem

DAYS = 15  # bits of the days that somebody may have waited
SCORE = 42  # bits below a score: sums of 30 hashes stay below a day, sums of days below a point
_WAIT = 26
IDLE, TIED, FREE = -1, -2, -3


@dataclass(frozen=True)
class Network:
    """``kind``: (arcs,) the pair behind an arc, or IDLE, TIED (a person's to a knot) or FREE (a
    knot's own). ``days``: what the waiting of each arc's person is worth. ``room``: (P,) seats of
    each person. ``knot``: keys person × N + need, ascending; ``knot_of``: (K,) the knot between a
    pair's person and need, -1 where there is none; ``at``: the knot of an arc that is its own."""

    ends: Ends
    kind: Ints
    days: Ints
    room: Ints
    knot: Ints
    knot_of: Ints
    at: Ints

    @classmethod
    def of(cls, problem: Problem, days: Ints, knot: Ints) -> Network:
        """The arcs of every pair of ``problem``, whose people waited ``days`` (P,)."""
        person, roles, people = problem.pair_person, len(problem.role_need), len(days)
        count, size = max(len(problem.need_group), 1), len(person)
        room = seats_possible(problem, np.arange(size))
        room = np.minimum(room, np.bincount(person, minlength=people))
        key = person * count + problem.pair_need
        knot_of = np.full(size, -1)
        if len(knot):
            place = np.minimum(np.searchsorted(knot, key), len(knot) - 1)
            knot_of = np.where(knot[place] == key, place, -1)
        idler = np.repeat(np.arange(people), np.where(days > 0, np.maximum(room - 1, 0), 0))
        knots = np.arange(len(knot))
        first = roles + len(idler)
        row = [
            np.where(knot_of < 0, person, people + knot_of),
            idler,
            knot // count,
            people + knots,
        ]
        column = [problem.pair_role, roles + np.arange(len(idler)), first + knots, first + knots]
        sizes = [len(idler), len(knot), len(knot)]
        kind = np.concatenate([np.arange(size), np.repeat([IDLE, TIED, FREE], sizes)])
        at = np.concatenate([np.full(size + len(idler), -1), knots, knots])
        worth = np.concatenate([days[person], days[idler], np.zeros(2 * len(knot), np.int64)])
        rows = np.concatenate(row)
        order = np.argsort(rows, kind="stable")
        alone = np.zeros(len(idler), dtype=bool)
        ends = Ends.of(
            rows[order],
            np.concatenate(column)[order],
            np.concatenate([room, np.ones_like(knots)]),
            np.concatenate([problem.role_seats, np.ones(len(idler) + len(knot), np.int64)]),
            np.concatenate([problem.role_essential, alone, knots >= 0]),
        )
        return cls(ends, kind[order], worth[order] << _WAIT, room, knot, ints(knot_of), at[order])

    def best(self, value: Ints, open_: Bools, start: Ints, room: Ints) -> Ints | None:
        """The best of the ``open_`` pairs (K,), each worth ``value`` beside the days waited, from
        those at ``start`` on, where people have ``room`` (P,) at most; None where `exchanged` does
        not tell."""
        real = self.kind >= 0
        pair = self.kind[real]
        worth, may, taken = self.days.copy(), ~real, np.zeros(len(real), dtype=bool)
        worth[real] += value[pair]
        may[real] = open_[pair]
        chosen = np.zeros(len(open_), dtype=bool)
        chosen[start] = True
        taken[real] = chosen[pair]
        used = np.zeros(len(self.knot), dtype=bool)
        used[self.knot_of[start][self.knot_of[start] >= 0]] = True
        for kind, through in ((TIED, used), (FREE, ~used)):
            own = np.flatnonzero(self.kind == kind)
            taken[own] = through[self.at[own]]
        idle = np.flatnonzero(self.kind == IDLE)
        row, people = self.ends.row[idle], len(self.room)
        busy = np.bincount(self.ends.row[taken], minlength=len(self.ends.row_room))[:people]
        room = np.minimum(room, self.room)
        number = np.arange(len(idle)) - np.searchsorted(row, row)
        may[idle] = number < (room - 1)[row]
        taken[idle] = number < np.minimum(room - 1, room - busy)[row]
        knots = self.ends.row_room[people:]
        ends = replace(self.ends, row_room=np.concatenate([room, knots]))
        found = exchanged(ends, worth, may, taken)
        return None if found is None else np.sort(self.kind[found & real])
