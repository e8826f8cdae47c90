"""What the core is asked and what it answers: arcs with whole-number values, an optimum, its face.

The question is the maximum-value b-matching: each arc (row, column) is taken at most once, a row
and a column at most as often as their capacity, and leaving any of them empty is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.core.compiled import run
from matchmaker.engine.core.state import Side
from matchmaker.engine.problem import Bools, Ints

LARGEST = 2**60  # of a value: prices and path lengths then stay within int64
Signs = NDArray[np.int8]


@dataclass(frozen=True)
class Arcs:
    """Allowed pairs by row: row i owns the positions ``start[i]:start[i + 1]``.

    ``column`` ascends within a row, ``value`` is a whole number 0…2**60, capacities are >= 0.
    Raises ValueError naming what is not so.
    """

    start: Ints  # (n + 1,)
    column: Ints  # (K,)
    value: Ints  # (K,)
    row_capacity: Ints  # (n,)
    column_capacity: Ints  # (m,)

    def __post_init__(self) -> None:
        for name in ("start", "column", "value", "row_capacity", "column_capacity"):
            given = np.asarray(getattr(self, name))
            if given.ndim != 1 or (given.size and given.dtype.kind not in "iub"):
                raise ValueError(f"{name}: not a vector of whole numbers")
            object.__setattr__(self, name, np.ascontiguousarray(given, dtype=np.int64))
        self._check_shape()
        self._check_numbers()

    def _check_shape(self) -> None:
        start, size = self.start, len(self.column)
        ends = len(start) == len(self.row_capacity) + 1 and start[0] == 0 and start[-1] == size
        if not ends or (np.diff(start) < 0).any():
            raise ValueError("start: not the beginnings of the rows")
        if len(self.value) != size:
            raise ValueError("value: one is needed for each arc")

    def _check_numbers(self) -> None:
        column = self.column
        if column.size:
            if column.min() < 0 or column.max() >= len(self.column_capacity):
                raise ValueError("column: out of range")
            same_row = np.ones(len(column), dtype=bool)
            same_row[self.start[:-1][np.diff(self.start) > 0]] = False
            if (np.diff(column) <= 0)[same_row[1:]].any():
                raise ValueError("column: not ascending within a row")
            if self.value.min() < 0 or self.value.max() > LARGEST:
                raise ValueError("value: not within 0 and 2**60")
        for name in ("row_capacity", "column_capacity"):
            if (getattr(self, name) < 0).any():
                raise ValueError(f"{name}: negative")

    @cached_property
    def row(self) -> Ints:
        """(K,) the row of each arc."""
        return np.repeat(np.arange(len(self.row_capacity)), np.diff(self.start))

    @cached_property
    def degree(self) -> Ints:
        """(m,) how many arcs each column has."""
        return ints(np.bincount(self.column, minlength=len(self.column_capacity)))

    @cached_property
    def room(self) -> tuple[Ints, Ints]:
        """Capacities cut to what the arcs can use."""
        return (
            np.minimum(self.row_capacity, np.diff(self.start)),
            np.minimum(self.column_capacity, self.degree),
        )

    def reduced(self, row_price: Ints, column_price: Ints) -> Ints:
        """(K,) what each arc is worth beyond the prices at its ends."""
        beyond = self.value - row_price.take(self.row)
        beyond -= column_price.take(self.column)
        return beyond


@dataclass(frozen=True)
class Face:
    """All optima of a question at once: they differ only in the arcs of sign 0.

    ``sign``: 1 taken in every optimum, -1 in none, 0 open. ``full_row``, ``full_column``: filled
    to capacity in every optimum.
    """

    sign: Signs
    full_row: Bools
    full_column: Bools


@dataclass(frozen=True)
class Optimum:
    """The taken arcs (ascending positions), whole-number prices, and what they prove.

    ``bound`` = capacities at their prices + what arcs are worth beyond the prices at their ends;
    no choice of arcs is worth more. ``proven``: it equals ``value``. After `refine`, prices may be
    negative at nodes that all earlier optima fill, and ``face`` holds what all optima up to this
    level have in common.
    """

    taken: Ints  # (T,) positions
    row: Ints  # (T,) their rows
    column: Ints  # (T,) and columns
    row_price: Ints  # (n,)
    column_price: Ints  # (m,)
    value: int
    bound: int
    proven: bool
    face: Face | None = None


def total(numbers: Ints, times: Ints | None = None) -> int:
    """The exact sum of ``numbers`` (times ``times``), however large."""
    largest = max(1, int(np.abs(times).max(initial=0))) if times is not None else 1
    far = max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
    if largest * len(numbers) * far < 2**62:
        return int(numbers.sum() if times is None else numbers @ times)
    factors = [1] * len(numbers) if times is None else times.tolist()
    return sum(a * b for a, b in zip(numbers.tolist(), factors, strict=True))


def judged(arcs: Arcs, taken: Bools, row: Ints, column: Ints, face: Face | None = None) -> Optimum:
    """The optimum that these arcs and prices make, with the bound that they prove."""
    beyond = arcs.reduced(row, column)
    if face is None:
        left = np.maximum(beyond, 0, out=beyond)
    else:
        left = np.where(face.sign == 0, np.maximum(beyond, 0), np.where(face.sign > 0, beyond, 0))
    value = total(arcs.value[taken])
    bound = total(row, arcs.row_capacity) + total(column, arcs.column_capacity) + total(left)
    chosen = ints(np.flatnonzero(taken))
    ends = arcs.row[chosen], arcs.column[chosen]
    return Optimum(chosen, *ends, row, column, value, bound, value == bound, face)


def transposed(arcs: Arcs, compiled: bool = False) -> tuple[Arcs, Ints]:
    """The same arcs by column, and the position that each had by row."""
    start = ints(np.concatenate([[0], np.cumsum(arcs.degree)]))
    if compiled:
        order, row, value = (np.empty_like(arcs.column) for _ in range(3))
        side = Side(arcs.start, arcs.column, arcs.value, arcs.row_capacity, arcs.row_capacity)
        run("turn", True, side, start.copy(), order, row, value)
    else:
        order = by_column(arcs)
        row, value = arcs.row[order], arcs.value[order]
    flipped = object.__new__(Arcs)
    parts: dict[str, Any] = {
        "start": start,
        "column": row,
        "value": value,
        "row_capacity": arcs.column_capacity,
        "column_capacity": arcs.row_capacity,
        "degree": np.diff(arcs.start),
    }
    for name, part in parts.items():
        object.__setattr__(flipped, name, part)
    return flipped, order


def by_column(arcs: Arcs) -> Ints:
    """Positions of the arcs, by column, then row."""
    from scipy.sparse import csr_array

    shape = (len(arcs.row_capacity), len(arcs.column_capacity))
    stored = csr_array((np.arange(len(arcs.column)), arcs.column, arcs.start), shape=shape)
    return ints(stored.tocsc().data)
