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

from matchmaker.engine.answers.changes import edited, proven
from matchmaker.engine.answers.kinds import Change, changes_of
from matchmaker.engine.answers.opening import Opening
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.unstaffed import unstaffed_reasons
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
    opening = Opening(outcome, need)
    role = opening.blocking
    if role is None:
        add = (reason("add_role", need_id),)
        return Unfilled(need_id, "", unstaffed_reasons(outcome, need), add, (), 0, True)
    search = _Search(opening, tuple(changes_of(opening)), tries)
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


class _Search:
    """Tries changes, those that ask least first, and leaves out what cannot fill the need."""

    def __init__(self, opening: Opening, changes: tuple[Change, ...], tries: int) -> None:
        self.opening, self.changes = opening, changes
        self.left, self.tried, self.complete = tries, 0, True

    def single(self) -> list[Change]:
        """Single changes that suffice, the smallest of each family."""
        found: dict[tuple[str, ...], Change] = {}
        for change in self.changes:
            if change.family not in found and self._may(change) and self._proven(change):
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
            if not self._may(first, second):
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
        return proven(self.opening, changes)

    def _may(self, *changes: Change) -> bool:
        """Whether this is worth solving; see ``Opening.enough``."""
        newcomers = [role for change in changes for role in change.newcomers]
        if any(change.whole for change in changes):
            return True
        changed = edited(self.opening.outcome.snapshot, changes)
        return self.opening.enough(self.opening.scored(changed), changed, newcomers)


def _needless(first: Change, second: Change, found: list[tuple[Change, Change]]) -> bool:
    """Whether a pair of the same two families that goes no further was found already."""
    return any(
        (one.family, two.family) == (first.family, second.family)
        and one.grade <= first.grade
        and two.grade <= second.grade
        for one, two in found
    )
