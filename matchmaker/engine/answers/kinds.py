"""The changes a group, or the coordinator, could make so that a need finds its people.

Each asks something of the need alone: of its slots, hours, dates, place, skills, languages, seats;
or one more person; or, at last, another floor or limit. They come from what asks least of a group
to what asks most. Changes of one ``family`` differ only in how far they go (``grade``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from matchmaker.engine.answers.opening import Opening
from matchmaker.engine.files.columns import SLOTS
from matchmaker.engine.pairs.facts import hours_text
from matchmaker.engine.pairs.shapes import FAR_AHEAD, HYBRID, LONG_AGO, ONSITE, REMOTE, Snapshot
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.scores import floored
from matchmaker.engine.unstaffed import skills_text

Vector = TypeVar("Vector", Ints, Bools)
Edit = Callable[[Snapshot], Snapshot]
MOST_HOURS = 5
MOST_DAYS = 92
MOST_WINDOWS = 10
_LOWEST_FLOOR = 1


@dataclass(frozen=True)
class Change:
    """One change: its reason code, what it makes of a snapshot, and the roles for which it brings
    a newcomer. ``whole``: it touches other needs too, so the whole round is solved again.
    ``alone``: False when by itself it brings nobody new and nobody a higher score."""

    reason: Reason
    family: tuple[str, ...]
    grade: int
    edit: Edit = field(default=lambda snapshot: snapshot)
    newcomers: tuple[int, ...] = ()
    whole: bool = False
    alone: bool = True


def changes_of(opening: Opening) -> Iterator[Change]:
    """Every change considered for ``need``, what asks least first; newcomers and policy last."""
    for kind in _KINDS:
        yield from kind(opening)


def _put(column: str, at: Any, value: int | bool) -> Edit:
    """Set one cell of a column of the needs."""

    def edit(snapshot: Snapshot) -> Snapshot:
        copy = getattr(snapshot.needs, column).copy()
        copy[at] = value
        return replace(snapshot, needs=replace(snapshot.needs, **{column: copy}))

    return edit


def _add_slot(opening: Opening) -> Iterator[Change]:
    outcome, need = opening.outcome, opening.need
    asked = int(outcome.snapshot.needs.slots[need])
    slots = outcome.snapshot.people.slots
    offers = int(np.bitwise_or.reduce(slots, initial=0)) & ~asked if asked else 0
    free = opening.but_for("no_common_slot") if offers else slots[:0]
    mine, name = int(np.bitwise_or.reduce(slots[free], initial=0)), outcome.need_id(need)
    for at, slot in enumerate(SLOTS):
        if offers >> at & 1:
            what, alone = reason("add_slot", name, slot), bool(mine >> at & 1)
            yield Change(what, ("slot", slot), 1, _more_slots(need, 1 << at), alone=alone)


def _more_slots(need: int, bit: int) -> Edit:
    return lambda snapshot: _put("slots", need, int(snapshot.needs.slots[need]) | bit)(snapshot)


def _ask_fewer_hours(opening: Opening) -> Iterator[Change]:
    outcome = opening.outcome
    for fewer in range(1, MOST_HOURS + 1):
        for role in opening.roles.tolist():
            asks = int(outcome.snapshot.needs.role_minutes[role]) - 60 * fewer
            if asks > 0:
                name = outcome.role_id(role)
                what = reason("ask_fewer_hours", name, fewer, hours_text(asks))
                yield Change(what, ("hours", name), fewer, _put("role_minutes", role, asks))


def _move_dates(opening: Opening) -> Iterator[Change]:
    """Reach the nearest day on which one more person is available, on either side."""
    outcome, need = opening.outcome, opening.need
    needs, people = outcome.snapshot.needs, outcome.snapshot.people
    starts, ends = int(needs.starts[need]), int(needs.ends[need])
    days: set[tuple[int, int, int]] = set()
    if ends != FAR_AHEAD:
        late = people.from_day[people.from_day > ends].tolist()
        days |= {(day - ends, starts, day) for day in late}
    if starts != LONG_AGO:
        early = people.until_day[people.until_day < starts].tolist()
        days |= {(starts - day, day, ends) for day in early}
    for moved, first, last in sorted(days)[:MOST_WINDOWS]:
        if moved <= MOST_DAYS:
            shown = _iso(first, LONG_AGO), _iso(last, FAR_AHEAD)
            what = reason("move_dates", outcome.need_id(need), *shown, moved)
            yield Change(what, ("dates",), moved, _window(need, first, last))


def _window(need: int, first: int, last: int) -> Edit:
    return lambda snapshot: _put("ends", need, last)(_put("starts", need, first)(snapshot))


def _iso(day: int, open_end: int) -> str:
    return "-" if day == open_end else date.fromordinal(day).isoformat()


def _other_mode(opening: Opening) -> Iterator[Change]:
    outcome, need = opening.outcome, opening.need
    codes = {ONSITE: "allow_remote", REMOTE: "allow_onsite"}
    if code := codes.get(int(outcome.snapshot.needs.mode[need])):
        what = reason(code, outcome.need_id(need))
        yield Change(what, ("mode",), 1, _put("mode", need, HYBRID))


def _essential_rows(opening: Opening) -> list[tuple[int, str, str]]:
    """(row, role id, skill code) of each essential skill the need asks for."""
    outcome, need = opening.outcome, opening.need
    needs = outcome.snapshot.needs
    rows = np.flatnonzero(needs.asked_essential & (needs.role_need[needs.asked_role] == need))
    codes = outcome.snapshot.skill_codes
    return [
        (row, outcome.role_id(int(needs.asked_role[row])), codes[int(needs.asked_skill[row])])
        for row in rows.tolist()
    ]


def _lower_level(opening: Opening) -> Iterator[Change]:
    outcome = opening.outcome
    for row, role, skill in _essential_rows(opening):
        level = int(outcome.snapshot.needs.asked_level[row]) - 1
        if level:
            what = reason("lower_level", role, skill, level)
            yield Change(what, ("skill", role, skill), 1, _put("asked_level", row, level))


def _make_preferred(opening: Opening) -> Iterator[Change]:
    for row, role, skill in _essential_rows(opening):
        what = reason("make_preferred", role, skill)
        yield Change(what, ("skill", role, skill), 2, _put("asked_essential", row, False))


def _drop_language(opening: Opening) -> Iterator[Change]:
    outcome, need = opening.outcome, opening.need
    for at in np.flatnonzero(outcome.snapshot.needs.requires[need]).tolist():
        language = outcome.snapshot.languages[at]
        what = reason("drop_language", outcome.need_id(need), language)
        yield Change(what, ("language", language), 1, _put("requires", (need, at), False))


def _one_seat_less(opening: Opening) -> Iterator[Change]:
    outcome = opening.outcome
    needs = outcome.snapshot.needs
    for role in opening.roles.tolist():
        seats = int(needs.role_seats[role]) - 1
        if seats and needs.role_essential[role]:
            name = outcome.role_id(role)
            what = reason("one_seat_less", name, seats)
            yield Change(what, ("seats", name), 1, _put("role_seats", role, seats))


def _make_optional(opening: Opening) -> Iterator[Change]:
    outcome = opening.outcome
    needs = outcome.snapshot.needs
    essential = [role for role in opening.roles.tolist() if needs.role_essential[role]]
    for role in essential if len(essential) > 1 else []:
        name = outcome.role_id(role)
        what = reason("make_optional", name)
        yield Change(what, ("seats", name), 2, _put("role_essential", role, False))


def _recruit(opening: Opening) -> Iterator[Change]:
    """People with all that the role asks, who come for this need alone."""
    outcome = opening.outcome
    first = opening.blocking
    for role in sorted(opening.roles.tolist(), key=lambda role: (role != first, role)):
        for people in range(1, int(outcome.problem.role_seats[role]) + 1):
            name = outcome.role_id(role)
            what = reason("recruit", name, people, skills_text(outcome, role))
            yield Change(what, ("recruit", name), people, newcomers=(role,) * people)


def _lower_floor(opening: Opening) -> Iterator[Change]:
    """Just so far that the blocking role has as many people as seats."""
    outcome = opening.outcome
    snapshot, role = outcome.snapshot, opening.blocking
    if role is None:
        return
    everyone = np.flatnonzero(opening.allowed(snapshot)[opening.every[1] == role])
    open_floor = replace(snapshot, policy=replace(snapshot.policy, floor=_LOWEST_FLOOR))
    pairs = floored(open_floor, everyone, np.full(len(everyone), role))
    scores = sorted(pairs.score[pairs.score < snapshot.policy.floor].tolist(), reverse=True)
    missing = int(snapshot.needs.role_seats[role]) - int((outcome.pairs.role == role).sum())
    if 0 < missing <= len(scores):
        floor = scores[missing - 1]
        yield Change(reason("lower_floor", floor), ("floor",), 1, _policy(floor=floor), whole=True)


def _raise_limit(opening: Opening) -> Iterator[Change]:
    outcome = opening.outcome
    limit = outcome.problem.max_needs
    if limit is not None and int(outcome.solution.staffed.sum()) >= limit:
        edit = _policy(max_new_projects=limit + 1)
        yield Change(reason("raise_limit", limit + 1), ("limit",), 1, edit, whole=True)


def _policy(**values: Any) -> Edit:
    return lambda snapshot: replace(snapshot, policy=replace(snapshot.policy, **values))


_KINDS: tuple[Callable[[Opening], Iterator[Change]], ...] = (
    _raise_limit,
    _add_slot,
    _ask_fewer_hours,
    _move_dates,
    _other_mode,
    _lower_level,
    _make_preferred,
    _drop_language,
    _one_seat_less,
    _make_optional,
    _lower_floor,
    _recruit,
)
