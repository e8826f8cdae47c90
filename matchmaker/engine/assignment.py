"""The assignment problem by itself: the highest sum, with prices that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, issparse

from matchmaker.engine.matching import Floats, Graph, best_pairs
from matchmaker.engine.problem import Bools, Ints

_EXACT = 2**53  # whole numbers up to here are exact in float64
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Assignment:
    """A maximum-value assignment and its proof.

    ``rows``, ``cols``: the pairs, sorted by row, then column. ``value``: their sum.
    ``row_price``, ``col_price``: never negative. ``bound``: no assignment is worth more, namely
    sum(row_capacity · row_price) + sum(col_capacity · col_price) + sum over allowed pairs of
    max(0, value - row_price - col_price); the last sum is 0 unless a pair has capacity of two or
    more at both ends. ``proven``: the bound equals the value.
    """

    rows: Ints
    cols: Ints
    value: float
    row_price: Floats
    col_price: Floats
    bound: float
    proven: bool


def assign(weights: Any, row_capacity: Any = None, col_capacity: Any = None) -> Assignment:
    """The maximum-value assignment of rows to columns.

    ``weights``: (n, m) array or scipy.sparse matrix. A finite entry > 0 is an allowed pair and its
    value; anything else (0, NaN, infinite, absent) is not allowed. Entries stored twice in a
    sparse matrix add up, as everywhere in scipy. ``row_capacity``, ``col_capacity``: whole numbers
    >= 0, one each, default 1. A pair is used at most once; unmatched rows and columns are normal.

    Whole-number weights are solved and proven exactly while all sums stay below 2**53. Otherwise
    ``proven`` allows a gap of one part in 10**9: each of the n values and prices in a sum is off
    by at most n roundings of 2**-53 of the largest weight, far below that for n up to a million.

    Raises ValueError naming the argument: not a matrix of real numbers, capacities of the wrong
    length, not whole, or negative.
    """
    shape, row, column, value = _read(weights)
    row_room = _capacity(row_capacity, shape[0], "row_capacity")
    col_room = _capacity(col_capacity, shape[1], "col_capacity")
    usable = (row_room[row] > 0) & (col_room[column] > 0)
    graph = Graph(
        row[usable],
        column[usable],
        value[usable],
        np.minimum(row_room, np.bincount(row[usable], minlength=shape[0])),
        np.minimum(col_room, np.bincount(column[usable], minlength=shape[1])),
    )
    taken = best_pairs(graph)
    chosen = np.zeros(len(value), dtype=bool)
    chosen[np.flatnonzero(usable)[taken]] = True
    everything = Graph(row, column, value, row_room, col_room)
    row_price, col_price = _prices(everything, chosen)
    left = np.maximum(value - row_price[row] - col_price[column], 0.0)
    total = float(value[chosen].sum())
    bound = float(row_price @ row_room + col_price @ col_room + left.sum())
    whole = bool((value == np.rint(value)).all()) and bound < _EXACT
    slack = 0.0 if whole else _ROUNDING * max(total, bound)
    return Assignment(
        rows=row[chosen],
        cols=column[chosen],
        value=total,
        row_price=row_price,
        col_price=col_price,
        bound=bound,
        proven=abs(bound - total) <= slack,
    )


def _read(weights: Any) -> tuple[tuple[int, int], Ints, Ints, Floats]:
    """Shape and allowed pairs, sorted by row, then column."""
    if issparse(weights):
        if weights.ndim != 2:
            raise ValueError("weights: not a matrix")
        _check_real(weights.dtype)
        entries = csr_array(weights, dtype=float, copy=True)
        entries.sum_duplicates()
        stored = entries.tocoo()
        row, column, value = stored.row, stored.col, stored.data
        shape = weights.shape
    else:
        dense = np.asarray(weights)
        _check_real(dense.dtype)
        if dense.ndim != 2:
            raise ValueError("weights: not a matrix")
        row, column = np.nonzero(dense > 0)
        value, shape = dense[row, column].astype(float), dense.shape
    allowed = np.isfinite(value) & (value > 0)
    row, column = row[allowed].astype(np.int64), column[allowed].astype(np.int64)
    return (int(shape[0]), int(shape[1])), row, column, value[allowed]


def _check_real(kind: np.dtype[Any]) -> None:
    if kind.kind not in "biuf":
        raise ValueError("weights: not a matrix of real numbers")


def _capacity(given: Any, size: int, name: str) -> Ints:
    if given is None:
        return np.ones(size, dtype=np.int64)
    capacity = np.asarray(given)
    if capacity.shape != (size,):
        raise ValueError(f"{name}: one whole number is needed for each of {size}")
    numeric = capacity.dtype.kind in "biuf"
    if size and not (numeric and (np.isfinite(capacity) & (capacity == np.rint(capacity))).all()):
        raise ValueError(f"{name}: not whole numbers")
    if (capacity < 0).any():
        raise ValueError(f"{name}: negative")
    return capacity.astype(np.int64)


def _prices(graph: Graph, chosen: Bools) -> tuple[Floats, Floats]:
    """The lowest column prices, and the row prices that go with them, under which no row or
    column would rather have another partner.

    Column prices start at 0 and rise only where a row would pay more; a row's price is what its
    weakest chosen pair leaves it (Bellman-Ford, from the rows whose price has just fallen). If
    the chosen pairs are optimal this settles; if not, the prices still give a valid bound.
    """
    n, m = len(graph.row_capacity), len(graph.column_capacity)
    used = np.bincount(graph.row[chosen], minlength=n)
    full = (used >= graph.row_capacity) & (used > 0)
    held = chosen & full[graph.row]
    held_row, held_column, held_value = graph.row[held], graph.column[held], graph.value[held]
    closed = (graph.row_capacity == 0)[graph.row] | (graph.column_capacity == 0)[graph.column]
    rising = ~closed & (~chosen | ~graph.double)
    row, column, value = graph.row[rising], graph.column[rising], graph.value[rising]
    start = np.searchsorted(row, np.arange(n + 1))
    slack = 0.0 if (value == np.rint(value)).all() else 2.0**-48 * float(value.max(initial=0.0))
    col_price = np.zeros(m)
    row_price = np.where(full, np.inf, 0.0)
    np.minimum.at(row_price, held_row, held_value)
    active = np.flatnonzero(np.diff(start))
    for _ in range(n + m + 2):
        pairs = _ranges(start[active], start[active + 1])
        risen = col_price.copy()
        np.maximum.at(risen, column[pairs], value[pairs] - row_price[row[pairs]])
        higher = risen > col_price + slack
        if not higher.any():
            break
        col_price[higher] = risen[higher]
        moved = higher[held_column]
        np.minimum.at(row_price, held_row[moved], (held_value - col_price[held_column])[moved])
        np.maximum(row_price, 0.0, out=row_price)
        active = np.unique(held_row[moved])
    return _closed(graph, chosen, col_price)


def _ranges(start: Ints, stop: Ints) -> Ints:
    """The numbers of several ranges, one after another."""
    size = stop - start
    first = np.cumsum(size) - size
    numbers: Ints = np.arange(size.sum()) + np.repeat(start - first, size)
    return numbers


def _closed(graph: Graph, chosen: Bools, col_price: Floats) -> tuple[Floats, Floats]:
    """Raise prices until no pair is left that would pay more than both, except where a pair
    taken once has room for more at both ends."""
    no_room = graph.column_capacity == 0
    shut = no_room[graph.column]
    np.maximum.at(col_price, graph.column[shut], graph.value[shut])
    must = ~(chosen & graph.double)
    row_price = np.zeros(len(graph.row_capacity))
    left = graph.value[must] - col_price[graph.column[must]]
    np.maximum.at(row_price, graph.row[must], left)
    return row_price, col_price
