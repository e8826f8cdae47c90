"""Whether one more need can be staffed beside all others by a few people who move on.

Somebody takes an open seat and leaves another one, which somebody else takes, and so on, until one
has time for a seat more. Nobody moves twice for a seat. Found, it is a staffing; not found, it says
nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import Solution, no_pairs

_MOST = 2_000  # seats that are looked at for one


def joins(changed: Problem, need: int, base: Solution, before: Problem) -> bool:
    """Whether people who move on fill the essential seats of ``need`` in the ``changed`` problem
    while all needs of ``base``, which solved the problem ``before``, stay staffed."""
    roles = np.flatnonzero((changed.role_need == need) & changed.role_essential)
    if not len(roles):
        return False
    seats = _Seats(changed)
    pairs = zip(before.pair_person[base.pairs], before.pair_role[base.pairs], strict=True)
    for person, role in pairs:
        seats.held[int(person)].add(int(role))
    pinned = zip(before.pair_person[before.pins], before.pair_role[before.pins], strict=True)
    seats.pinned = {(int(person), int(role)) for person, role in pinned}
    return all(
        seats.fill(role) for role in roles.tolist() for _ in range(int(changed.role_seats[role]))
    )


@dataclass
class _Seats:
    """Who holds which roles, as seats are filled one after another."""

    problem: Problem
    held: list[set[int]] = field(init=False)
    able: dict[int, list[int]] = field(init=False)
    pinned: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        problem = self.problem
        self.held = [set() for _ in problem.person_capacity]
        live = np.flatnonzero(live_pairs(problem, no_pairs()))
        order = live[np.lexsort((-problem.pair_score[live], problem.pair_role[live]))]
        roles, first = np.unique(problem.pair_role[order], return_index=True)
        people = np.split(problem.pair_person[order], first[1:])
        each = zip(roles.tolist(), people, strict=True)
        self.able = {role: some.tolist() for role, some in each}
        self.need = problem.role_need.tolist()
        self.minutes = problem.role_minutes.tolist()
        self.offered = problem.person_minutes.tolist()
        self.room = problem.person_capacity.tolist()

    def fill(self, role: int) -> bool:
        """Fill one seat of ``role``; the shortest way, if any is found."""
        ways: deque[tuple[int, tuple[tuple[int, int, int], ...]]] = deque([(role, ())])
        seen = {role}
        for _ in range(_MOST):
            if not ways:
                return False
            open_, moved = ways.popleft()
            busy = {person for person, _, _ in moved}
            for person in self.able.get(open_, ()):
                if person in busy:
                    continue
                if self._fits(person, open_):
                    for who, takes, leaves in (*moved, (person, open_, -1)):
                        self.held[who].discard(leaves)
                        self.held[who].add(takes)
                    return True
                for left in self.held[person] - seen:
                    if (person, left) not in self.pinned and self._fits(person, open_, left):
                        seen.add(left)
                        ways.append((left, (*moved, (person, open_, left))))
        return False

    def _fits(self, person: int, role: int, without: int = -1) -> bool:
        """Whether a person who leaves one role could take another."""
        roles = self.held[person] - {without}
        needs = {self.need[each] for each in roles}
        asked = sum(self.minutes[each] for each in roles) + self.minutes[role]
        free = len(roles) < self.room[person] and asked <= self.offered[person]
        return free and self.need[role] not in needs
