"""The assignment problem by itself: the highest sum, with prices that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, issparse

from matchmaker.engine.arrays import ints
from matchmaker.engine.core import Arcs, optimum
from matchmaker.engine.core.arcs import LARGEST
from matchmaker.engine.problem import Ints

Floats = NDArray[np.float64]

_BITS = 50  # of a weight that is not whole
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

    Whole-number weights up to 2**60 are solved and proven exactly. Others are read in steps of
    2**-50 of the largest weight, close to what float64 itself can tell apart, and solved exactly in
    these steps; ``proven`` then allows a gap of one part in 10**9 of the sum or the largest weight.

    Raises ValueError naming the argument: not a matrix of real numbers, capacities of the wrong
    length, not whole, or negative.

    >>> found = assign([[90, 85, 0], [88, 50, 0], [0, 70, 60]])
    >>> found.rows.tolist(), found.cols.tolist(), found.value
    ([0, 1, 2], [1, 0, 2], 233.0)
    >>> found.row_price.tolist(), found.col_price.tolist(), found.bound, found.proven
    ([75.0, 73.0, 60.0], [15.0, 10.0, 0.0], 233.0, True)
    >>> assign([[5, 4], [3, 0]], row_capacity=[2, 1]).value
    9.0
    >>> assign([[1, 2]], col_capacity=[1, -1])
    Traceback (most recent call last):
    ValueError: col_capacity: negative
    """
    start, column, value, shape = _read(weights)
    row_room = _capacity(row_capacity, shape[0], "row_capacity")
    col_room = _capacity(col_capacity, shape[1], "col_capacity")
    whole = _whole(value)
    unit = 0 if whole else int(np.frexp(value.max())[1]) - _BITS
    steps = value if whole else np.maximum(np.rint(np.ldexp(value, -unit)), 1)
    arcs = Arcs(start, column, ints(steps), row_room, col_room)
    found = optimum(arcs)
    row_price, col_price = found.row_price, found.column_price
    if whole:
        total, bound = float(found.value), float(found.bound)
        prices = row_price.astype(float), col_price.astype(float)
        proven = found.proven
    else:
        prices = np.ldexp(row_price, unit), np.ldexp(col_price, unit)
        left = np.maximum(value - prices[0][arcs.row] - prices[1][column], 0.0)
        total = float(value[found.taken].sum())
        bound = float(prices[0] @ row_room + prices[1] @ col_room + left.sum())
        proven = found.proven and abs(bound - total) <= _ROUNDING * max(total, bound, value.max())
    return Assignment(found.row, found.column, total, *prices, bound, proven)


def _read(weights: Any) -> tuple[Ints, Ints, Any, tuple[int, int]]:
    """Allowed pairs by row, then column: where rows begin, columns, values; and the shape."""
    if issparse(weights):
        if weights.ndim != 2:
            raise ValueError("weights: not a matrix")
        _check_real(weights.dtype)
        entries = csr_array(weights, copy=True)
        entries.sum_duplicates()
        column, value, shape = entries.indices, entries.data, weights.shape
        row = np.repeat(np.arange(shape[0]), np.diff(entries.indptr))
        allowed = np.isfinite(value) & (value > 0)
        row, column, value = row[allowed], column[allowed], value[allowed]
    else:
        dense = np.asarray(weights)
        _check_real(dense.dtype)
        if dense.ndim != 2:
            raise ValueError("weights: not a matrix")
        shape = dense.shape
        row, column = np.nonzero((dense > 0) & np.isfinite(dense))
        value = dense[row, column]
    start = np.searchsorted(row, np.arange(shape[0] + 1))
    return ints(start), ints(column), value, (int(shape[0]), int(shape[1]))


def _whole(value: Any) -> bool:
    """Whether the values are whole numbers that the core takes as they are."""
    whole = value.dtype.kind in "biu" or (value == np.rint(value)).all()
    return not len(value) or bool(whole and value.max() <= LARGEST)


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
