"""Where the solving begins: nothing taken and an auction, or the optimum of an earlier question."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.core.arcs import Arcs, Optimum
from matchmaker.engine.core.compiled import run
from matchmaker.engine.core.settle import Least, Plan, paired
from matchmaker.engine.core.state import Side
from matchmaker.engine.problem import Bools, Ints

_OFFERS = 8  # of the auction, for each unit of capacity


def auctioned(arcs: Arcs, least: Least, compiled: bool) -> Plan:
    """A first pairing by auction without steps, at prices that bear it out."""
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    nothing = np.zeros(len(arcs.column), dtype=bool)
    zero = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    pairing = paired(arcs, Plan(nothing, *zero))
    side = Side(arcs.start, arcs.column, arcs.value, arcs.room[0], least.row)
    ask, queue = np.zeros_like(pairing.held), np.zeros(n, dtype=np.int64)
    most = _OFFERS * int(arcs.room[0].sum())
    run("bid", compiled, side, pairing, ask, queue, 0, most)
    taken = bools(pairing.taken)
    price = best_outside(arcs, taken, pairing.other_price, least.row)
    return Plan(taken, price, pairing.other_price)


def best_outside(arcs: Arcs, taken: Bools, column_price: Ints, least: Ints) -> Ints:
    """(n,) the most that an arc not taken is worth beyond its column's price."""
    worth = np.where(taken, least[arcs.row], arcs.value - column_price[arcs.column])
    price = least.copy()
    nonempty = np.flatnonzero(np.diff(arcs.start))
    if len(nonempty):
        best = np.maximum.reduceat(worth, arcs.start[nonempty])
        price[nonempty] = np.maximum(best, least[nonempty])
    return price


def earlier(arcs: Arcs, near: Optimum) -> Plan:
    """An earlier optimum carried over: arcs are recognised by row and column, new rows and columns
    cost nothing yet, and what is no longer there is dropped."""
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    known = np.flatnonzero((near.row < n) & (near.column < m))
    key = arcs.row * m + arcs.column
    wanted = near.row[known] * m + near.column[known]
    place = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    taken = np.zeros(len(key), dtype=bool)
    if len(key):
        taken[place[key[place] == wanted]] = True
    return Plan(taken, _carried(near.row_price, n), _carried(near.column_price, m))


def _carried(price: Ints, size: int) -> Ints:
    carried = np.zeros(size, dtype=np.int64)
    carried[: min(size, len(price))] = price[:size]
    return ints(carried)
