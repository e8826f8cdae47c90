"""Where the solving begins: nothing taken and an auction, or the optimum of an earlier question."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.core.arcs import Arcs, Optimum
from matchmaker.engine.core.compiled import run
from matchmaker.engine.core.settle import Least, Plan, paired
from matchmaker.engine.core.state import Side
from matchmaker.engine.problem import Ints

_OFFERS, _STEPPED = 6, 40  # of the auction, for each unit of capacity: without and with steps
_PART = 4  # a step is this part of what a middling row's best arc is worth beyond its second
_SAMPLE = 200  # rows


def auctioned(arcs: Arcs, least: Least, compiled: bool) -> Plan:
    """A first pairing by auction, at prices that bear it out. Steps make a contested auction end
    soon; what they spoil is little, and repaired."""
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    nothing = np.zeros(len(arcs.column), dtype=bool)
    free = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    pairing = paired(arcs, Plan(nothing, *free))
    side = Side(arcs.start, arcs.column, arcs.value, arcs.room[0], least.row)
    ask, queue = np.zeros_like(pairing.held), np.zeros(n, dtype=np.int64)
    units = int(arcs.room[0].sum())
    if run("bid", compiled, side, pairing, ask, queue, 0, _OFFERS * units) == _OFFERS * units:
        step = max(1, _middling_gain(arcs) // _PART)
        run("bid", compiled, side, pairing, ask, queue, step, _STEPPED * units)
    run("bear_out", compiled, side, pairing)
    return Plan(bools(pairing.taken), pairing.price, pairing.other_price)


def _middling_gain(arcs: Arcs) -> int:
    """The median, over a sample of rows, of what the best arc is worth beyond the second best."""
    rows = np.flatnonzero(np.diff(arcs.start) > 1)
    gains = []
    for row in rows[:: len(rows) // _SAMPLE + 1]:
        second, best = np.partition(arcs.value[arcs.start[row] : arcs.start[row + 1]], -2)[-2:]
        gains.append(int(best - second))
    return sorted(gains)[len(gains) // 2] if gains else 0


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
