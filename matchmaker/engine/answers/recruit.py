"""Whom to recruit: profiles of one newcomer, with the needs each would unlock, alone and together.

A *profile* is what one role of an open need asks of a newcomer: its essential skills at their
levels (else all its skills), one of the need's weekly slots, remote where the need allows it, the
languages and the weekly hours. The newcomer wishes for nothing in particular and takes one project.

- Alone: each open need for which the profile alone is enough is proven by solving the round with
  such a newcomer who comes for that need; ``best`` is what the newcomer, free to choose, changes.
- Together: for k newcomers the best choice among *all* multisets of the profiles considered is
  one solve: k people, each of whom may take any seat that any profile could take, hold one each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.answers.again import again, with_pairs, with_people
from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.files.cells import format_number
from matchmaker.engine.files.columns import SLOTS
from matchmaker.engine.market import Professional, ProfessionalSkill
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.shapes import ALL_WEEK, ONSITE
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.questions import can_staff
from matchmaker.engine.rules import allowed
from matchmaker.engine.scores import floored
from matchmaker.engine.snapshot import take

_SLOTS_EACH = 3


@dataclass(frozen=True, order=True)
class Profile:
    """One newcomer. ``skills``: (code, level); ``slot``: "" for any time; ``mode``; ``hours`` a
    week, as text; ``languages``."""

    skills: tuple[tuple[str, int], ...]
    slot: str
    mode: str
    hours: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Unlocks:
    """``needs``: open needs that one such newcomer unlocks when coming for that need. ``staffed``
    and ``loss``: the needs newly staffed, and level → value now minus then, when the newcomer goes
    where the whole gains most."""

    profile: Profile
    needs: tuple[str, ...]
    staffed: tuple[str, ...]
    loss: dict[str, int]


@dataclass(frozen=True)
class Together:
    """The best ``people`` newcomers: their profiles with the roles they take, and what they do."""

    people: int
    seats: tuple[tuple[Profile, str], ...]
    staffed: tuple[str, ...]
    loss: dict[str, int]


@dataclass(frozen=True)
class Recruiting:
    """``alone``: profiles that unlock something, those that unlock most first. ``together``: the
    best 1, 2, … newcomers, as long as one more helps. ``considered`` of ``possible`` profiles."""

    alone: tuple[Unlocks, ...]
    together: tuple[Together, ...]
    considered: int
    possible: int


def recruit(outcome: Outcome, *, profiles: int = 24, together: int = 3) -> Recruiting:
    """Whom to recruit. ``profiles``: at most so many are considered, those asked for by most open
    roles first. ``together``: the most newcomers planned for at once."""
    every = Counter(_profiles(outcome))
    chosen = sorted(every, key=lambda each: (-every[each], each))[:profiles]
    if not chosen:
        return Recruiting((), (), 0, 0)
    plan = _Plan(outcome, chosen)
    alone = [found for at in range(len(chosen)) if (found := plan.alone(at))]
    alone.sort(key=lambda each: (-len(each.needs), len(each.profile.skills), each.profile))
    best: list[Together] = []
    for people in range(1, together + 1):
        more = plan.together(people)
        if not any(more.loss[name] for name in outcome.solution.bounds) or (
            best and best[-1].staffed == more.staffed
        ):
            break
        best.append(more)
    return Recruiting(tuple(alone), tuple(best), len(chosen), len(every))


def _profiles(outcome: Outcome) -> Iterator[Profile]:
    needs = outcome.snapshot.needs
    open_roles = np.flatnonzero(~outcome.solution.staffed[needs.role_need])
    asked = Counter(
        slot for need in set(needs.role_need[open_roles].tolist()) for slot in _slots(outcome, need)
    )
    for role in open_roles.tolist():
        need = int(needs.role_need[role])
        mode = "onsite" if needs.mode[need] == ONSITE else "remote"
        required = [outcome.snapshot.languages[at] for at in np.flatnonzero(needs.requires[need])]
        languages = tuple(sorted({*required, outcome.snapshot.policy.language}))
        hours = format_number(int(needs.role_minutes[role]) / 60)
        slots = sorted(_slots(outcome, need), key=lambda slot: (-asked[slot], SLOTS.index(slot)))
        for slot in slots[:_SLOTS_EACH] or [""]:
            yield Profile(_skills(outcome, role), slot, mode, hours, languages)


def _slots(outcome: Outcome, need: int) -> list[str]:
    asked = int(outcome.snapshot.needs.slots[need])
    return [slot for at, slot in enumerate(SLOTS) if asked >> at & 1]


def _skills(outcome: Outcome, role: int) -> tuple[tuple[str, int], ...]:
    snapshot, needs = outcome.snapshot, outcome.snapshot.needs
    rows = np.arange(needs.first_asked[role], needs.first_asked[role + 1])
    essential = rows[needs.asked_essential[rows]]
    named = essential if len(essential) else rows
    return tuple(
        (snapshot.skill_codes[int(needs.asked_skill[row])], int(needs.asked_level[row]))
        for row in named.tolist()
    )


class _Plan:
    """The profiles as people of a market, and the seats each could take."""

    def __init__(self, outcome: Outcome, profiles: list[Profile]) -> None:
        self.outcome, self.profiles = outcome, profiles
        market, size = outcome.snapshot.market, len(outcome.problem.role_need)
        ids = [f"{at:06d}" for at in range(len(profiles))]
        people = [_person(name, each) for name, each in zip(ids, profiles, strict=True)]
        skills = [
            ProfessionalSkill(name, code, level)
            for name, each in zip(ids, profiles, strict=True)
            for code, level in each.skills
        ]
        alone = replace(
            market,
            professionals=tuple(people),
            professional_skills=tuple(skills),
            wishes=(),
            conflicts=(),
            history=(),
            unverified=frozenset(),
            declined=frozenset(),
        )
        policy = replace(
            outcome.snapshot.policy, as_of=outcome.snapshot.policy.as_of or market.last_day
        )
        snapshot = take(alone, policy)
        person = ints(np.repeat(np.arange(len(profiles)), size))
        role = ints(np.tile(np.arange(size), len(profiles)))
        keep = allowed(snapshot, person, role)
        self.pairs = floored(snapshot, person[keep], role[keep])
        self.minutes = snapshot.people.minutes

    def alone(self, at: int) -> Unlocks | None:
        """What one newcomer of a profile does, None when nothing is unlocked."""
        mine = self.pairs.person == at
        needs = np.unique(self.outcome.problem.role_need[self.pairs.role[mine]])
        here = needs[~self.outcome.solution.staffed[needs]]
        unlocked = [need for need in here.tolist() if self._unlocks(at, need)]
        if not unlocked:
            return None
        then = again(self.outcome, self._with(at, mine))
        names = tuple(self.outcome.need_id(need) for need in unlocked)
        return Unlocks(self.profiles[at], names, self._staffed(then), self._loss(then))

    def _unlocks(self, at: int, need: int) -> bool:
        here = self.outcome.problem.role_need[self.pairs.role] == need
        padded = with_people(self.outcome.problem, ints([0]), self.minutes[at : at + 1])
        more = self._with(at, bools((self.pairs.person == at) & here))
        levels, base = self.outcome.snapshot.policy.levels, self.outcome.solution
        return can_staff(more, need, base, levels, base_problem=padded).better

    def _with(self, at: int, mine: Bools) -> Problem:
        more = with_people(self.outcome.problem, ints([1]), self.minutes[at : at + 1])
        return self._added(more, self.pairs.role[mine], self.pairs.score[mine], 1)

    def together(self, people: int) -> Together:
        """The best ``people`` newcomers among the profiles considered."""
        order = np.lexsort((self.pairs.person, -self.pairs.score, self.pairs.role))
        role, first = np.unique(self.pairs.role[order], return_index=True)
        best = order[first]
        hours = ints([ALL_WEEK] * people)
        more = with_people(self.outcome.problem, ints([1] * people), hours)
        then = again(self.outcome, self._added(more, role, self.pairs.score[best], people))
        known = len(self.outcome.problem.person_capacity)
        chosen = then.solution.pairs
        taken = chosen[then.problem.pair_person[chosen] >= known]
        roles = np.sort(then.problem.pair_role[taken])
        who = self.pairs.person[best[np.searchsorted(role, roles)]]
        seats = tuple(
            (self.profiles[at], self.outcome.role_id(seat))
            for at, seat in zip(who.tolist(), roles.tolist(), strict=True)
        )
        return Together(people, seats, self._staffed(then), self._loss(then))

    def _added(self, more: Problem, role: Ints, score: Ints, people: int) -> Problem:
        known = len(self.outcome.problem.person_capacity)
        person = ints(np.repeat(np.arange(people), len(role))) + known
        return with_pairs(more, person, ints(np.tile(role, people)), ints(np.tile(score, people)))

    def _staffed(self, then: Outcome) -> tuple[str, ...]:
        new = then.solution.staffed & ~self.outcome.solution.staffed
        return tuple(self.outcome.need_id(int(need)) for need in np.flatnonzero(new))

    def _loss(self, then: Outcome) -> dict[str, int]:
        now = self.outcome.solution.levels
        return {name: value - then.solution.levels[name] for name, value in now.items()}


def _person(name: str, profile: Profile) -> Professional:
    return Professional(
        name,
        name,
        modes=(profile.mode,),
        hours_per_week=float(profile.hours) or None,
        slots=(profile.slot,) if profile.slot else (),
        languages=profile.languages,
    )
