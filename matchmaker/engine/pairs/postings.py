"""Posting lists: who has each essential skill, and from which list each role starts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Bools, Ints


@dataclass(frozen=True)
class Postings:
    """For each skill that is essential somewhere the people who have it, ascending, and for each
    role the skill of its own with the fewest (-1: none is essential, so everybody)."""

    first: Ints  # (S+2,) where the people of each skill begin; the last list holds everybody
    person: Ints
    rarest: Ints  # (R,)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Postings:
        """The postings of a snapshot."""
        levels, needs = snapshot.people.levels, snapshot.needs
        rows = np.flatnonzero(needs.asked_essential)
        wanted = np.unique(needs.asked_skill[rows])
        lists = {int(skill): ints(np.flatnonzero(levels[:, skill] > 0)) for skill in wanted}
        everyone = ints(np.arange(len(levels)))
        people = [lists.get(skill, everyone[:0]) for skill in range(levels.shape[1])]
        people.append(everyone)
        count = ints([len(each) for each in people])
        rarest = np.full(len(needs.role_need), -1, dtype=np.int64)
        skill = needs.asked_skill[rows]
        rows = rows[np.lexsort((rows, count[skill], needs.asked_role[rows]))]
        role, at = np.unique(needs.asked_role[rows], return_index=True)
        rarest[role] = needs.asked_skill[rows[at]]
        first = np.concatenate([[0], np.cumsum(count)])
        return cls(ints(first), np.concatenate(people), rarest)

    def only(self, who: Bools) -> Postings:
        """The same lists with nobody but those of ``who`` (P,) on them."""
        if who.all():
            return self
        on = who[self.person]
        first = np.concatenate([[0], np.cumsum(on)])[self.first]
        return replace(self, first=ints(first), person=self.person[on])

    def holders(self, skill: int) -> Ints:
        """Who has the skill; -1: everybody."""
        at = skill % (len(self.first) - 1)
        return self.person[self.first[at] : self.first[at + 1]]

    def greatest(self, values: Ints) -> Ints:
        """(S+1,) the greatest of the ``values`` (P,) of those who have each skill; 0 where nobody
        has it. The last is everybody's."""
        greatest = np.zeros(len(self.first) - 1, dtype=np.int64)
        held = np.flatnonzero(np.diff(self.first))
        if len(held):
            greatest[held] = np.maximum.reduceat(values[self.person], self.first[held])
        return greatest

    def sizes(self, roles: Ints) -> Ints:
        """(R,) how many people each of the roles starts from."""
        at = self.rarest[roles] % (len(self.first) - 1)
        return self.first[at + 1] - self.first[at]

    def spread(self, roles: Ints) -> tuple[Ints, Ints]:
        """Persons and roles of the pairs that the roles start from, role by role."""
        count = self.sizes(roles)
        begin = self.first[self.rarest[roles] % (len(self.first) - 1)]
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return self.person[np.repeat(begin, count) + step], ints(np.repeat(roles, count))
