"""From one choice of arcs to the best one by exchanges, where little is expected to change.

At the lowest prices that bear out what is taken, a column costs at least what any row would give
for it, and a full row gets what its weakest taken arc leaves (Bellman-Ford). If there are such
prices, nothing is better. If not, the arcs that drove a price too high name an exchange that gains:
around a circle of full rows, or from a row that had room.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.problem import Bools, Ints

SWEEPS = 30  # after which an answer is left to whoever can search longer
_MOST = 40  # exchanges
_FREE = -(2**61)  # the price of a column that has to be full, as long as nobody wants it
_SHUT = 2 * _FREE  # what an arc is worth that may not be taken (again)
_NEVER = 2**62


@dataclass(frozen=True)
class Ends:
    """Arcs by row, and what their ends can hold. ``must``: columns that have to be full. ``order``:
    the arcs by column; ``first``: where each column that has arcs begins there."""

    row: Ints
    column: Ints
    row_room: Ints
    column_room: Ints
    must: Bools
    order: Ints
    first: Ints

    @classmethod
    def of(cls, row: Ints, column: Ints, row_room: Ints, column_room: Ints, must: Bools) -> Ends:
        """Arcs (K,) that are sorted by row."""
        order = np.argsort(column, kind="stable")
        first = np.flatnonzero(np.diff(column[order], prepend=-1))
        return cls(row, column, row_room, column_room, must, ints(order), ints(first))


def exchanged(ends: Ends, value: Ints, open_: Bools, taken: Bools) -> Bools | None:
    """The best choice of ``open_`` arcs (K,), reached from ``taken`` ones. A column that must be
    full is left open only where nothing fills it beside what is taken. None where that takes long,
    or is not sure.

    Sums of `SWEEPS` differences of values stay below 2**61.
    """
    taken = taken.copy()
    for _ in range(_MOST):
        prices = _Prices(ends, value, open_, taken)
        found = prices.exchange()
        if found is None:
            return None
        if not found:
            return taken
        gain = sum(-int(value[arc]) if taken[arc] else int(value[arc]) for arc in found)
        if gain <= 0 and not prices.filling:
            return None
        taken[found] = ~taken[found]
    return None


class _Prices:
    """Prices that rise until they bear out what is taken, or show that it is not the best."""

    def __init__(self, ends: Ends, value: Ints, open_: Bools, taken: Bools) -> None:
        self.ends, self.held = ends, np.flatnonzero(taken)
        self.row, self.column = ends.row[self.held], ends.column[self.held]
        self.value = value[self.held]
        used = np.bincount(self.row, minlength=len(ends.row_room))
        self.spare = used < ends.row_room
        filled = np.bincount(self.column, minlength=len(ends.column_room))
        self.vacant = filled < ends.column_room
        self.start = np.flatnonzero(np.diff(self.row, prepend=-1))
        self.full = ~self.spare[self.row[self.start]]
        self.worth = np.where(open_ & ~taken, value, _SHUT)[ends.order]
        self.bidder, self.wanted = ends.row[ends.order], ends.column[ends.order]
        self.price = np.where(ends.must, _FREE, 0)
        self.filling = False  # a column that has to be full, whatever it costs
        self.ended = False  # whether a way back did not close
        self.left = np.zeros(len(ends.row_room), dtype=np.int64)
        self.risen = np.full(len(self.price), _NEVER)
        self.by = np.full(len(self.price), -1)  # the arc that drove each column's price

    def exchange(self) -> list[int] | None:
        """The arcs to take or to release, none if nothing gains; None if that is not known."""
        columns = self.wanted[self.ends.first]
        for _ in range(SWEEPS):
            if (low := self._low()) is not None:
                return self._back(int(self.column[low]), [int(self.held[low])])
            if not len(columns):
                return []
            offer = self.worth - self.left[self.bidder]
            best = np.maximum.reduceat(offer, self.ends.first)
            risen = best > self.price[columns]
            if not risen.any():
                return []
            rise = columns[risen]
            self.price[rise] = self.risen[rise] = best[risen]
            here = np.flatnonzero(offer == self.risen[self.wanted])
            self.by[self.wanted[here]] = self.ends.order[here]
            self.risen[rise] = _NEVER
            offered = rise[self.vacant[rise] & (self.price[rise] > _FREE // 2)]
            if len(offered):
                self.filling = bool(self.ends.must[offered[0]])
                return self._back(int(offered[0]), [])
        way = self._back(int(rise[0]), [])
        return None if self.ended else way  # to a column that is full, only a circle leads

    def _low(self) -> int | None:
        """Which taken arc is worth less than its column's price; what full rows get now."""
        if not len(self.held):
            return None
        worth = self.value - self.price[self.column]
        if worth.min() < 0:
            return int(worth.argmin())
        least = np.minimum.reduceat(worth, self.start)
        self.left[self.row[self.start]] = np.where(self.full, least, 0)
        return None

    def _back(self, column: int, path: list[int]) -> list[int] | None:
        """Back along the arcs that drove the price of ``column``: each is taken, and its row
        releases its weakest, until a row has room, nobody misses it, or the way closes."""
        worth = self.value - self.price[self.column]
        seen: dict[int, int] = {}
        while column not in seen:
            seen[column] = len(path)
            arc = int(self.by[column])
            if arc < 0:  # nobody wants it: it may be left open, unless it has to be full
                self.ended = True
                return None if self.ends.must[column] else path
            row = int(self.ends.row[arc])
            path.append(arc)
            if self.spare[row]:
                self.ended = True
                return path
            mine = np.flatnonzero(self.row == row)
            weakest = int(mine[worth[mine].argmin()])
            path.append(int(self.held[weakest]))
            column = int(self.column[weakest])
        return path[seen[column] :]
