"""What would open a seat to somebody who waits: small changes on the person's own side.

Each asks one thing of the person alone (a meeting time, a way to take part, hours, dates, distance,
one level of one skill, room for one more project) or of the coordinator (to check the profile). It
is proven by solving the whole round with it: the person then has a seat, which somebody else may
have had. They come from what asks least to what asks most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from matchmaker.engine.answers.again import again
from matchmaker.engine.arrays import ints
from matchmaker.engine.files.columns import SLOTS
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.facts import hours_text, pair_distance
from matchmaker.engine.pairs.formulas import pair_hash
from matchmaker.engine.pairs.shapes import FAR_AHEAD, REMOTE, UNKNOWN, Snapshot
from matchmaker.engine.pose import id_words
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.scores import Pairs, score_these
from matchmaker.engine.snapshot import skill_neighbours
from matchmaker.engine.waiting import left_out
from matchmaker.errors import Refusal

MOST_HOURS, MOST_DAYS, MOST_KM = 5, 92, 10
_EACH = 5  # steps tried of one kind
Params = tuple[object, ...]


@dataclass(frozen=True)
class _Change:
    """One change: its code, the values that follow the role in its reason, and its edit."""

    code: str
    values: Params
    snapshot: Snapshot


class Openings:
    """What would open a seat to each of those who wait in one round."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome.whole
        self.words = id_words(self.outcome.snapshot)
        self.roles = ints(np.arange(len(self.outcome.problem.role_need)))
        self.neighbours = skill_neighbours(self.outcome.snapshot.market)
        self.skill_at = {code: at for at, code in enumerate(self.outcome.snapshot.skill_codes)}

    def waiting(self) -> list[str]:
        """Everybody without a seat, by id."""
        return [self.outcome.person_id(int(person)) for person in left_out(self.outcome)]

    def of(self, person_id: str, *, most: int = 3) -> tuple[Reason, ...]:
        """At most ``most`` changes of different kinds, each enough alone; empty when none is.

        Raises Refusal ``unknown_person`` for somebody who is not in the round.
        """
        if person_id not in self.outcome.snapshot.person_at:
            raise Refusal("unknown_person", person=person_id)
        person = self.outcome.snapshot.person_at[person_id]
        before = self.outcome.person_pairs(person)
        known: dict[bytes, str | None] = {_key(before): None}
        found: dict[str, Reason] = {}
        for change in self._changes(person):
            if len(found) == most:
                break
            if change.code in found:
                continue
            pairs = self._judged(change.snapshot, person)
            key = _key(pairs)
            if key not in known:
                known[key] = self._seat(change.snapshot, person, pairs)
            if (role := known[key]) is not None:
                found[change.code] = reason(change.code, role, *change.values)
        return tuple(found.values())

    def _changes(self, person: int) -> Iterator[_Change]:
        snapshot = self.outcome.snapshot
        for kind in _KINDS:
            yield from kind(snapshot, person)
        yield from self._learn(person)

    def _learn(self, person: int) -> Iterator[_Change]:
        """One level more of an essential skill that some role asks for at just that level; what
        the person can do already comes before what would be new."""
        snapshot, needs = self.outcome.snapshot, self.outcome.snapshot.needs
        asked = np.unique(needs.asked_skill[needs.asked_essential]).tolist()
        for skill in sorted(asked, key=lambda each: not snapshot.people.levels[person, each]):
            level = int(snapshot.people.levels[person, skill]) + 1
            wanted = needs.asked_level[needs.asked_essential & (needs.asked_skill == skill)]
            if level in wanted:
                code = snapshot.skill_codes[skill]
                edited = self._with_level(person, skill, level)
                yield _Change("learn_skill", (code, level), edited)

    def _with_level(self, person: int, skill: int, level: int) -> Snapshot:
        snapshot = self.outcome.snapshot
        levels, near = snapshot.people.levels.copy(), snapshot.people.near_levels.copy()
        levels[person, skill] = level
        for code in self.neighbours.get(snapshot.skill_codes[skill], ()):
            other = self.skill_at[code]
            near[person, other] = max(near[person, other], level)
        return replace(snapshot, people=replace(snapshot.people, levels=levels, near_levels=near))

    def _judged(self, snapshot: Snapshot, person: int) -> Pairs:
        return score_these(snapshot, ints(np.full(len(self.roles), person)), self.roles)

    def _seat(self, snapshot: Snapshot, person: int, pairs: Pairs) -> str | None:
        """The role the person has in the best staffing with ``pairs`` as their own."""
        problem = self._posed(snapshot, person, pairs)
        chosen = again(self.outcome, problem).solution.pairs
        mine = chosen[problem.pair_person[chosen] == person]
        return self.outcome.role_id(int(problem.pair_role[mine[0]])) if len(mine) else None

    def _posed(self, snapshot: Snapshot, person: int, pairs: Pairs) -> Problem:
        """The round's problem with the pairs, hours and room of one person exchanged."""
        known = self.outcome.problem
        first, last = np.searchsorted(known.pair_person, [person, person + 1])
        people, roles = self.words
        hashes = ints(pair_hash(people[pairs.person], roles[pairs.role]))
        more = len(pairs.person) - int(last - first)

        def spliced(column: Ints, mine: Ints) -> Ints:
            return ints(np.concatenate([column[:first], mine, column[last:]]))

        return replace(
            known,
            person_capacity=snapshot.people.capacity,
            person_minutes=snapshot.people.minutes,
            pair_person=spliced(known.pair_person, pairs.person),
            pair_role=spliced(known.pair_role, pairs.role),
            pair_score=spliced(known.pair_score, pairs.score),
            pair_hash=spliced(known.pair_hash, hashes),
            pins=ints(np.where(known.pins >= last, known.pins + more, known.pins)),
        )


