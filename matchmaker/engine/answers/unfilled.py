"""Why a need is not filled, and every smallest change that would fill it: single, and in pairs.

- A single change is listed when the best staffing of the whole round with it includes the need, and
  no smaller change of the same family does (an hour less, not two).
- A pair is listed when both together do, neither alone does, and no smaller change of either
  family would do with the other.
- Dates move by at most 92 days, hours by 5; newcomers fill one role. Pairs are looked at from what
  asks least; at most ``tries`` of them are solved, and ``complete`` says whether that was enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matchmaker.engine.answers.changes import proven
from matchmaker.engine.answers.kinds import Change, changes_of
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Bools
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import refused
from matchmaker.engine.unstaffed import blocking_role, unstaffed_reasons
from matchmaker.errors import Refusal


@dataclass(frozen=True)
class Unfilled:
    """``role_id`` blocks the need ("" when it has no role), for ``reasons``. ``single`` and
    ``pairs``: the smallest changes, each proven. ``tried``: sets of changes solved for."""

    need_id: str
    role_id: str
    reasons: tuple[Reason, ...]
    single: tuple[Reason, ...]
    pairs: tuple[tuple[Reason, Reason], ...]
    tried: int
    complete: bool


def unfilled(outcome: Outcome, need_id: str, *, tries: int = 150) -> Unfilled:
    """Every smallest change with which ``need_id`` would be staffed.

    Raises Refusal ``unknown_need``, or ``need_is_staffed`` for a need that has its team.
    """
    need = outcome.snapshot.need_at.get(need_id)
    if need is None:
        raise Refusal("unknown_need", need=need_id)
    if outcome.solution.staffed[need]:
        raise Refusal("need_is_staffed", need=need_id)
    role = blocking_role(outcome, need)
    if role is None:
        add = (reason("add_role", need_id),)
        return Unfilled(need_id, "", unstaffed_reasons(outcome, need), add, (), 0, True)
    search = _Search(outcome, need, tuple(changes_of(outcome, need)), tries)
    single = search.single()
    pairs = search.pairs(single)
    return Unfilled(
        need_id,
        outcome.role_id(role),
        unstaffed_reasons(outcome, need),
        tuple(change.reason for change in single),
        tuple((one.reason, two.reason) for one, two in pairs),
        search.tried,
        search.complete,
    )


_MOST = 10**6  # no change goes this far


class _Search:
    """Tries changes, those that ask least first, and leaves out what cannot fill the need."""

    def __init__(
        self, outcome: Outcome, need: int, changes: tuple[Change, ...], tries: int
    ) -> None:
        self.outcome, self.need, self.changes = outcome, need, changes
        self.left, self.tried, self.complete = tries, 0, True
        roles = np.flatnonzero(outcome.snapshot.needs.role_need == need)
        size = len(outcome.snapshot.people.capacity)
        self.roles = roles
        self.person, self.role = np.tile(np.arange(size), len(roles)), np.repeat(roles, size)
        self.masks = [self._masks(change) for change in changes]

    def single(self) -> list[Change]:
        """Single changes that suffice, the smallest of each family."""
        found: dict[tuple[str, ...], Change] = {}
        for at, change in enumerate(self.changes):
            if change.family not in found and self._may(at, at) and self._proven(change):
                found[change.family] = change
        return list(found.values())

    def pairs(self, single: list[Change]) -> list[tuple[Change, Change]]:
        """Pairs that suffice where neither alone does, the smallest of their families."""
        enough = {change.family: change.grade for change in single}
        found: list[tuple[Change, Change]] = []
        for one, two in self._in_order():
            first, second = self.changes[one], self.changes[two]
            alone = any(
                enough.get(each.family, each.grade + 1) <= each.grade for each in (first, second)
            )
            if alone or first.family == second.family or _needless(first, second, found):
                continue
            if not self._may(one, two):
                continue
            if not self.left:
                self.complete = False
                break
            self.left -= 1
            if self._proven(first, second):
                found.append((first, second))
        return found

    def _in_order(self) -> Iterator[tuple[int, int]]:
        pairs = combinations(range(len(self.changes)), 2)
        grades = [change.grade for change in self.changes]
        return iter(sorted(pairs, key=lambda pair: (grades[pair[0]] + grades[pair[1]], pair)))

    def _proven(self, *changes: Change) -> bool:
        self.tried += 1
        return proven(self.outcome, self.need, changes)

    def _masks(self, change: Change) -> dict[str, Bools]:
        return refused(change.edit(self.outcome.snapshot), self.person, self.role)

    def _may(self, one: int, two: int) -> bool:
        """Whether the two together leave every essential role at least as many people as seats,
        the floor left aside: what fails this is not worth solving."""
        first, second = self.changes[one], self.changes[two]
        if first.whole or second.whole:
            return True
        masks = self.masks[one], self.masks[two]
        both = [masks[0][rule] & masks[1][rule] for rule in masks[0]]
        edited = second.edit(first.edit(self.outcome.snapshot))
        if {first.family[0], second.family[0]} == {"skill"} and one != two:
            both = list(refused(edited, self.person, self.role).values())
        open_to = ~np.logical_or.reduce(both)
        people = open_to.reshape(len(self.roles), -1).sum(axis=1)
        newcomers = first.newcomers + (second.newcomers if one != two else ())
        people += np.array([newcomers.count(role) for role in self.roles.tolist()])
        must = edited.needs.role_essential[self.roles]
        if not must.any():
            return bool(people.any())
        return bool((people >= edited.needs.role_seats[self.roles])[must].all())


def _needless(first: Change, second: Change, found: list[tuple[Change, Change]]) -> bool:
    """Whether a pair of the same two families that goes no further was found already."""
    return any(
        (one.family, two.family) == (first.family, second.family)
        and one.grade <= first.grade
        and two.grade <= second.grade
        for one, two in found
    )
