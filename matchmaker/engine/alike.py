"""Features of many people with many roles, as a table that is read some people at a time.

People who are alike in what a part of a feature reads have the same row of it, and roles that are
alike the same column; so each part is worked out once for each kind of person and of role. Tables
of few people stay near the processor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine import features
from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.facts import asked_rows
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Ints

Points = NDArray[np.int16]  # 0..10,000


@dataclass(frozen=True)
class _Part:
    """A part of a feature, and the columns of people, needs and roles that it reads."""

    of: Callable[[Snapshot, Ints, Ints], Ints]
    people: tuple[str, ...]
    needs: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


_HOURS = _Part(features.hours_share, ("minutes", "hours_stated"), roles=("role_minutes",))
_DATES = _Part(features.dates_share, ("from_day", "until_day"), ("starts", "ends"))
_SLOTS = _Part(features.slots_share, ("slots",), ("slots",))
_PLACE = _Part(features.place, ("remote", "onsite", "reach", "district"), ("mode", "district"))
_INTEREST = _Part(features.interest, ("fields",), ("fields",))


class FeatureTables:
    """The features of ``people`` (P,) with ``roles`` (R,)."""

    def __init__(self, snapshot: Snapshot, people: Ints, roles: Ints) -> None:
        self.snapshot, self.people, self.roles = snapshot, people, roles
        self.known: dict[_Part, tuple[Points, Ints]] = {}

    def of(self, name: str, part: slice = slice(None)) -> Ints:
        """(P', R) one feature of some of the people with every role."""
        if name == "skills":
            return self._skills(part)
        if name == "time":
            return ints(formulas.time(*(self._rows(one, part) for one in (_HOURS, _DATES, _SLOTS))))
        if name in ("place", "interest"):
            return self._rows(_PLACE if name == "place" else _INTEREST, part)
        each = self.people[part, None], self.roles[None, :]
        return features.feature(name, self.snapshot, *each)

    def _rows(self, of: _Part, part: slice) -> Ints:
        if of not in self.known:
            self.known[of] = self._kinds_of(of)
        kinds, row = self.known[of]
        return ints(kinds.take(row[part], axis=0))

    def _kinds_of(self, of: _Part) -> tuple[Points, Ints]:
        """A row for each kind of person, and the row of everybody."""
        snapshot, needs = self.snapshot, self.snapshot.needs
        need = needs.role_need[self.roles]
        reads = [getattr(needs, name)[need] for name in of.needs]
        reads += [getattr(needs, name)[self.roles] for name in of.roles]
        person, row = _kinds([getattr(snapshot.people, name)[self.people] for name in of.people])
        role, column = _kinds(reads)
        points = of.of(snapshot, self.people[person, None], self.roles[None, role])
        return points.astype(np.int16).take(column, axis=1), row

    def _skills(self, part: slice) -> Ints:
        weight, credit, total = self._credits
        return ints(formulas.skills((weight @ credit[:, part]).T, total))

    @cached_property
    def _credits(self) -> tuple[csr_array, Ints, Ints]:
        """(R, K) what each skill at a level counts in each role, (K, P) everybody's credit for it,
        however many roles ask for it, and (R,) all that counts."""
        needs = self.snapshot.needs
        role, row = asked_rows(needs, self.roles)
        first, kind = _kinds([needs.asked_skill[row], needs.asked_level[row]])
        credit = features.skill_credit(self.snapshot, self.people, row[first, None])
        starts = np.searchsorted(role, np.arange(len(self.roles) + 1))
        shape = len(self.roles), len(first)
        weight = csr_array((needs.asked_weight[row], kind, starts), shape=shape)
        return weight, credit, ints(weight.sum(axis=1))


def _kinds(columns: list[Any]) -> tuple[Ints, Ints]:
    """Where each kind of rows first stands, and (K,) the kind of each."""
    key = ints(columns[0])
    for each in columns[1:]:
        kind = np.unique(each, return_inverse=True)[1]
        key = key * (int(kind.max(initial=0)) + 1) + kind
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return ints(first), ints(kind)
