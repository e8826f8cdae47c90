"""One open need: which rules keep whom from its roles, and what a change of the need does to that.

Every rule is judged once for everybody. A change touches one or two columns of the need, so only
the rules that read these are judged again; everything else is known.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pose import hashes_of
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.rules import refused
from matchmaker.engine.scores import Pairs, floored
from matchmaker.engine.shapes import Needs, Snapshot
from matchmaker.engine.unstaffed import blocking_role

_READS = {
    "skill_missing": ("asked_level", "asked_essential"),
    "hours_short": ("role_minutes",),
    "dates_apart": ("starts", "ends"),
    "no_common_slot": ("slots",),
    "out_of_reach": ("mode",),
    "language_missing": ("requires",),
}  # rule -> the columns of the needs that a change may touch


class Opening:
    """``need``, which ``outcome`` leaves open. ``roles``: its roles, ascending."""

    def __init__(self, outcome: Outcome, need: int) -> None:
        self.outcome, self.need = outcome, need
        self.roles = np.flatnonzero(outcome.snapshot.needs.role_need == need)

    @cached_property
    def blocking(self) -> int | None:
        """The role that keeps the need from being filled, None when it has no role."""
        return blocking_role(self.outcome, self.need)

    @cached_property
    def every(self) -> tuple[Ints, Ints]:
        """Everybody with each role, person by person."""
        size = len(self.outcome.snapshot.people.capacity)
        return np.repeat(np.arange(size), len(self.roles)), np.tile(self.roles, size)

    @cached_property
    def masks(self) -> dict[str, Bools]:
        """Rule -> whom it refuses now."""
        return refused(self.outcome.snapshot, *self.every)

    @cached_property
    def _against(self) -> Ints:
        """How many rules refuse each of them now."""
        return ints(np.sum(list(self.masks.values()), axis=0))

    def allowed(self, changed: Snapshot) -> Bools:
        """Whom no rule refuses in a snapshot whose need is changed; the floor is left aside."""
        against = self._against
        rules = [rule for rule in _READS if self._touched(rule, changed.needs)]
        if rules:
            against = against.copy()
            for rule, mask in refused(changed, *self.every, rules).items():
                against += mask
                against -= self.masks[rule]
        return bools(against == 0)

    def _touched(self, rule: str, needs: Needs) -> bool:
        before = self.outcome.snapshot.needs
        return any(getattr(needs, name) is not getattr(before, name) for name in _READS[rule])

    def enough(self, changed: Snapshot, newcomers: list[int]) -> bool:
        """Whether there are people enough for each essential role, or anybody for a need of
        optional roles alone, the floor left aside: what fails this is not worth solving."""
        people = self.allowed(changed).reshape(-1, len(self.roles)).sum(axis=0)
        people = people + [newcomers.count(role) for role in self.roles.tolist()]
        must = changed.needs.role_essential[self.roles]
        if not must.any():
            return bool(people.any())
        return bool((people >= changed.needs.role_seats[self.roles])[must].all())

    def problem(self, changed: Snapshot) -> Problem:
        """The problem of the round with the need's own pairs judged anew."""
        now, needs = self.outcome.problem, changed.needs
        if changed is self.outcome.snapshot:
            return now
        keep = self.allowed(changed)
        person, role = self.every
        fresh = floored(changed, person[keep], role[keep])
        others = np.flatnonzero(now.pair_need != self.need)
        width = len(now.role_need)
        key = now.pair_person[others] * width + now.pair_role[others]
        place = np.searchsorted(key, fresh.person * width + fresh.role)
        pins = now.pair_person[now.pins] * width + now.pair_role[now.pins]
        both = np.insert(key, place, fresh.person * width + fresh.role)
        return replace(
            now,
            role_seats=needs.role_seats,
            role_essential=needs.role_essential,
            role_minutes=needs.role_minutes,
            pair_person=np.insert(now.pair_person[others], place, fresh.person),
            pair_role=np.insert(now.pair_role[others], place, fresh.role),
            pair_score=np.insert(now.pair_score[others], place, fresh.score),
            pair_hash=np.insert(now.pair_hash[others], place, self._hashes(fresh)),
            pins=ints(np.searchsorted(both, pins)),
        )

    def _hashes(self, fresh: Pairs) -> Ints:
        return hashes_of(self.outcome.snapshot, fresh.person, fresh.role)
