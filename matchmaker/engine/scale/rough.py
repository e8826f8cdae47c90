"""How much a pair comes to, roughly and for many people at once, so that few need a true score.

Each loop adds one feature of one role for everybody in a block, in fractions of points (weights ×
features), or ``REFUSED`` where a rule forbids the pair. Shares are taken before the formulas round
them, so an allowed pair's true points lie within the ``slack`` of the role. Loops are short and
read few arrays: compilers then work on several people in one step. Plain Python; ``compiled`` turns
it into machine code.
"""

from __future__ import annotations

from math import inf
from typing import Any

from matchmaker.engine.pairs.formulas import (
    FULL,
    NOT_STATED,
    continuity,
    dates_apart,
    hours_short,
    ones,
    skill_short,
    wishes,
)
from matchmaker.engine.pairs.shapes import FAR_AHEAD, LONG_AGO, UNKNOWN

REFUSED = -inf
STEP = 5  # levels, none included
_SHARED = FULL / 2  # of interest: for sharing a field at all


def find(people: Any, at: Any, end: Any, person: Any) -> Any:
    """The first place of an ascending list, within ``at`` and ``end``, that is not before
    ``person``."""
    while at < end:
        middle = (at + end) // 2
        if people[middle] < person:
            at = middle + 1
        else:
            end = middle
    return at


def everybody(weighed: Any, slots: Any, asks: Any, fields: Any, new: Any, weights: Any) -> Any:
    """The points that are the same for everybody: continuity with a stranger, and full or middling
    ones where the role asks no skill, no slot, no hours or names no field."""
    points = float(weights[5] * continuity(UNKNOWN, new))
    if weighed == 0:
        points += weights[0] * FULL
    if slots == 0:
        points += weights[1] * FULL / 3
    if asks == 0:
        points += weights[1] * FULL / 3
    if fields == 0:
        points += weights[3] * NOT_STATED
    return points


def begin(rough: Any, points: Any, mild: Any, meets: Any, row: Any) -> None:
    """What everybody has, the ``mild`` wish of some, and place: ``row`` by ``meets``."""
    for i in range(len(rough)):
        rough[i] = points + mild[i] + row[meets[i]]


def add_skill(rough: Any, brings: Any, gain: Any, credit: Any, asked: Any, must: Any) -> None:
    """One skill that the role asks. ``credit``: what it counts, by what is brought, at most FULL;
    ``gain``: room for the same in points, given the points of a full credit at its end."""
    most = gain[STEP * STEP] / FULL
    for had in range(STEP * STEP):
        gain[had] = most * credit[had, asked]
        if must and skill_short(had, STEP * asked):
            gain[had] = REFUSED
    for i in range(len(rough)):
        rough[i] += gain[brings[i]]


def add_slots(rough: Any, slots: Any, asked: Any, weight: Any) -> None:
    """The third of time that slots are, of a need that names some."""
    rate, unnamed = weight * FULL / ones(asked), weight * NOT_STATED
    for i in range(len(rough)):
        common = ones(slots[i] & asked)
        share = rate * common if common else REFUSED
        rough[i] += share if slots[i] else unnamed


def add_fields(rough: Any, fields: Any, asked: Any, weight: Any) -> None:
    """Interest in a need that names fields."""
    rate, unnamed = weight * _SHARED / ones(asked), weight * NOT_STATED
    for i in range(len(rough)):
        common = ones(fields[i] & asked)
        share = weight * _SHARED + rate * common if common else 0.0
        rough[i] += share if fields[i] else unnamed


def add_dates(rough: Any, first: Any, last: Any, starts: Any, ends: Any, weight: Any) -> None:
    """The third of time that dates are."""
    least, rate = 0.0, weight * FULL / (ends - starts + 1)
    if starts == LONG_AGO or ends == FAR_AHEAD:
        least, rate = weight * FULL, 0.0
    for i in range(len(rough)):
        common = max(min(ends, last[i]) - max(starts, first[i]) + 1, 0)
        share = max(least, rate * common)
        rough[i] += REFUSED if dates_apart(starts, ends, first[i], last[i]) else share


def add_hours(rough: Any, minutes: Any, stated: Any, asks: Any, weight: Any) -> None:
    """The third of time that hours are, of a role that asks some."""
    rate, unnamed = 2 * weight * FULL / (3 * asks), weight * NOT_STATED
    for i in range(len(rough)):
        share = min(rate * minutes[i], weight * FULL) if stated[i] else unnamed
        rough[i] += REFUSED if hours_short(minutes[i], asks) else share


def refuse_silent(rough: Any, speaks: Any, requires: Any) -> None:
    """Whoever lacks a required language of one word of languages."""
    if requires != 0:
        for i in range(len(rough)):
            if requires & ~speaks[i]:
                rough[i] = REFUSED


def refuse_listed(rough: Any, person: Any, people: Any, begin: Any, end: Any) -> None:
    """Whoever is on a list of the role."""
    for at in range(begin, end):
        i = find(person, 0, len(person), people[at])
        if i < len(person) and person[i] == people[at]:
            rough[i] = REFUSED


def add_wishes(
    rough: Any, person: Any, mild: Any, people: Any, ranks: Any, begin: Any, end: Any, weight: Any
) -> None:
    """Wishes that name the need, beyond the ``mild`` ones that everybody's points hold already."""
    for at in range(begin, end):
        i = find(person, 0, len(person), people[at])
        if i < len(person) and person[i] == people[at]:
            rough[i] += max(weight * wishes(ranks[at], 0) - mild[i], 0.0)
            if ranks[at] == 0:
                rough[i] = REFUSED


def add_past(
    rough: Any, person: Any, people: Any, ratings: Any, begin: Any, end: Any, new: Any, weight: Any
) -> None:
    """Continuity of those who have met the group, beyond that of a stranger."""
    for at in range(begin, end):
        i = find(person, 0, len(person), people[at])
        if i < len(person) and person[i] == people[at]:
            rough[i] += weight * (continuity(ratings[at], new) - continuity(UNKNOWN, new))
