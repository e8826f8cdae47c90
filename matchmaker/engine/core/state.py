"""The arrays that the loops of `kernel` work on, named. Plain lists serve as well as arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

Vector = Any  # an int64 array when compiled, a list when not


class Side(NamedTuple):
    """The side that looks for partners (n nodes), the other side (m nodes), the K arcs."""

    start: Vector  # (n + 1,)
    other: Vector  # (K,)
    value: Vector  # (K,)
    room: Vector  # (n,)
    least: Vector  # (n,) lowest price: 0, or far below it for a node that must be full


class Pairing(NamedTuple):
    """Which arcs are taken, at which prices. ``held[first[j]:first[j] + holders[j]]`` are the arcs
    taken at node j of the other side, ``owner`` their nodes on the looking side."""

    taken: Vector  # (K,)
    price: Vector  # (n,)
    other_price: Vector  # (m,)
    count: Vector  # (n,) arcs taken at a node of the looking side
    first: Vector  # (m + 1,)
    held: Vector
    owner: Vector
    holders: Vector  # (m,)


class Search(NamedTuple):
    """Room for one search over the n + m nodes: those of the looking side come first."""

    distance: Vector  # FAR where not reached
    via: Vector  # a node of the other side: the arc it was reached by; else the slot it would leave
    before: Vector  # the node it was reached from
    heap: Vector
    place: Vector  # in the heap, -1 outside
    ready: Vector
    reached: Vector
