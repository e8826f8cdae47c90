"""What the solver hands back: the chosen pairs, the value of every level, and the proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matchmaker.engine.problem import Bools, Ints
from matchmaker.errors import Refusal

LEVEL_NAMES = (
    "guarantees_met",
    "groups_served",
    "needs_staffed",
    "urgent_staffed",
    "important_staffed",
    "ordinary_staffed",
    "reserved_seats",
    "new_employers",
    "worst_fit",
    "seats_filled",
    "total_score",
    "tie_waiting",
    "tie_hash",
)


COUNTED = (
    "guarantees_met",
    "groups_served",
    "needs_staffed",
    "urgent_staffed",
    "important_staffed",
    "ordinary_staffed",
)


@dataclass(frozen=True)
class Levels:
    """Which levels the objective has; the order is fixed. Every level is reported either way.

    ``groups``: distinct groups with a staffed need. ``needs``: staffed needs. ``urgency``: count
    urgent, important and ordinary needs one after another (off: all needs in one level).
    ``new_employers``: distinct employers never seen before whose people get a seat. ``worst_fit``:
    the worst-served need's fit. ``waiting``: longest-waiting people and groups first among equal
    totals. The total score and the hash, which end every tie, are always on.
    """

    groups: bool = True
    needs: bool = True
    urgency: bool = True
    worst_fit: bool = False
    waiting: bool = True
    new_employers: bool = False


@dataclass(frozen=True)
class Prices:
    """Whole numbers that prove the total score best for the staffed set.

    Unit: 1/``scale`` of a score point (per minute a week in ``minute``). Only the price of an
    essential role may be negative, when its seats have to be filled. ``person``: of each seat a
    person can hold. ``long``: of the one seat a person can hold that takes more than half of the
    minutes offered. ``need``: of the seat that staffs a need of optional roles alone. ``once``:
    of the one seat that ``once_person`` can hold in ``once_need``.
    ``bound`` is the highest total that the prices allow; ``gap`` = bound - total score, closed by
    search when it is not 0. ``seated`` (P,), only in the prices of waiting: what the first seat's
    waiting days are worth to each seat a person can hold, 0..person_wait. ``bundled``: people
    (positions, ascending) who pay no prices of their own: what counts is their best bundle of
    seats at the prices of roles. Only for the total score, and in ``grounds``.
    """

    scale: int
    person: Ints  # (P,)
    role: Ints  # (R,) the price of each seat of the role
    minute: Ints  # (P,)
    long: Ints  # (P,)
    need: Ints  # (N,)
    once_person: Ints
    once_need: Ints
    once: Ints
    bound: int
    gap: int
    seated: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    bundled: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Grounds:
    """Whole numbers that bound every level over all sets of needs; see ``grounds``.

    ``prices``: of people. Shortage s speaks of the roles ``role[start[s]:start[s + 1]]``.
    ``weight``: a row for each level counted and for the total score, in order; in units of
    1/``scale`` (and of the prices' scale for the total): of each shortage, of each of these levels
    (those before it count), of the limit on needs, of each promise.
    """

    prices: Prices
    start: Ints  # (S + 1,)
    role: Ints
    weight: Ints  # (L, S + L + 1 + promises)
    scale: int


@dataclass(frozen=True)
class Solution:
    """The best staffing of a problem.

    ``pairs``: indices of the chosen pairs, ascending. ``staffed``: (N,). ``levels``: level →
    value, in the published order (``worst_fit`` only when that level is on). ``bounds``: the
    proven upper bound of each level that was maximised, given the levels before it; equal to the
    value when proven. ``worst_fit_price``: the total score that the worst-fit level costs.
    ``seconds``: per stage. ``ties``: the prices of waiting and of the hash, which with ``prices``
    prove the tie rule lexicographically; None when it rests on the search. ``grounds``: what
    bounds the choice of needs; None where everything that could be staffed is.
    """

    pairs: Ints
    staffed: Bools
    levels: dict[str, int]
    bounds: dict[str, int]
    prices: Prices
    worst_fit_price: int | None = None
    ties: tuple[Prices, Prices] | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    grounds: Grounds | None = None

    @property
    def gaps(self) -> dict[str, int]:
        """Bound minus value of every level that was maximised; all 0 when proven."""
        return {name: bound - self.levels[name] for name, bound in self.bounds.items()}

    @property
    def proven(self) -> bool:
        """Whether every level is proven best."""
        return not any(self.gaps.values())

    def rank(self) -> tuple[int, ...]:
        """The maximised levels in order: of two solutions, the greater rank is the better."""
        return tuple(self.levels[name] for name in self.bounds)


@dataclass(frozen=True)
class Violation:
    """One thing that is not as claimed: a code and its parameters (positions in the problem)."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """``violations``: everything wrong. ``proofs``: level → how its value is known to be best:
    ``count`` (nothing more exists), ``prices`` (for the staffed set), ``search`` (claimed).
    ``staffed_set`` is listed too: ``count`` if every need that could be staffed is."""

    violations: tuple[Violation, ...]
    proofs: dict[str, str]


class PinsRefused(Refusal):
    """The pins contradict the constraints. ``params["pins"]`` is a smallest set of pair indices
    that cannot hold together: leave any one of them out and the rest can."""

    def __init__(self, pins: list[int]) -> None:
        super().__init__("pins_impossible", pins=pins)


def no_pairs() -> Ints:
    """An empty vector of pair indices."""
    return np.zeros(0, dtype=np.int64)
