"""From any prices and any taken arcs to an exact optimum: restore, repair, tighten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import bools, ints, ordered
from matchmaker.engine.core.arcs import Arcs, transposed
from matchmaker.engine.core.compiled import run
from matchmaker.engine.core.kernel import FAR
from matchmaker.engine.core.state import Pairing, Search, Side
from matchmaker.engine.problem import Bools, Ints


@dataclass(frozen=True)
class Plan:
    """Taken arcs and the prices that go with them."""

    taken: Bools
    row_price: Ints
    column_price: Ints


@dataclass(frozen=True)
class Least:
    """The lowest price of each node: 0, or far below for a node that must be full."""

    row: Ints
    column: Ints


def restored(arcs: Arcs, plan: Plan, least: Least) -> Plan:
    """The same plan with complementary slackness on every arc: too good an arc raises the price
    at that end where more arcs are too good; what is taken and no longer worth it is released."""
    row, column = np.maximum(plan.row_price, least.row), np.maximum(plan.column_price, least.column)
    beyond = arcs.reduced(row, column)
    taken = _within(arcs, plan.taken, beyond)
    good = np.flatnonzero(~taken & (beyond > 0))
    if len(good):
        by_row = np.bincount(arcs.row[good], minlength=len(row))
        by_column = np.bincount(arcs.column[good], minlength=len(column))
        raised = good[by_column[arcs.column[good]] > by_row[arcs.row[good]]]
        rise = np.zeros_like(column)
        np.maximum.at(rise, arcs.column[raised], beyond[raised])
        column, left = column + rise, beyond[good] - rise[arcs.column[good]]
        rise = np.zeros_like(row)
        np.maximum.at(rise, arcs.row[good], left)
        row = row + rise
        beyond = arcs.reduced(row, column)
    return Plan(taken & (beyond >= 0), row, column)


def _within(arcs: Arcs, taken: Bools, beyond: Ints) -> Bools:
    """The taken arcs that capacities leave, the best ones first at each end."""
    for node, capacity in (
        (arcs.row, arcs.row_capacity),
        (arcs.column, arcs.column_capacity),
    ):
        chosen = np.flatnonzero(taken)
        used = np.bincount(node[chosen], minlength=len(capacity))
        if (used > capacity).any():
            chosen = chosen[np.lexsort((-beyond[chosen], node[chosen]))]
            first = np.cumsum(used) - used
            rank = np.arange(len(chosen)) - first[node[chosen]]
            taken = taken.copy()
            taken[chosen[rank >= capacity[node[chosen]]]] = False
    return taken


def settled(arcs: Arcs, plan: Plan, least: Least, compiled: bool) -> Plan:
    """The optimum reached from a plan that satisfies complementary slackness on the arcs."""
    if _unsettled(arcs.row, plan, arcs.row_capacity, plan.row_price, least.row):
        plan = filled(arcs, plan, least, compiled)
    if _unsettled(arcs.column, plan, arcs.column_capacity, plan.column_price, least.column):
        flipped, order = transposed(arcs, compiled)
        turned = Plan(plan.taken[order], plan.column_price, plan.row_price)
        turned = filled(flipped, turned, Least(least.column, least.row), compiled)
        taken = np.empty_like(plan.taken)
        taken[order] = turned.taken
        plan = Plan(taken, turned.column_price, turned.row_price)
    return plan


def unsettled(arcs: Arcs, plan: Plan, least: Least) -> int:
    """How many nodes have a price and room."""
    rows = _unsettled(arcs.row, plan, arcs.row_capacity, plan.row_price, least.row)
    return rows + _unsettled(
        arcs.column, plan, arcs.column_capacity, plan.column_price, least.column
    )


def _unsettled(node: Ints, plan: Plan, capacity: Ints, price: Ints, least: Ints) -> int:
    used = np.bincount(node[plan.taken], minlength=len(capacity))
    return int(((used < capacity) & (price > least)).sum())


def filled(arcs: Arcs, plan: Plan, least: Least, compiled: bool) -> Plan:
    """Every row full or at its lowest price."""
    pairing = paired(arcs, plan)
    run("fill", compiled, siding(arcs, least.row), pairing, searching(arcs))
    return Plan(bools(pairing.taken), pairing.price, pairing.other_price)


def paired(arcs: Arcs, plan: Plan) -> Pairing:
    """The plan as the loops know it. A column has a slot more than it has arcs, if its capacity
    allows, so that it is full only when its capacity is used."""
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    slots = np.minimum(arcs.column_capacity, arcs.degree + 1)
    first = np.concatenate([[0], np.cumsum(slots)])
    chosen = np.flatnonzero(plan.taken)
    chosen = chosen[ordered(arcs.column[chosen], chosen)]
    holders = np.bincount(arcs.column[chosen], minlength=m)
    column = arcs.column[chosen]
    place = first[column] + np.arange(len(chosen)) - (np.cumsum(holders) - holders)[column]
    held, owner = np.zeros(first[-1], dtype=np.int64), np.zeros(first[-1], dtype=np.int64)
    held[place], owner[place] = chosen, arcs.row[chosen]
    return Pairing(
        taken=plan.taken.astype(np.int8),
        price=plan.row_price.astype(np.int64),
        other_price=plan.column_price.astype(np.int64),
        count=ints(np.bincount(arcs.row[chosen], minlength=n)),
        first=ints(first),
        held=held,
        owner=owner,
        holders=ints(holders),
    )


def siding(arcs: Arcs, least: Ints) -> Side:
    """The rows as the side that looks for partners."""
    return Side(arcs.start, arcs.column, arcs.value, arcs.row_capacity, least)


def searching(arcs: Arcs) -> Search:
    """Room for a search over all rows and columns."""
    nodes = len(arcs.row_capacity) + len(arcs.column_capacity)
    empty = [np.zeros(nodes, dtype=np.int64) for _ in range(5)]
    via, before, heap, ready, reached = empty
    far, outside = np.full(nodes, FAR), np.full(nodes, -1)
    return Search(far, via, before, heap, outside, ready, reached)


def tightened(arcs: Arcs, plan: Plan) -> Plan:
    """The same optimum with prices as high as they may be: a full row, then a full column, keeps
    nothing that its weakest taken arc is worth beyond the prices."""
    row, column = plan.row_price.copy(), plan.column_price.copy()
    chosen = np.flatnonzero(plan.taken)
    i, j = arcs.row[chosen], arcs.column[chosen]
    for price, node, capacity in ((row, i, arcs.row_capacity), (column, j, arcs.column_capacity)):
        full = (np.bincount(node, minlength=len(price)) == capacity) & (capacity > 0)
        weakest = np.full(len(price), FAR)
        np.minimum.at(weakest, node, arcs.value[chosen] - row[i] - column[j])
        price[full] += weakest[full]
    return Plan(plan.taken, row, column)
