"""The smallest single change that would let a left-out need be staffed, each proven.

A change touches only the need itself, so every staffing without the need stays open; the solver's
``can_staff`` then decides exactly whether the best staffing with the change includes the need.
Changes are tried from the one that asks least of a group to the one that asks most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from matchmaker.engine.answers.recruits import recruits
from matchmaker.engine.arrays import ints
from matchmaker.engine.columns import SLOTS
from matchmaker.engine.facts import hours_text
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.questions import can_staff
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import allowed
from matchmaker.engine.scores import Pairs, floored
from matchmaker.engine.shapes import FAR_AHEAD, HYBRID, LONG_AGO, ONSITE, REMOTE, Snapshot
from matchmaker.engine.solve import solve
from matchmaker.engine.unstaffed import blocking_role

Vector = TypeVar("Vector", Ints, Bools)
_MOST_HOURS = 5
_MOST_DAYS = 92
_MOST_WINDOWS = 10
_LOWEST_FLOOR = 1


@dataclass(frozen=True)
class Change:
    """One change: its reason code, and the snapshot as it would be."""

    reason: Reason
    snapshot: Snapshot


def smallest_changes(outcome: Outcome, need: int, *, most: int = 1) -> tuple[Reason, ...]:
    """At most ``most`` single changes, the smallest first, with each of which the best staffing
    of the whole round includes ``need``. Empty when no single change does."""
    if _limit_reached(outcome):
        return _raised_limit(outcome, need)
    if not (outcome.problem.role_need == need).any():
        return (reason("add_role", outcome.need_id(need)),)
    found: list[Reason] = []
    for change in _changes(outcome, need):
        if len(found) < most and _proven(outcome, change.snapshot, need):
            found.append(change.reason)
    if len(found) < most and (recruit := recruits(outcome, need)):
        found.append(recruit)
    return tuple(found)


def _limit_reached(outcome: Outcome) -> bool:
    limit = outcome.problem.max_needs
    return limit is not None and int(outcome.solution.staffed.sum()) >= limit


def _raised_limit(outcome: Outcome, need: int) -> tuple[Reason, ...]:
    limit = (outcome.problem.max_needs or 0) + 1
    raised = replace(outcome.problem, max_needs=limit)
    wider = solve(raised, outcome.snapshot.policy.levels)
    return (reason("raise_limit", limit),) if wider.staffed[need] else ()


def _proven(outcome: Outcome, changed: Snapshot, need: int) -> bool:
    fresh = _judged(changed, need)
    others = changed.needs.role_need[outcome.pairs.role] != need
    same_seats = changed.needs.role_seats is outcome.snapshot.needs.role_seats
    same_roles = changed.needs.role_essential is outcome.snapshot.needs.role_essential
    if same_seats and same_roles and len(fresh.person) <= np.count_nonzero(~others):
        return False
    problem = pose(changed, _joined(_only(outcome.pairs, others), fresh))
    levels = outcome.snapshot.policy.levels
    answer = can_staff(problem, need, outcome.solution, levels, base_problem=outcome.problem)
    return answer.better


def _judged(snapshot: Snapshot, need: int) -> Pairs:
    """The allowed pairs of one need."""
    roles = np.flatnonzero(snapshot.needs.role_need == need)
    count = len(snapshot.people.capacity)
    person = ints(np.repeat(np.arange(count), len(roles)))
    role = ints(np.tile(roles, count))
    keep = allowed(snapshot, person, role)
    return floored(snapshot, person[keep], role[keep])


def _only(pairs: Pairs, keep: Ints | Bools) -> Pairs:
    return Pairs(pairs.person[keep], pairs.role[keep], pairs.score[keep])


def _joined(one: Pairs, two: Pairs) -> Pairs:
    person = ints(np.concatenate([one.person, two.person]))
    role = ints(np.concatenate([one.role, two.role]))
    score = ints(np.concatenate([one.score, two.score]))
    order = np.lexsort((role, person))
    return Pairs(person[order], role[order], score[order])


def _changes(outcome: Outcome, need: int) -> Iterator[Change]:
    for kind in _KINDS:
        yield from kind(outcome, need)


def _with(snapshot: Snapshot, **columns: Any) -> Snapshot:
    return replace(snapshot, needs=replace(snapshot.needs, **columns))


def _set(values: Vector, at: int, value: int | bool) -> Vector:
    copy = values.copy()
    copy[at] = value
    return copy


def _roles_of(outcome: Outcome, need: int) -> list[int]:
    return [int(role) for role in np.flatnonzero(outcome.snapshot.needs.role_need == need)]


def _add_slot(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    asked = int(needs.slots[need])
    offers = outcome.snapshot.people.slots
    for at, slot in enumerate(SLOTS):
        bit = 1 << at
        if asked and not asked & bit and bool((offers & bit).any()):
            slots = _set(needs.slots, need, asked | bit)
            changed = _with(outcome.snapshot, slots=slots)
            yield Change(reason("add_slot", outcome.need_id(need), slot), changed)


def _ask_fewer_hours(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    for fewer in range(1, _MOST_HOURS + 1):
        for role in _roles_of(outcome, need):
            asks = int(needs.role_minutes[role]) - 60 * fewer
            if asks > 0:
                minutes = _set(needs.role_minutes, role, asks)
                what = reason("ask_fewer_hours", outcome.role_id(role), fewer, hours_text(asks))
                yield Change(what, _with(outcome.snapshot, role_minutes=minutes))


def _move_dates(outcome: Outcome, need: int) -> Iterator[Change]:
    """Reach the nearest day on which one more person is available, on either side."""
    needs, people = outcome.snapshot.needs, outcome.snapshot.people
    starts, ends = int(needs.starts[need]), int(needs.ends[need])
    days: set[tuple[int, int, int]] = set()
    if ends != FAR_AHEAD:
        days |= {(int(day) - ends, starts, int(day)) for day in people.from_day if day > ends}
    if starts != LONG_AGO:
        days |= {(starts - int(day), int(day), ends) for day in people.until_day if day < starts}
    for moved, first, last in sorted(days)[:_MOST_WINDOWS]:
        if moved <= _MOST_DAYS:
            window = {
                "starts": _set(needs.starts, need, first),
                "ends": _set(needs.ends, need, last),
            }
            shown = _iso(first, LONG_AGO), _iso(last, FAR_AHEAD)
            what = reason("move_dates", outcome.need_id(need), *shown, moved)
            yield Change(what, _with(outcome.snapshot, **window))


def _iso(day: int, open_end: int) -> str:
    return "-" if day == open_end else date.fromordinal(day).isoformat()


def _allow_remote(outcome: Outcome, need: int) -> Iterator[Change]:
    if outcome.snapshot.needs.mode[need] == ONSITE:
        mode = _set(outcome.snapshot.needs.mode, need, HYBRID)
        changed = _with(outcome.snapshot, mode=mode)
        yield Change(reason("allow_remote", outcome.need_id(need)), changed)


def _allow_onsite(outcome: Outcome, need: int) -> Iterator[Change]:
    if outcome.snapshot.needs.mode[need] == REMOTE:
        mode = _set(outcome.snapshot.needs.mode, need, HYBRID)
        changed = _with(outcome.snapshot, mode=mode)
        yield Change(reason("allow_onsite", outcome.need_id(need)), changed)


def _essential_rows(outcome: Outcome, need: int) -> list[int]:
    needs = outcome.snapshot.needs
    rows = np.flatnonzero(needs.asked_essential & (needs.role_need[needs.asked_role] == need))
    return [int(row) for row in rows]


def _lower_level(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    for row in _essential_rows(outcome, need):
        level = int(needs.asked_level[row]) - 1
        if level:
            asked = _set(needs.asked_level, row, level)
            what = reason("lower_level", *_asked(outcome, row), level)
            yield Change(what, _with(outcome.snapshot, asked_level=asked))


def _asked(outcome: Outcome, row: int) -> tuple[str, str]:
    needs = outcome.snapshot.needs
    role, skill = int(needs.asked_role[row]), int(needs.asked_skill[row])
    return outcome.role_id(role), outcome.snapshot.skill_codes[skill]


def _make_preferred(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    for row in _essential_rows(outcome, need):
        changed = _with(outcome.snapshot, asked_essential=_set(needs.asked_essential, row, False))
        yield Change(reason("make_preferred", *_asked(outcome, row)), changed)


def _drop_language(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    for at in np.flatnonzero(needs.requires[need]):
        requires = needs.requires.copy()
        requires[need, at] = False
        changed = replace(outcome.snapshot, needs=replace(needs, requires=requires))
        language = outcome.snapshot.languages[at]
        yield Change(reason("drop_language", outcome.need_id(need), language), changed)


def _one_seat_less(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    for role in _roles_of(outcome, need):
        seats = int(needs.role_seats[role]) - 1
        if seats and needs.role_essential[role]:
            fewer = _set(needs.role_seats, role, seats)
            what = reason("one_seat_less", outcome.role_id(role), seats)
            yield Change(what, _with(outcome.snapshot, role_seats=fewer))


def _make_optional(outcome: Outcome, need: int) -> Iterator[Change]:
    needs = outcome.snapshot.needs
    essential = [role for role in _roles_of(outcome, need) if needs.role_essential[role]]
    for role in essential if len(essential) > 1 else []:
        changed = _with(outcome.snapshot, role_essential=_set(needs.role_essential, role, False))
        yield Change(reason("make_optional", outcome.role_id(role)), changed)


def _lower_floor(outcome: Outcome, need: int) -> Iterator[Change]:
    """Just so far that the blocking role has as many people as seats."""
    snapshot, role = outcome.snapshot, blocking_role(outcome, need)
    open_floor = replace(snapshot, policy=replace(snapshot.policy, floor=_LOWEST_FLOOR))
    pairs = _judged(open_floor, need)
    below = (pairs.role == role) & (pairs.score < snapshot.policy.floor)
    scores = sorted(pairs.score[below].tolist(), reverse=True)
    missing = int(snapshot.needs.role_seats[role]) - int((outcome.pairs.role == role).sum())
    if 0 < missing <= len(scores):
        floor = scores[missing - 1]
        changed = replace(snapshot, policy=replace(snapshot.policy, floor=floor))
        yield Change(reason("lower_floor", floor), changed)


_KINDS: tuple[Callable[[Outcome, int], Iterator[Change]], ...] = (
    _add_slot,
    _ask_fewer_hours,
    _move_dates,
    _allow_remote,
    _allow_onsite,
    _lower_level,
    _make_preferred,
    _drop_language,
    _one_seat_less,
    _make_optional,
    _lower_floor,
)
