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

from numpy import float32, int32

from matchmaker.engine.pairs.formulas import (
    FULL,
    NEIGHBOUR_CREDIT,
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
BITS = 3  # of a level
STEP = 1 << BITS
LOST = 2.0**-20  # of points or prices at most, where fractions of 24 bits are added up
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
    points = float32(points)
    for i in range(len(rough)):
        rough[i] = points + mild[i] + row[meets[i]]


def add_skill(rough: Any, brings: Any, most: Any, asked: Any, must: Any) -> None:
    """One skill that the role asks at the level ``asked``; ``most``: the points of having it."""
    if asked == 0:
        return
    part = most * NEIGHBOUR_CREDIT / FULL
    full, half, refused = float32(most), float32(part), float32(REFUSED)
    own, near, least = float32(most / asked), float32(part / asked), STEP * asked if must else 0
    for i in range(len(rough)):
        level, beside = int32(brings[i] >> BITS), int32(brings[i] & (STEP - 1))
        credit = max(min(own * float32(level), full), min(near * float32(beside), half))
        rough[i] += refused if skill_short(brings[i], least) else credit


def add_slots(rough: Any, slots: Any, asked: Any, weight: Any) -> None:
    """The third of time that slots are, of a need that names some."""
    rate, unnamed = float32(weight * FULL / ones(asked)), float32(weight * NOT_STATED)
    refused = float32(REFUSED)
    for i in range(len(rough)):
        common = int32(ones(slots[i] & asked))
        share = rate * float32(common) if common else refused
        rough[i] += share if slots[i] else unnamed


def add_fields(rough: Any, fields: Any, asked: Any, weight: Any) -> None:
    """Interest in a need that names fields."""
    rate, unnamed = float32(weight * _SHARED / ones(asked)), float32(weight * NOT_STATED)
    shared, none = float32(weight * _SHARED), float32(0)
    for i in range(len(rough)):
        common = int32(ones(fields[i] & asked))
        share = shared + rate * float32(common) if common else none
        rough[i] += share if fields[i] else unnamed


def add_dates(rough: Any, first: Any, last: Any, starts: Any, ends: Any, weight: Any) -> None:
    """The third of time that dates are."""
    least, rate = float32(0), float32(weight * FULL / (ends - starts + 1))
    if starts == LONG_AGO or ends == FAR_AHEAD:
        least, rate = float32(weight * FULL), float32(0)
    starts, ends, refused = int32(starts), int32(ends), float32(REFUSED)
    for i in range(len(rough)):
        common = int32(min(ends, last[i]) - max(starts, first[i]) + 1)
        share = max(least, rate * float32(common))
        rough[i] += refused if dates_apart(starts, ends, first[i], last[i]) else share


def add_hours(rough: Any, minutes: Any, stated: Any, asks: Any, weight: Any) -> None:
    """The third of time that hours are, of a role that asks some."""
    rate, unnamed = float32(2 * weight * FULL / (3 * asks)), float32(weight * NOT_STATED)
    most, refused = float32(weight * FULL), float32(REFUSED)
    for i in range(len(rough)):
        share = min(rate * float32(minutes[i]), most) if stated[i] else unnamed
        rough[i] += refused if hours_short(minutes[i], asks) else share


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
