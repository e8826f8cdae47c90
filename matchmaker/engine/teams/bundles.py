"""What one person does in all: bundles of seats within capacity and hours, one seat in a need.

Where somebody's seats stand in each other's way, a limit on each seat by itself says too little;
a bundle is looked at as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.problem import Ints, Problem

MOST = 20_000  # bundles of one person that are listed


@dataclass(frozen=True)
class Person:
    """Somebody's pairs, and for each its need and minutes; ``room`` seats and ``offered`` minutes
    in all."""

    pairs: Ints
    need: Ints
    minutes: Ints
    room: int
    offered: int


Bundle = tuple[int, ...]  # positions among a person's pairs


def person_of(problem: Problem, pairs: Ints, room: int) -> Person:
    """The person whose allowed pairs are those at ``pairs``."""
    offered = int(problem.person_minutes[problem.pair_person[pairs[0]]])
    return Person(pairs, problem.pair_need[pairs], problem.pair_minutes[pairs], room, offered)


def holds(person: Person, bundle: Bundle) -> bool:
    """Whether ``bundle`` keeps to the person's room and hours, with one seat in a need."""
    seats = list(bundle)
    inside = len(seats) <= person.room and min(seats, default=0) >= 0
    return (
        inside
        and int(person.minutes[seats].sum()) <= person.offered
        and len(set(person.need[seats].tolist())) == len(seats)
    )


def best(person: Person, worth: Floats, beside: float = 0.0) -> tuple[float, Bundle]:
    """The bundle of the greatest ``worth`` (of each pair), and that worth; the empty one is worth
    nothing. ``beside``: what any bundle that is not empty is worth besides."""
    found: tuple[float, Bundle] = 0.0, ()
    for value, bundle in _grown(person, worth, beside, keen=True):
        if value > found[0]:
            found = value, bundle
    return found


def at_least(person: Person, worth: Floats, least: float, most: int = MOST) -> list[Bundle]:
    """Bundles worth at least ``least``, without the empty one: all of them, or ``most`` if there
    are more."""
    every = _grown(person, worth, 0.0, keen=False, least=least)
    return list(islice((bundle for _, bundle in every), most))


def _grown(
    person: Person, worth: Floats, beside: float, *, keen: bool, least: float = 0.0
) -> Iterator[tuple[float, Bundle]]:
    """Bundles with their worth, seats of greater worth first. ``keen``: only such as are worth more
    than all before; else all that could be worth at least ``least``."""
    order = np.argsort(-worth, kind="stable")
    if keen:
        order = order[worth[order] > 0]
    elif len(order):  # the best others could make up for a seat worth less than nothing
        top = float(np.maximum(worth[order[: person.room - 1]], 0).sum())
        order = order[worth[order] + top + beside >= least]
    value, need = worth[order].tolist(), person.need[order].tolist()
    minutes, at = person.minutes[order].tolist(), order.tolist()
    yield from _extended((value, need, minutes, at), person, beside, least, keen=keen)


def _extended(
    seats: tuple[Sequence[float], Sequence[int], Sequence[int], Sequence[int]],
    person: Person,
    beside: float,
    least: float,
    *,
    keen: bool,
) -> Iterator[tuple[float, Bundle]]:
    value, need, minutes, at = seats
    count, reached = len(at), least
    stack: list[tuple[int, float, int, tuple[int, ...]]] = [(0, beside, person.offered, ())]
    while stack:
        first, total, left, held = stack.pop()
        more = person.room - len(held)
        if first == count or more == 0:
            continue
        # the seats from here on are worth at most that of the first each, and nobody has to take it
        most = total + value[first] + (more - 1) * max(value[first], 0.0)
        if most < reached or (keen and most == reached):
            continue
        stack.append((first + 1, total, left, held))
        if minutes[first] <= left and all(need[first] != need[one] for one in held):
            worth, taken = total + value[first], (*held, first)
            if worth > reached or (not keen and worth == reached):
                yield worth, tuple(sorted(at[one] for one in taken))
                if keen:
                    reached = worth
            stack.append((first + 1, worth, left - minutes[first], taken))
