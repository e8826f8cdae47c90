"""Maximum-value pairs between rows and columns of given capacity: which solver, and how asked.

All solvers see the same question: leaving a row or column out is free, so a perfect matching of
the smaller side never has to exist. A capacity of c becomes c copies. Copies at both ends
would allow a pair twice; such pairs are first given a row and a column of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matchmaker.engine.problem import Bools, Ints

Floats = NDArray[np.float64]

_SMALL = 40_000  # cells up to which the dense solver wins whatever the density
_LARGEST = 50_000_000  # cells of a dense float64 matrix that we are willing to hold (400 MB)
_DENSE_ENOUGH = 0.25  # share of allowed cells from which the dense solver wins


@dataclass(frozen=True)
class Graph:
    """The allowed pairs (sorted by row, column), their values > 0, and capacities cut to use."""

    row: Ints
    column: Ints
    value: Floats
    row_capacity: Ints
    column_capacity: Ints

    @property
    def double(self) -> Bools:
        """Pairs with room for more than one at both ends."""
        return (self.row_capacity[self.row] > 1) & (self.column_capacity[self.column] > 1)

    def flipped(self) -> Graph:
        """Rows and columns exchanged."""
        return Graph(self.column, self.row, self.value, self.column_capacity, self.row_capacity)


def best_pairs(graph: Graph) -> Ints:
    """Positions of the pairs of a maximum-value assignment."""
    if not len(graph.row):
        return np.zeros(0, dtype=np.int64)
    if graph.double.any():
        return _once(graph)
    if graph.row_capacity.sum() > graph.column_capacity.sum():
        return best_pairs(graph.flipped())
    pair, row, column = _copies(graph)
    shape = (int(graph.row_capacity.sum()), int(graph.column_capacity.sum()))
    cells = shape[0] * shape[1]
    dense = cells <= _SMALL or (cells <= _LARGEST and len(pair) >= _DENSE_ENOUGH * cells)
    return (_dense if dense else _sparse)(graph, pair, row, column, shape)


def _copies(graph: Graph) -> tuple[Ints, Ints, Ints]:
    """Every pair once for each copy of its row and of its column."""
    pair = np.arange(len(graph.row))
    pair, row = _expand(pair, graph.row, graph.row_capacity)
    copied, column = _expand(np.arange(len(pair)), graph.column[pair], graph.column_capacity)
    return pair[copied], row[copied], column


def _expand(pair: Ints, node: Ints, capacity: Ints) -> tuple[Ints, Ints]:
    """Repeat each pair once per copy of its node; copies of a node are numbered in a run."""
    times = capacity[node]
    first = np.cumsum(capacity) - capacity
    if capacity.max() == 1:
        return pair, first[node]
    start = np.cumsum(times) - times
    copy = np.arange(times.sum()) - np.repeat(start, times)
    return np.repeat(pair, times), np.repeat(first[node], times) + copy


def _dense(graph: Graph, pair: Ints, row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """Values in a full matrix, 0 where nothing is allowed: a pair matched at 0 is left out."""
    values = np.zeros(shape)
    values[row, column] = graph.value[pair]
    which = np.full(shape, -1, dtype=np.int64 if len(graph.row) > 2**31 else np.int32)
    which[row, column] = pair
    rows, columns = linear_sum_assignment(values, maximize=True)
    taken = which[rows, columns]
    return np.sort(taken[taken >= 0]).astype(np.int64)


def _sparse(graph: Graph, pair: Ints, row: Ints, column: Ints, shape: tuple[int, int]) -> Ints:
    """One spare column per row, of value 0, so that every row can be matched. All values are
    shifted up by the same amount, because the solver drops stored zeros."""
    spare = np.arange(shape[0])
    shift = 2.0 ** np.floor(np.log2(graph.value.max()))
    shift = 1.0 if (graph.value == np.rint(graph.value)).all() else shift
    values = np.concatenate([graph.value[pair] + shift, np.full(shape[0], shift)])
    rows = np.concatenate([row, spare])
    columns = np.concatenate([column, shape[1] + spare])
    size = (shape[0], shape[1] + shape[0])
    graph_matrix = csr_matrix(coo_array((values, (rows, columns)), shape=size))
    matched = min_weight_full_bipartite_matching(graph_matrix, maximize=True)
    names = csr_matrix(coo_array((pair + 1, (row, column)), shape=size))
    taken = np.asarray(names[matched]).ravel()
    return np.sort(taken[taken > 0] - 1).astype(np.int64)


def _once(graph: Graph) -> Ints:
    """The same question without pairs that have room for more at both ends: each such pair becomes
    a row and a column of its own, k'' and k', joined to the old ends and to each other.

    The joints pay more than any pair, so at the best k'' is always joined: to k' (pair unused) or
    to the old column, which frees k' for the old row (pair used, once).
    """
    double = np.flatnonzero(graph.double)
    n, m = len(graph.row_capacity), len(graph.column_capacity)
    extra = np.arange(len(double))
    joint = np.full(len(double), np.ceil(graph.value.max()) + 1.0)
    column = graph.column.copy()
    column[double] = m + extra
    ones = np.ones_like(extra)
    found = best_pairs(
        Graph(
            np.concatenate([graph.row, n + extra, n + extra]),
            np.concatenate([column, graph.column[double], m + extra]),
            np.concatenate([graph.value, joint, joint]),
            np.concatenate([graph.row_capacity, ones]),
            np.concatenate([graph.column_capacity, ones]),
        )
    )
    return found[found < len(graph.row)]
