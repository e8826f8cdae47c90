"""`optimum` and `refine`: which road a question takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.core.arcs import LARGEST, Arcs, Face, Optimum, judged, transposed
from matchmaker.engine.core.compiled import available
from matchmaker.engine.core.copies import copied
from matchmaker.engine.core.lowest import canonical, lowest
from matchmaker.engine.core.settle import Least, Plan, restored, settled, tightened, unsettled
from matchmaker.engine.core.start import auctioned, earlier
from matchmaker.engine.problem import Bools, Ints

Backend = Literal["auto", "scipy", "numba"]

_FEW = 8  # nodes, beside one in twenty, that plain loops repair sooner than scipy begins anew
_SOME = 30_000  # arcs of a face from which importing numba pays
_MANY = 300_000  # arcs from which importing numba pays, where scipy serves too


def optimum(
    arcs: Arcs,
    *,
    near: Optimum | None = None,
    backend: Backend = "auto",
    anyhow: bool = False,
) -> Optimum:
    """The maximum-value choice of arcs, proven by its prices.

    ``near``: the optimum of an almost equal question (arcs, values or capacities changed; rows and
    columns numbered alike, more at the end); it makes the answer come sooner, and does not change
    its value. ``backend``: ``scipy`` never imports numba, ``numba`` always does, ``auto`` decides
    by size. All give the same value and the same prices (of all that prove it, the lowest at the
    columns); only which of several optima is taken may differ, until `refine` decides. ``anyhow``:
    any prices that prove it will do.
    """
    compiled = _compiles(len(arcs.column), _MANY, backend)
    everything = np.ones(len(arcs.column), dtype=bool)

    def solve(kept: Arcs) -> Plan:
        plan = _best(kept, near, compiled)
        return plan if anyhow else tightened(kept, canonical(kept, plan, compiled))

    plan = _planned(arcs, everything, solve)
    return judged(arcs, plan.taken, plan.row_price, plan.column_price)


def refine(
    arcs: Arcs,
    found: Optimum,
    value2: Ints,
    *,
    best: Optimum | None = None,
    backend: Backend = "auto",
) -> Optimum:
    """The best under ``value2`` (whole numbers >= 0) among all optima of the question that
    ``found`` answers. Refining a refined optimum goes one level further. ``best``: takes what is
    known to be best, so that only its prices are looked for.

    All optima share ``found``'s prices: only arcs worth exactly the prices at their ends are open,
    arcs worth more are taken, and a node with a price is full. Prices are those of the new level,
    negative only at nodes that must be full. Raises ValueError if ``found`` is not proven, or if
    values are so large that sums of them along a path could leave int64. Every backend gives the
    same answer and the same prices.
    """
    if not found.proven:
        raise ValueError("found: not proven, so its prices do not say what the other optima are")
    face = found.face or _face(arcs, found)
    second = Arcs(arcs.start, arcs.column, value2, arcs.row_capacity, arcs.column_capacity)
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    if (n + m) * int(second.value.max(initial=0)) >= LARGEST:
        raise ValueError("value2: too large for sums along a path")
    forced = face.sign > 0
    row_capacity = arcs.row_capacity - np.bincount(arcs.row[forced], minlength=n)
    column_capacity = arcs.column_capacity - np.bincount(arcs.column[forced], minlength=m)
    rest = Arcs(arcs.start, arcs.column, value2, row_capacity, column_capacity)
    least = Least(-LARGEST * face.full_row, -LARGEST * face.full_column)
    compiled = _compiles(int((face.sign == 0).sum()), _SOME, backend)

    def solve(kept: Arcs) -> Plan:
        taken = earlier(kept, best).taken if best else None

        def plan(part: Arcs, low: Least) -> Plan:
            borne = None if taken is None else _borne_out(part, taken, low)
            return tightened(part, borne or _auction_road(part, low, compiled))

        return _among_ends(kept, least, plan)

    plan = _planned(rest, face.sign == 0, solve)
    refined = judged(second, plan.taken | forced, plan.row_price, plan.column_price, face)
    return replace(refined, face=_face(second, refined))


def _borne_out(arcs: Arcs, taken: Bools, least: Least) -> Plan | None:
    """The lowest prices that bear out what is ``taken``; None if none do."""
    prices = lowest(arcs, ints(taken), ~taken, least)
    plan = restored(arcs, Plan(taken, *prices), least)
    return None if unsettled(arcs, plan, least) else plan


def _among_ends(arcs: Arcs, least: Least, solve: Callable[[Arcs, Least], Plan]) -> Plan:
    """The plan for the nodes at which arcs end; the others are most of them, and cost nothing."""
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    rows = np.flatnonzero(np.diff(arcs.start))
    columns = np.flatnonzero(np.bincount(arcs.column, minlength=m))
    place = np.zeros(m, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    part = Arcs(
        np.append(arcs.start[rows], len(arcs.column)),
        place[arcs.column],
        arcs.value,
        arcs.row_capacity[rows],
        arcs.column_capacity[columns],
    )
    plan = solve(part, Least(least.row[rows], least.column[columns]))
    row, column = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    row[rows], column[columns] = plan.row_price, plan.column_price
    return Plan(plan.taken, row, column)


def least_at_rows(arcs: Arcs, found: Optimum, *, backend: Backend = "auto") -> Ints:
    """(n,) the lowest row prices that prove ``found``, an answer of `optimum`, best."""
    compiled = _compiles(len(arcs.column), _MANY, backend)
    flipped, order = transposed(arcs, compiled)
    taken = np.zeros(len(order), dtype=bool)
    taken[found.taken] = True
    plan = Plan(taken[order], found.column_price, found.row_price)
    return canonical(flipped, plan, compiled).column_price


def _face(arcs: Arcs, found: Optimum) -> Face:
    """What all optima of the question have in common, read off one optimum's prices."""
    sign = np.sign(arcs.reduced(found.row_price, found.column_price)).astype(np.int8)
    full_row, full_column = found.row_price > 0, found.column_price > 0
    if found.face is None:
        return Face(sign, full_row, full_column)
    sign = np.where(found.face.sign == 0, sign, found.face.sign)
    return Face(sign, full_row | found.face.full_row, full_column | found.face.full_column)


