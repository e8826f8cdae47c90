"""The matching problem of one round as arrays: what the solver reads, and nothing else.

Indices are positions in the id vectors that a market keeps beside these arrays. A market sorts by
id before it numbers anything, so the order of input rows never reaches the solver.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

URGENT, IMPORTANT, ORDINARY = 0, 1, 2


@dataclass(frozen=True)
class Guarantee:
    """At least ``least`` of ``groups`` (positions, ascending) are served, as far as possible."""

    name: str
    groups: Ints
    least: int


@dataclass(frozen=True)
class Reserve:
    """At least ``seats`` of ``needs`` go to ``people`` (positions, ascending), if possible."""

    people: Ints
    needs: Ints
    seats: int

    def holds(self, person: Ints, need: Ints) -> Bools:
        """Which pairs, given as positions, are of this reserve."""
        return np.isin(person, self.people) & np.isin(need, self.needs)


@dataclass(frozen=True)
class Problem:
    """People, needs with roles, and the allowed pairs between people and roles.

    Shapes: P people, G groups, N needs, R roles, K allowed pairs. Hours are whole minutes a week.
    ``pair_*`` hold only pairs that every rule and the floor allow and no ban forbids, sorted by
    person, then role. ``pins`` are indices into the pairs. ``pair_hash`` decides what waiting
    leaves equal. ``person_employer`` numbers the employers a policy favours, -1 for everybody else.
    """

    person_capacity: Ints  # (P,) needs a person can still take
    person_minutes: Ints  # (P,) minutes a week offered
    person_wait: Ints  # (P,) days a person has waited
    group_wait: Ints  # (G,) days a group has waited
    need_group: Ints  # (N,) group of each need
    need_urgency: Ints  # (N,) URGENT, IMPORTANT or ORDINARY
    role_need: Ints  # (R,) need of each role
    role_seats: Ints  # (R,) identical seats of a role
    role_essential: Bools  # (R,)
    role_minutes: Ints  # (R,) minutes a week that a seat asks
    pair_person: Ints  # (K,)
    pair_role: Ints  # (K,)
    pair_score: Ints  # (K,) 1..10,000
    pair_hash: Ints  # (K,) 0..2**20-1
    pins: Ints  # (pins,) pairs that must be chosen
    max_needs: int | None = None  # at most this many needs are staffed
    guarantees: tuple[Guarantee, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    person_employer: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (P,)

    def __post_init__(self) -> None:
        if not len(self.person_employer):
            nobody = np.full(len(self.person_capacity), -1, dtype=np.int64)
            object.__setattr__(self, "person_employer", nobody)
        for names, upper in _LENGTHS:
            if len({len(getattr(self, name)) for name in names}) != 1:
                raise ValueError(f"{', '.join(names)}: different lengths")
            for name in names:
                _check_range(name, getattr(self, name), *upper.get(name, (0, _MOST)))
        for name, counted in _POINTERS:
            pointed = getattr(self, name)
            if pointed.size and pointed.max() >= len(getattr(self, counted)):
                raise ValueError(f"{name}: points past the end of {counted}")
        key = self.pair_person * max(len(self.role_need), 1) + self.pair_role
        if (np.diff(key) <= 0).any():
            raise ValueError("pair_person, pair_role: not sorted by person, then role")

    @cached_property
    def pair_need(self) -> Ints:
        """(K,) need of each pair's role."""
        return self.role_need[self.pair_role]

    @cached_property
    def pair_minutes(self) -> Ints:
        """(K,) minutes a week of each pair's seat."""
        return self.role_minutes[self.pair_role]


_MOST = 2**31
_WEEK = 7 * 24 * 60  # minutes
_PERSON = {
    "person_minutes": (0, _WEEK),
    "person_capacity": (0, 2**16),
    "person_employer": (-1, _MOST),
}
_LENGTHS: tuple[tuple[tuple[str, ...], dict[str, tuple[int, int]]], ...] = (
    (("person_capacity", "person_minutes", "person_wait", "person_employer"), _PERSON),
    (("group_wait",), {}),
    (("need_group", "need_urgency"), {"need_urgency": (URGENT, ORDINARY)}),
    (
        ("role_need", "role_seats", "role_essential", "role_minutes"),
        {"role_seats": (1, 2**16), "role_minutes": (0, _WEEK)},
    ),
    (
        ("pair_person", "pair_role", "pair_score", "pair_hash"),
        {"pair_score": (1, 10_000), "pair_hash": (0, 2**20 - 1)},
    ),
    (("pins",), {}),
)
_POINTERS = (
    ("need_group", "group_wait"),
    ("role_need", "need_group"),
    ("pair_person", "person_capacity"),
    ("pair_role", "role_need"),
    ("pins", "pair_person"),
)


def _check_range(name: str, values: Ints | Bools, least: int, most: int) -> None:
    if values.ndim != 1:
        raise ValueError(f"{name}: not a vector")
    if values.size and not least <= int(values.min()) <= int(values.max()) <= most:
        raise ValueError(f"{name}: not within {least}..{most}")
