"""One open need: which rules keep whom from its roles, and what a change of the need does to that.

Every rule is judged once for everybody. A change touches one or two columns of the need, so only
the rules that read these are judged again; everything else is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from matchmaker.engine.answers.again import posed
from matchmaker.engine.answers.hurdle import Hurdle, hurdle_of
from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.features import feature, feature_stack
from matchmaker.engine.grid import refused_among
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.shapes import Needs, Snapshot
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import hashes_of
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.questions import rivals
from matchmaker.engine.rules import refused
from matchmaker.engine.scores import Pairs, score_pairs, scores_of
from matchmaker.engine.solution import no_pairs
from matchmaker.engine.unstaffed import blocking_role

_RULES = {
    "skill_missing": ("asked_level", "asked_essential"),
    "hours_short": ("role_minutes",),
    "dates_apart": ("starts", "ends"),
    "no_common_slot": ("slots",),
    "out_of_reach": ("mode",),
    "language_missing": ("requires",),
}  # rule -> the columns of the needs that a change may touch
_FEATURES = {
    "skills": ("asked_level", "asked_essential"),
    "time": ("role_minutes", "starts", "ends", "slots"),
    "place": ("mode",),
}  # feature -> likewise

_NEVER = 2**60
_SEATS = ("role_seats", "role_essential", "role_minutes")


_CELLS = 1 << 17  # of a person and a role that are looked at together


class Everybody:
    """What rules and features say of everybody with the roles of several needs: read at once for
    all of them, when it is first asked for."""

    def __init__(self, outcome: Outcome, roles: Ints) -> None:
        self.outcome, self.snapshot, self.roles = outcome, outcome.snapshot, roles
        self.people = ints(np.arange(len(self.snapshot.people.capacity)))

    @cached_property
    def masks(self) -> dict[str, Bools]:
        """Rule -> (P, R) whom it refuses now."""
        return refused_among(self.snapshot, self.people, self.roles)

    @cached_property
    def against(self) -> Ints:
        """(P, R) how many rules refuse each of them now."""
        against = np.zeros((len(self.people), len(self.roles)), dtype=np.int64)
        for mask in self.masks.values():
            against += mask
        return against

    @cached_property
    def stack(self) -> Ints:
        """(6, P, R) the features now."""
        people, roles = len(self.people), len(self.roles)
        person, role = np.repeat(self.people, roles), np.tile(self.roles, people)
        return feature_stack(self.snapshot, person, role).reshape(len(FEATURES), people, roles)

    @cached_property
    def raised(self) -> Outcome:
        """The round with one new project more."""
        now, limit = self.snapshot, self.outcome.problem.max_needs
        policy = replace(now.policy, max_new_projects=None if limit is None else limit + 1)
        changed = replace(now, policy=policy)
        return posed(self.outcome, changed, score_pairs(changed))


def openings(outcome: Outcome, needs: Ints) -> Iterator[Opening]:
    """The opening of each of the needs."""
    snapshot = outcome.snapshot
    role_need, people = snapshot.needs.role_need, max(len(snapshot.people.capacity), 1)
    open_ = np.isin(role_need, needs)
    count = np.bincount(role_need[open_], minlength=len(snapshot.needs.group))[needs]
    part = np.cumsum(count) * people // _CELLS
    for each in np.split(needs, np.flatnonzero(np.diff(part)) + 1):
        roles = ints(np.flatnonzero(np.isin(role_need, each)))
        everybody = Everybody(outcome, roles)
        yield from (Opening(outcome, need, everybody) for need in each.tolist())


class Opening:
    """``need``, which ``outcome`` leaves open. ``roles``: its roles, ascending. ``everybody``: what
    is read together with other needs'."""

    def __init__(self, outcome: Outcome, need: int, everybody: Everybody | None = None) -> None:
        self.outcome, self.need = outcome, need
        self.roles = np.flatnonzero(outcome.snapshot.needs.role_need == need)
        self.everybody = everybody or Everybody(outcome, ints(self.roles))
        self._mine = np.searchsorted(self.everybody.roles, self.roles)

    @cached_property
    def blocking(self) -> int | None:
        """The role that keeps the need from being filled, None when it has no role."""
        return blocking_role(self.outcome, self.need)

    @cached_property
    def every(self) -> tuple[Ints, Ints]:
        """Everybody with each role, person by person."""
        people = self.everybody.people
        return np.repeat(people, len(self.roles)), np.tile(self.roles, len(people))

    def _refused(self, rule: str) -> Bools:
        """Whom a rule refuses now."""
        return self.everybody.masks[rule][:, self._mine].ravel()

    @cached_property
    def _against(self) -> Ints:
        """How many rules refuse each of them now."""
        return self.everybody.against[:, self._mine].ravel()

    def but_for(self, rule: str) -> Ints:
        """People whom no other rule keeps from a role of the need, again for each such role."""
        return ints(self.every[0][self._against == self._refused(rule)])

    def allowed(self, changed: Snapshot) -> Bools:
        """Whom no rule refuses in a snapshot whose need is changed; the floor is left aside."""
        against, rules = self._against, self._touched(_RULES, changed.needs)
        if rules:
            against = against.copy()
            for rule, mask in refused(changed, *self.every, rules).items():
                against += mask
                against -= self._refused(rule)
        return bools(against == 0)

    @cached_property
    def _stack(self) -> Ints:
        """(6, K) the features of each of them now."""
        return self.everybody.stack[:, :, self._mine].reshape(len(FEATURES), -1)

    def scored(self, changed: Snapshot) -> Pairs:
        """The need's allowed pairs in a snapshot whose need is changed."""
        at = np.flatnonzero(self.allowed(changed))
        person, role = self.every[0][at], self.every[1][at]
        stack = self._stack[:, at]
        for name in self._touched(_FEATURES, changed.needs) if len(at) else ():
            stack[FEATURES.index(name)] = feature(name, changed, person, role)
        score = scores_of(stack, changed.policy.counted_weights)
        return Pairs(person, role, score).only(score >= changed.policy.floor)

    def _touched(self, reads: Mapping[str, tuple[str, ...]], needs: Needs) -> list[str]:
        before = self.outcome.snapshot.needs
        return [
            each
            for each, names in reads.items()
            if any(getattr(needs, name) is not getattr(before, name) for name in names)
        ]

    def enough(self, pairs: Pairs, changed: Snapshot, newcomers: list[int]) -> bool:
        """Whether ``pairs`` have people enough for each essential role, or anybody for a need of
        optional roles alone: what fails this is not worth solving."""
        people = np.bincount(pairs.role, minlength=len(changed.needs.role_need))[self.roles]
        people = people + ints([newcomers.count(role) for role in self.roles.tolist()])
        must = changed.needs.role_essential[self.roles]
        if not must.any():
            return bool(people.any())
        return bool((people >= changed.needs.role_seats[self.roles])[must].all())

    @cached_property
    def _now(self) -> Pairs:
        """The need's allowed pairs in the round."""
        return self.scored(self.outcome.snapshot)

    def nothing_new(self, pairs: Pairs, changed: Snapshot) -> bool:
        """Whether the change leaves the need with the same ``pairs``, scores and seats."""
        before, needs = self.outcome.snapshot.needs, changed.needs
        return all(getattr(needs, name) is getattr(before, name) for name in _SEATS) and all(
            np.array_equal(getattr(pairs, name), getattr(self._now, name))
            for name in ("person", "role", "score")
        )

    @cached_property
    def _rivals(self) -> tuple[int, int] | None:
        """The total score of the round, and the most that a set with the need is worth beside the
        need's own team; None where that is not known."""
        outcome, levels = self.outcome, self.outcome.snapshot.policy.levels
        problem, base = outcome.problem, outcome.solution
        live = live_pairs(problem, no_pairs())
        told = rivals(problem, live, self.need, base, problem, levels)
        if told is None or told.more:
            return None
        own = self._team(self._now)
        return base.levels["total_score"], max(
            (each - own for each in told.worth), default=-(10**9)
        )

    def _team(self, pairs: Pairs) -> int:
        """The most that the need's best team brings beyond what its people cost."""
        problem = self.outcome.problem
        left = pairs.score - self.outcome.solution.prices.person[pairs.person]
        found = 0
        for role in self.roles.tolist():
            best = np.sort(left[pairs.role == role])[::-1][: problem.role_seats[role]]
            found += int((best if problem.role_essential[role] else np.maximum(best, 0)).sum())
        return found

    def outbid(self, pairs: Pairs, changed: Snapshot) -> bool:
        """Whether the need's ``pairs`` bring nobody new and cannot be worth what the round is."""
        before, needs = self.outcome.snapshot.needs, changed.needs
        same = all(getattr(needs, name) is getattr(before, name) for name in _SEATS)
        known = self._now.person * len(needs.role_need) + self._now.role
        now = pairs.person * len(needs.role_need) + pairs.role
        if not same or not np.isin(now, known).all() or not (told := self._rivals):
            return False
        total, most = told
        return most + self._team(pairs) < total

    @cached_property
    def hurdle(self) -> Hurdle | None:
        """What keeps the need out under the limit on new projects."""
        return hurdle_of(self.outcome, self.need, self.outcome.near)

    @cached_property
    def raised_hurdle(self) -> Hurdle | None:
        """What keeps the need out under that limit too."""
        return hurdle_of(self.everybody.raised, self.need, self.outcome.near)

    def alone(self, changed: Snapshot, fresh: Pairs) -> Problem:
        """The round without any pairs but the need's ``fresh`` ones."""
        needs = changed.needs
        return replace(
            self.outcome.problem,
            role_seats=needs.role_seats,
            role_essential=needs.role_essential,
            role_minutes=needs.role_minutes,
            pair_person=fresh.person,
            pair_role=fresh.role,
            pair_score=fresh.score,
            pair_hash=np.zeros_like(fresh.role),
            pins=no_pairs(),
        )

    def problem(self, changed: Snapshot, fresh: Pairs) -> Problem:
        """The problem of the round with ``fresh`` pairs for the need."""
        now, needs = self.outcome.problem, changed.needs
        if changed is self.outcome.snapshot:
            return now
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
