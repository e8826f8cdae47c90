"""A beginning from scipy's solvers, which know neither capacities nor prices.

A capacity of c becomes c copies. Copies at both ends may take an arc twice; the prices of that
easier question are a good beginning, and an arc taken twice is then taken once.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.core.arcs import Arcs
from matchmaker.engine.core.kernel import FAR
from matchmaker.engine.core.settle import Least, Plan
from matchmaker.engine.problem import Ints

_EXACT = 50  # bits of a value that leave path lengths exact in float64
_SMALL = 40_000  # cells up to which the dense solver wins whatever the density
_LARGEST = 50_000_000  # cells of a dense float64 matrix that we are willing to hold (400 MB)
_DENSE_ENOUGH = 0.25  # share of allowed cells from which the dense solver wins


def copied(arcs: Arcs, least: Least) -> Plan:
    """A plan close to the optimum, most often the optimum itself. A node that must be full pays a
    bonus that outweighs most of what others could offer."""
    bonus = 16 * (int(arcs.value.max(initial=0)) + 1)
    must = ints(least.row < 0)[arcs.row] + ints(least.column < 0)[arcs.column]
    value = arcs.value + bonus * must
    lost = max(0, int(value.max(initial=0)).bit_length() - _EXACT)
    value >>= lost
    arc, row, column = _copies(arcs)
    shape = (int(arcs.room[0].sum()), int(arcs.room[1].sum()))
    cells = shape[0] * shape[1]
    dense = cells <= _SMALL or (cells <= _LARGEST and len(arc) >= _DENSE_ENOUGH * cells)
    taken = (_dense if dense else _sparse)(value, arc, row, column, shape)
    times = ints(np.bincount(taken, minlength=len(value)))
    row_price, column_price = _prices(arcs, value, times)
    must_row, must_column = bonus * (least.row < 0), bonus * (least.column < 0)
    return Plan(times > 0, (row_price << lost) - must_row, (column_price << lost) - must_column)


def _copies(arcs: Arcs) -> tuple[Ints, Ints, Ints]:
    """Every arc once for each copy of its row and of its column."""
    arc, row = _expand(np.arange(len(arcs.row)), arcs.row, arcs.room[0])
    copy, column = _expand(np.arange(len(arc)), arcs.column[arc], arcs.room[1])
    return arc[copy], row[copy], column


def _expand(arc: Ints, node: Ints, capacity: Ints) -> tuple[Ints, Ints]:
    """Repeat each arc once per copy of its node; copies of a node are numbered in a run."""
    times = capacity[node]
    first = np.cumsum(capacity) - capacity
    if capacity.max(initial=0) <= 1:
        return arc, first[node]
    start = np.cumsum(times) - times
    copy = np.arange(times.sum()) - np.repeat(start, times)
    return np.repeat(arc, times), np.repeat(first[node], times) + copy


def _dense(value: Ints, arc: Ints, row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """Values in a full matrix, 0 where nothing is allowed."""
    values = np.zeros(shape)
    values[row, column] = value[arc]
    which = np.full(shape, -1, dtype=np.int32)
    which[row, column] = arc
    taken = which[linear_sum_assignment(values, maximize=True)]
    return ints(taken[taken >= 0])


def _sparse(value: Ints, arc: Ints, row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """One spare column per row, of value 0, so that every row can be matched. All values are
    shifted up by one, because the solver drops stored zeros."""
    if shape[0] > shape[1]:
        return _sparse(value, arc, column, row, (shape[1], shape[0]))
    spare = np.arange(shape[0])
    values = np.concatenate([value[arc] + 1.0, np.ones(shape[0])])
    rows = np.concatenate([row, spare])
    columns = np.concatenate([column, shape[1] + spare])
    size = (shape[0], shape[1] + shape[0])
    graph = csr_matrix(coo_array((values, (rows, columns)), shape=size))
    matched = min_weight_full_bipartite_matching(graph, maximize=True)
    names = csr_matrix(coo_array((arc + 1, (row, column)), shape=size))
    taken = np.asarray(names[matched]).ravel()
    return ints(taken[taken > 0] - 1)


def _prices(arcs: Arcs, value: Ints, times: Ints) -> tuple[Ints, Ints]:
    """The lowest column prices, and the row prices that go with them, under which no row or
    column would rather have another partner, arcs being taken ``times`` times.

    Column prices start at 0 and rise only where a row would pay more; a row's price is what its
    weakest taken arc leaves it (Bellman-Ford, from the rows whose price has just fallen).
    """
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    used = np.bincount(arcs.row, weights=times, minlength=n)
    full = used >= arcs.row_capacity
    held = np.flatnonzero((times > 0) & full[arcs.row])
    held_row, held_column = arcs.row[held], arcs.column[held]
    column_price = np.zeros(m, dtype=np.int64)
    row_price = np.where(full, FAR, 0)
    np.minimum.at(row_price, held_row, value[held])
    active = np.flatnonzero(np.diff(arcs.start))
    for _ in range(n + m + 2):
        seen = _ranges(arcs.start[active], arcs.start[active + 1])
        risen = column_price.copy()
        np.maximum.at(risen, arcs.column[seen], value[seen] - row_price[arcs.row[seen]])
        higher = bools(risen > column_price)
        if not higher.any():
            break
        column_price[higher] = risen[higher]
        moved = np.flatnonzero(higher[held_column])
        left = np.maximum(value[held[moved]] - column_price[held_column[moved]], 0)
        np.minimum.at(row_price, held_row[moved], left)
        active = np.unique(held_row[moved])
    row_price = np.zeros(n, dtype=np.int64)
    np.maximum.at(row_price, arcs.row, value - column_price[arcs.column])
    return row_price, column_price


def _ranges(start: Ints, stop: Ints) -> Ints:
    """The numbers of several ranges, one after another."""
    size = stop - start
    first = np.cumsum(size) - size
    return ints(np.arange(size.sum()) + np.repeat(start - first, size))
