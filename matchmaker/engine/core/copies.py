"""A beginning from scipy's solvers, which know neither capacities nor prices.

A capacity of c becomes c copies. Copies at both ends may take an arc twice; the prices of that
easier question are a good beginning, and an arc taken twice is then taken once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matchmaker.engine.arrays import ints
from matchmaker.engine.core.arcs import Arcs
from matchmaker.engine.core.lowest import lowest
from matchmaker.engine.core.settle import Plan
from matchmaker.engine.problem import Ints

_EXACT = 50  # bits of a value that leave path lengths exact in float64
_SMALL = 40_000  # cells up to which the dense solver wins whatever the density
_LARGEST = 50_000_000  # cells of a dense float64 matrix that we are willing to hold (400 MB)
_DENSE_ENOUGH = 0.25  # share of allowed cells from which the dense solver wins


def copied(arcs: Arcs) -> Plan:
    """A plan close to the optimum; the optimum itself when no arc has room for two at both ends
    and no value is so large that float64 rounds it."""
    lost = max(0, int(arcs.value.max(initial=0)).bit_length() - _EXACT)
    value = arcs.value >> lost
    arc, row, column = _copies(arcs)
    shape = (int(arcs.room[0].sum()), int(arcs.room[1].sum()))
    cells = shape[0] * shape[1]
    dense = cells <= _SMALL or (cells <= _LARGEST and len(arc) >= _DENSE_ENOUGH * cells)
    taken = (_dense if dense else _sparse)(value, arc, row, column, shape)
    times = ints(np.bincount(taken, minlength=len(value)))
    double = (arcs.room[0] > 1)[arcs.row] & (arcs.room[1] > 1)[arcs.column]
    row_price, column_price = lowest(replace(arcs, value=value), times, double | (times == 0))
    return Plan(times > 0, row_price << lost, column_price << lost)


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