def _compiles(size: int, enough: int, backend: Backend) -> bool:
    return backend == "numba" or (backend == "auto" and size >= enough and available())


def _planned(arcs: Arcs, open_: Bools, solve: Callable[[Arcs], Plan]) -> Plan:
    """The optimum on the open arcs whose ends have capacity; a node without any is then priced so
    high that no arc would want it."""
    shut_row, shut_column = arcs.row_capacity == 0, arcs.column_capacity == 0
    for shut, end in ((shut_row, arcs.row), (shut_column, arcs.column)):
        if shut.any():
            open_ = open_ & ~shut[end]
    if open_.all():
        plan = solve(arcs)
        row, column = plan.row_price, plan.column_price
        return Plan(plan.taken, np.where(shut_row, 0, row), np.where(shut_column, 0, column))
    start = ints(np.concatenate([[0], np.cumsum(open_)])[arcs.start])
    capacities = arcs.row_capacity, arcs.column_capacity
    plan = solve(Arcs(start, arcs.column[open_], arcs.value[open_], *capacities))
    taken = np.zeros(len(open_), dtype=bool)
    taken[open_] = plan.taken
    row = np.where(shut_row, 0, plan.row_price)
    column = np.where(shut_column, 0, plan.column_price)
    for price, node, shut in ((row, arcs.row, shut_row), (column, arcs.column, shut_column)):
        rise = np.zeros_like(price)
        np.maximum.at(rise, node, arcs.reduced(row, column))
        price[shut] += rise[shut]
    return Plan(taken, row, column)


def _best(arcs: Arcs, near: Optimum | None, compiled: bool) -> Plan:
    """An optimal plan: repaired from ``near``, else from an auction, else from scipy's answer."""
    least = Least(np.zeros_like(arcs.row_capacity), np.zeros_like(arcs.column_capacity))
    if near is not None:
        known = earlier(arcs, near)
        plan = restored(arcs, known, least)
        nodes = len(arcs.row_capacity) + len(arcs.column_capacity)
        few = _FEW + nodes // 20
        if compiled or unsettled(arcs, plan, least) <= few:
            return settled(arcs, plan, least, compiled)
        prices = lowest(arcs, ints(known.taken), ~known.taken)
        plan = restored(arcs, Plan(known.taken, *prices), least)
        if unsettled(arcs, plan, least) <= few:
            return settled(arcs, plan, least, compiled)
    if compiled:
        return _auction_road(arcs, least, True)
    return settled(arcs, restored(arcs, copied(arcs), least), least, False)


def _auction_road(arcs: Arcs, least: Least, compiled: bool) -> Plan:
    """From an auction in which the side of fewer units looks for partners."""
    if arcs.room[0].sum() <= arcs.room[1].sum():
        return settled(arcs, auctioned(arcs, least, compiled), least, compiled)
    flipped, order = transposed(arcs, compiled)
    turned = Least(least.column, least.row)
    plan = settled(flipped, auctioned(flipped, turned, compiled), turned, compiled)
    taken = np.zeros(len(order), dtype=bool)
    taken[order] = plan.taken
    return Plan(taken, plan.column_price, plan.row_price)
