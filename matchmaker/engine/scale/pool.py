"""The pairs kept so far, and what is known of those that were left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import ordered
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.scale.found import NONE, Found

_SCORE = 14  # bits of a score


@dataclass(frozen=True)
class Pool:
    """K kept pairs sorted by role, then person. No pair of role r left behind has more than
    ``beyond[:, r]`` (score, days waited, hash); NONE where nothing was left behind."""

    people: int
    person: Ints
    role: Ints
    score: Ints
    beyond: Ints  # (3, R)

    @classmethod
    def of(cls, people: int, parts: Iterable[Found], room: Ints) -> Pool:
        """The pool of a first search without prices that kept ``room`` pairs of each role. Of each
        part only what the pool needs outlives it: one number a pair, in the order of the pool."""
        beyond = np.full((3, len(room)), NONE, dtype=np.int64)
        bits, numbers = people.bit_length(), [np.zeros(0, dtype=np.int64)]
        for part in parts:
            part.bound(room, beyond)
            numbers.append(((part.role << bits | part.person) << _SCORE) | part.score)
        number = np.concatenate(numbers)
        number.sort()
        score = number & (1 << _SCORE) - 1
        number >>= _SCORE
        return cls(people, number & (1 << bits) - 1, number >> bits, score, beyond)

    @property
    def complete(self) -> bool:
        """Whether no pair was left behind."""
        return bool((self.beyond[0] == NONE).all())

    def lacks(self, found: Found) -> Bools:
        """(K,) which of the found pairs are not in the pool."""
        mine, theirs = self._key(self.person, self.role), self._key(found.person, found.role)
        place = np.minimum(np.searchsorted(mine, theirs), max(len(mine) - 1, 0))
        return mine[place] != theirs if len(mine) else np.ones(len(theirs), dtype=bool)

    def _key(self, person: Ints, role: Ints) -> Ints:
        return role * self.people + person

    def with_pairs(self, person: Ints, role: Ints, score: Ints) -> Pool:
        """The pool with these pairs too; those it has already are left as they are."""
        mine = self._key(self.person, self.role)
        theirs, first = np.unique(self._key(person, role), return_index=True)
        place = np.searchsorted(mine, theirs)
        known = place < len(mine)
        known[known] = mine[place[known]] == theirs[known]
        place, first = place[~known], first[~known]
        rows = ((self.person, person), (self.role, role), (self.score, score))
        who, seat, points = (np.insert(old, place, new[first]) for old, new in rows)
        return Pool(self.people, who, seat, points, self.beyond)

    def by_person(self) -> tuple[Ints, Ints, Ints]:
        """Persons, roles and scores, sorted by person, then role."""
        order = ordered(self.person, self.role)
        return self.person[order], self.role[order], self.score[order]

    def may_improve(self, tolls_role: Ints, scale: Ints) -> Bools:
        """(R,) roles of which a pair left behind could be worth more than the role's price:
        greater at the first level where they differ. ``tolls_role``: (3, R)."""
        above, equal = np.zeros(self.beyond.shape[1], dtype=bool), self.beyond[0] > NONE
        for level in range(3):
            most = np.where(equal, self.beyond[level] * scale[level], NONE)
            above |= equal & (most > tolls_role[level])
            equal = equal & (most == tolls_role[level])
        return above