def openings(outcome: Outcome, person_id: str, *, most: int = 3) -> tuple[Reason, ...]:
    """What would open a seat to one person; see ``Openings.of``."""
    return Openings(outcome).of(person_id, most=most)


def _key(pairs: Pairs) -> bytes:
    return pairs.role.tobytes() + pairs.score.tobytes()


def _put(snapshot: Snapshot, column: str, person: int, value: Any) -> Snapshot:
    """Set one cell of a column of the people."""
    copy = getattr(snapshot.people, column).copy()
    copy[person] = value
    return replace(snapshot, people=replace(snapshot.people, **{column: copy}))


def _be_checked(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    if not snapshot.people.verified[person]:
        yield _Change("check_profile", (), _put(snapshot, "verified", person, True))


def _offer_slot(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    mine = int(snapshot.people.slots[person])
    asked = int(np.bitwise_or.reduce(snapshot.needs.slots, initial=0))
    for at, slot in enumerate(SLOTS):
        if mine and (asked & ~mine) >> at & 1:
            yield _Change("offer_slot", (slot,), _put(snapshot, "slots", person, mine | 1 << at))


def _other_way(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    for column, code in (("remote", "join_online"), ("onsite", "join_in_person")):
        if not getattr(snapshot.people, column)[person]:
            yield _Change(code, (), _put(snapshot, column, person, True))


def _any_project(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    if not snapshot.people.any_project[person]:
        yield _Change("any_would_do", (), _put(snapshot, "any_project", person, True))


def _offer_hours(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    if snapshot.people.hours_stated[person]:
        for more in range(1, MOST_HOURS + 1):
            minutes = int(snapshot.people.minutes[person]) + 60 * more
            edited = _put(snapshot, "minutes", person, minutes)
            yield _Change("offer_hours", (more, hours_text(minutes)), edited)


def _be_available(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    """Reach the nearest day on which one more need begins or ends, on either side."""
    people, needs = snapshot.people, snapshot.needs
    start, until = int(people.from_day[person]), int(people.until_day[person])
    days: set[tuple[int, str, str, int]] = set()
    for day in np.unique(needs.starts[needs.starts > until]).tolist():
        days.add((day - until, "available_until", "until_day", day))
    for day in np.unique(needs.ends[needs.ends < start]).tolist():
        days.add((start - day, "available_from", "from_day", day))
    for moved, code, column, day in sorted(days)[:_EACH]:
        if moved <= MOST_DAYS and day != FAR_AHEAD:
            shown = date.fromordinal(day).isoformat()
            yield _Change(code, (shown, moved), _put(snapshot, column, person, day))


def _go_farther(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    reach = int(snapshot.people.reach[person])
    if reach == UNKNOWN or not snapshot.people.onsite[person]:
        return
    roles = np.flatnonzero(snapshot.needs.mode[snapshot.needs.role_need] != REMOTE)
    away = pair_distance(snapshot, ints(np.full(len(roles), person)), ints(roles))
    steps = sorted({-(-int(each) // 10) for each in away[away > reach].tolist()})
    for km in steps[:_EACH]:
        if 10 * km <= reach + 10 * MOST_KM:
            yield _Change("go_farther", (km,), _put(snapshot, "reach", person, 10 * km))


def _more_projects(snapshot: Snapshot, person: int) -> Iterator[_Change]:
    capacity = int(snapshot.people.capacity[person]) + 1
    if capacity == 1:
        edited = _put(snapshot, "capacity", person, capacity)
        yield _Change("more_projects", (capacity,), edited)


_KINDS: tuple[Callable[[Snapshot, int], Iterator[_Change]], ...] = (
    _be_checked,
    _offer_slot,
    _other_way,
    _any_project,
    _offer_hours,
    _be_available,
    _go_farther,
    _more_projects,
)
