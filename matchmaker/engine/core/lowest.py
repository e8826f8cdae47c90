"""Of all prices that prove a choice of arcs best, always the same: the columns' lowest.

They do not depend on how, or from which of several equal optima, they were found, because the
prices that prove an optimum form a lattice (Shapley & Shubik, 1971).
"""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import bools, firsts, ints
from matchmaker.engine.core.arcs import Arcs
from matchmaker.engine.core.compiled import run
from matchmaker.engine.core.kernel import FAR
from matchmaker.engine.core.settle import Least, Plan, paired, searching, siding
from matchmaker.engine.problem import Bools, Ints


def canonical(arcs: Arcs, plan: Plan, compiled: bool) -> Plan:
    """An optimal plan with the lowest column prices and the highest row prices."""
    if compiled:
        pairing = paired(arcs, plan)
        zero = np.zeros_like(arcs.row_capacity)
        run("lower", True, siding(arcs, zero), pairing, searching(arcs))
        return Plan(plan.taken, pairing.price, pairing.other_price)
    row, column = lowest(arcs, ints(plan.taken), ~plan.taken)
    return Plan(plan.taken, row, column)


def lowest(arcs: Arcs, times: Ints, free: Bools, least: Least | None = None) -> tuple[Ints, Ints]:
    """(n,) and (m,) prices under which no row or column would rather have another partner, arcs
    being taken ``times`` times and those that are ``free`` to be taken (once more).

    Column prices start at their ``least`` (0) and rise only where a row would pay more for a free
    arc; a full row's price is what its weakest taken arc leaves it (Bellman-Ford, from the rows
    whose price has just fallen). If ``times`` is not optimal the prices are still valid once
    `restored`.
    """
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    least = least or Least(np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64))
    full = bools(np.bincount(arcs.row, weights=times, minlength=n) >= arcs.row_capacity)
    held = np.flatnonzero((times > 0) & full[arcs.row])
    held_row, held_column = arcs.row[held], arcs.column[held]
    row_price, column_price = np.where(full, FAR, 0), least.column.copy()
    np.minimum.at(row_price, held_row, arcs.value[held] - column_price[held_column])
    active = np.flatnonzero(np.diff(arcs.start))
    for _ in range(n + m + 2):
        seen = _ranges(arcs.start[active], arcs.start[active + 1])
        seen = seen[free[seen]]
        risen = column_price.copy()
        offer = arcs.value[seen] - row_price[arcs.row[seen]]
        np.maximum.at(risen, arcs.column[seen], offer)
        higher = bools(risen > column_price)
        if not higher.any():
            break
        column_price = risen
        moved = np.flatnonzero(higher[held_column])
        left = arcs.value[held[moved]] - column_price[held_column[moved]]
        np.minimum.at(row_price, held_row[moved], np.maximum(left, least.row[held_row[moved]]))
        active = held_row[moved[firsts(held_row[moved])]]
    return ints(row_price), column_price


def _ranges(start: Ints, stop: Ints) -> Ints:
    """The numbers of several ranges, one after another."""
    size = stop - start
    first = np.cumsum(size) - size
    return ints(np.arange(size.sum()) + np.repeat(start - first, size))
