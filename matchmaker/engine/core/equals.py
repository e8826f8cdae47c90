"""The best of equals: among all optima of a question the one that is best under other values.

Another optimum differs by arcs worth exactly the prices at their ends, taken and released in turn:
around a circle, or from an end that may have one more or less to another such end. Laid out as a
graph, with one spot for all these ends together, each such step is a circle; an optimum is the best
of its equals when no circle gains (Ahuja, Magnanti & Orlin, 1993, chapter 9). Mostly there is no
circle at all, or few arcs lie on one; so this is quicker than `refine`, and gives no prices.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matchmaker.engine.arrays import ints
from matchmaker.engine.core.arcs import Arcs, Optimum
from matchmaker.engine.problem import Bools, Ints

Step = tuple[int, int, int, int]  # from a node, to a node, what it gains, along which arc


class Equals:
    """The arcs in which the optima of a question differ: those on a circle. ``arcs``: positions."""

    def __init__(self, asked: Arcs, found: Optimum) -> None:
        self.rows = len(asked.row_capacity)
        self.spot = self.rows + len(asked.column_capacity)
        self.taken = np.zeros(len(asked.column), dtype=bool)
        self.taken[found.taken] = True
        price = np.concatenate([found.row_price, found.column_price])
        held = np.concatenate(
            [
                np.bincount(found.row, minlength=self.rows),
                np.bincount(found.column, minlength=self.spot - self.rows),
            ]
        )
        self.room = np.concatenate([asked.row_capacity, asked.column_capacity]) - held
        self.free = price == 0
        tight = np.flatnonzero(asked.reduced(found.row_price, found.column_price) == 0)
        self.row, self.column = asked.row, self.rows + asked.column
        self.arcs = self._on_circles(tight)

    def _on_circles(self, tight: Ints) -> Ints:
        row, column, taken = self.row[tight], self.column[tight], self.taken[tight]
        tail, head = np.where(taken, column, row), np.where(taken, row, column)
        begins = np.where(taken, self.free[column], self.room[row] > 0)
        ends = np.where(taken, self.free[row], self.room[column] > 0)
        tails = np.concatenate([tail, np.full(int(begins.sum()), self.spot), tail[ends]])
        heads = np.concatenate([head, head[begins], np.full(int(ends.sum()), self.spot)])
        size = self.spot + 1
        graph = csr_array((np.ones(len(tails), np.int8), (tails, heads)), shape=(size, size))
        _, part = connected_components(graph, connection="strong")
        here = part[tail] == part[head]
        here |= begins & (part[head] == part[self.spot])
        here |= ends & (part[tail] == part[self.spot])
        return ints(tight[here | (begins & ends)])

    def best(self, value: list[int]) -> Bools:
        """(K,) the arcs that the best of equals takes, where each of ``arcs`` is worth ``value``:
        whole numbers of any size."""
        while circle := _gaining(list(self._steps(value))):
            for arc in circle:
                change = -1 if self.taken[arc] else 1
                self.taken[arc] = change > 0
                self.room[[self.row[arc], self.column[arc]]] -= change
        return self.taken

    def _steps(self, value: list[int]) -> Iterator[Step]:
        for arc, worth in zip(self.arcs.tolist(), value, strict=True):
            row, column = int(self.row[arc]), int(self.column[arc])
            if self.taken[arc]:
                tails = [column, self.spot] if self.free[column] else [column]
                heads = [row, self.spot] if self.free[row] else [row]
                gain = -worth
            else:
                tails = [row, self.spot] if self.room[row] > 0 else [row]
                heads = [column, self.spot] if self.room[column] > 0 else [column]
                gain = worth
            yield from ((tail, head, gain, arc) for tail in tails for head in heads)


def _gaining(steps: list[Step]) -> list[int]:
    """The arcs of a circle of steps that gains, none if there is no such circle (Bellman-Ford)."""
    reach: dict[int, int] = {}
    by: dict[int, Step] = {}
    for _ in range(len(steps) + 1):
        last = -1
        for step in steps:
            tail, head, gain, _ = step
            if reach.get(tail, 0) + gain > reach.get(head, 0):
                reach[head] = reach.get(tail, 0) + gain
                by[head] = step
                last = head
        if last < 0:
            return []
        if circle := _circle(by, last):
            return circle
    return []


def _circle(by: dict[int, Step], node: int) -> list[int]:
    """The arcs of the circle that leads to ``node``, if one does."""
    seen: dict[int, int] = {}
    path: list[int] = []
    while node in by and node not in seen:
        seen[node] = len(path)
        path.append(by[node][3])
        node = by[node][0]
    return path[seen[node] :] if node in seen else []
