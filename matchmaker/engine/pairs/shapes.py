"""The shapes of a snapshot: professionals and needs as arrays, ids beside them.

Blank cells have become the value that lets every rule pass (no end of a window, no limit of
reach), with a mask where a feature must know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.files.columns import NEED_MODES
from matchmaker.engine.market import Market
from matchmaker.engine.policy import Policy
from matchmaker.engine.problem import Bools, Ints

REMOTE, ONSITE, HYBRID = (NEED_MODES.index(mode) for mode in ("remote", "onsite", "hybrid"))
ALL_WEEK = 7 * 24 * 60
LONG_AGO, FAR_AHEAD = 0, date.max.toordinal()
UNKNOWN = -1
_TABLE = 4  # a table of all second keys is made where one in so many is asked for
Levels = NDArray[np.int8]


@dataclass(frozen=True)
class Lookup:
    """A sparse table: ``first × width + second`` → value."""

    width: int
    keys: Ints
    values: Ints

    def get(self, first: Ints, second: Ints, default: int) -> Ints:
        """(K,) the value of each (first, second), or ``default``; a table (first, second) of a
        column and a row, or the other way about."""
        if first.ndim == 2 and second.size * _TABLE >= self.width:
            table = self._table(first.ravel(), second.ravel(), default)
            return table if first.shape[1] == 1 else table.T
        wanted = first * self.width + second
        if not len(self.keys):
            return np.full(wanted.shape, default, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[place] == wanted, self.values[place], default)

    def _table(self, first: Ints, second: Ints, default: int) -> Ints:
        begin, end = (np.searchsorted(self.keys, (first + by) * self.width) for by in (0, 1))
        size = end - begin
        at = np.arange(size.sum()) + np.repeat(begin - (np.cumsum(size) - size), size)
        every = np.full((len(first), max(self.width, 1)), default, dtype=np.int64)
        row = np.repeat(np.arange(len(first)), size)
        every[row, self.keys[at] - first[row] * self.width] = self.values[at]
        return every[:, second]


@dataclass(frozen=True)
class People:
    """P professionals. ``minutes``: a week. ``reach``, in 0.1 km, UNKNOWN when not stated."""

    capacity: Ints
    minutes: Ints
    hours_stated: Bools
    remote: Bools
    onsite: Bools
    reach: Ints
    district: Ints  # UNKNOWN when not stated
    from_day: Ints
    until_day: Ints
    slots: Ints  # one bit a slot
    fields: Ints  # one bit a field
    wait: Ints  # days
    any_project: Bools
    verified: Bools
    levels: Levels  # (P, S) skill by skill in memory; 0 = does not have the skill
    near_levels: Levels  # (P, S) likewise: best level among the neighbours of a skill asked for
    speaks: Bools  # (P, L)


@dataclass(frozen=True)
class Needs:
    """N needs with R roles; ``asked`` rows belong to role ``asked_role`` (sorted)."""

    group: Ints
    group_wait: Ints  # (G,) days
    urgency: Ints
    mode: Ints
    district: Ints
    starts: Ints
    ends: Ints
    slots: Ints
    fields: Ints
    requires: Bools  # (N, L) languages
    role_need: Ints
    role_seats: Ints
    role_essential: Bools
    role_minutes: Ints
    asked_role: Ints
    asked_skill: Ints
    asked_level: Ints
    asked_essential: Bools
    asked_weight: Ints  # hundredths
    first_asked: Ints  # (R+1,) where each role's rows begin


@dataclass(frozen=True)
class Snapshot:
    """The arrays of one market under one policy, and the ids they stand for."""

    market: Market
    policy: Policy
    person_at: Mapping[str, int]
    need_at: Mapping[str, int]
    role_at: Mapping[str, int]
    skill_codes: tuple[str, ...]
    languages: tuple[str, ...]
    people: People
    needs: Needs
    distance: Ints  # (D+1, D+1) in 0.1 km; the last row and column stand for an unknown district
    wishes: Lookup  # person, need → rank
    declined: Lookup  # person, need
    conflicts: Lookup  # person, group
    past: Lookup  # person, group → rating, 0 when unrated
    bans: Lookup  # person, role
