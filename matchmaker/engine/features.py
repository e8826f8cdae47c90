"""Six features of a pair, each a whole number 0..10,000 (basis points of 0..1).

Whole numbers throughout, so that a score never depends on a machine's rounding. ``docs/engine.md``
states every formula in words.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.facts import asked_rows, comes_on_site, pair_distance
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.shapes import (
    FAR_AHEAD,
    LONG_AGO,
    ONSITE,
    REMOTE,
    UNKNOWN,
    Needs,
    People,
    Snapshot,
)

FULL = 10_000
NEIGHBOUR_CREDIT = FULL // 2
NOT_STATED = FULL // 2
REMOTE_IN_HYBRID = 7_000
USUAL_REACH = 200  # 0.1 km: the scale of distance for those who named no reach
MILD_WISH = 4_000
WISH_CREDIT = np.array([0, 10_000, 9_000, 8_000, 7_000, 6_000])


def feature_stack(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(6, K) features of the pairs, in the order of ``FEATURES``."""
    return ints([_FEATURES[name](snapshot, person, role) for name in FEATURES])


def rounded(dividend: Ints, divisor: Ints | int) -> Ints:
    """``dividend / divisor`` for numbers ≥ 0, rounded half up, exactly."""
    return ints((2 * dividend + divisor) // (2 * ints(divisor)))


def skill_credit(snapshot: Snapshot, person: Ints, row: Ints) -> Ints:
    """Credit of a person for an asked skill: level had / level asked, at most 1.

    A neighbouring skill counts half, when that is more.
    """
    people, needs = snapshot.people, snapshot.needs
    skill, asked = needs.asked_skill[row], needs.asked_level[row]
    own = np.minimum(FULL * people.levels[person, skill] // asked, FULL)
    near = NEIGHBOUR_CREDIT * people.near_levels[person, skill] // asked
    return ints(np.maximum(own, np.minimum(near, NEIGHBOUR_CREDIT)))


def _skills(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    pair, row = asked_rows(snapshot.needs, role)
    weight = snapshot.needs.asked_weight[row]
    credit = skill_credit(snapshot, person[pair], row)
    total, earned = np.zeros(len(person), np.int64), np.zeros(len(person), np.int64)
    np.add.at(total, pair, weight)
    np.add.at(earned, pair, weight * credit)
    return np.where(total > 0, rounded(earned, np.maximum(total, 1)), FULL)


def _time(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    people, needs, need = snapshot.people, snapshot.needs, snapshot.needs.role_need[role]
    parts = (
        _hours(people, person, needs.role_minutes[role]),
        dates_share(people, needs, person, need),
        _slot_share(people.slots[person], needs.slots[need]),
    )
    return rounded(sum(parts, np.zeros(len(person), np.int64)), 3)


def _hours(people: People, person: Ints, asks: Ints) -> Ints:
    """Full credit for half as much again as is asked: a little slack keeps a project alive."""
    share = np.minimum(2 * FULL * people.minutes[person] // np.maximum(3 * asks, 1), FULL)
    stated = np.where(people.hours_stated[person], share, NOT_STATED)
    return np.where(asks > 0, stated, FULL)


def dates_share(people: People, needs: Needs, person: Ints, need: Ints) -> Ints:
    """The part of the need's days on which the person is available; full for an open window."""
    starts, ends = needs.starts[need], needs.ends[need]
    last = np.minimum(ends, people.until_day[person])
    common = np.maximum(last - np.maximum(starts, people.from_day[person]) + 1, 0)
    open_window = (starts == LONG_AGO) | (ends == FAR_AHEAD)
    share = FULL * common // (ends - starts + 1)
    return ints(np.where(open_window, FULL * (common > 0), share))


def _slot_share(offered: Ints, asked: Ints) -> Ints:
    common = np.bitwise_count(offered & asked).astype(np.int64)
    count = np.bitwise_count(asked).astype(np.int64)
    stated = np.where(offered == 0, NOT_STATED, FULL * common // np.maximum(count, 1))
    return np.where(asked == 0, FULL, stated)


def nearness(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """1 at no distance, ½ at the end of the person's reach (20 km when not stated), never < 0."""
    distance, reach = pair_distance(snapshot, person, role), snapshot.people.reach[person]
    scale = np.maximum(np.where(reach == UNKNOWN, USUAL_REACH, reach), 1)
    near = np.maximum(FULL - FULL * distance // (2 * scale), 0)
    return np.where(distance == UNKNOWN, NOT_STATED, near)


def _place(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    mode = snapshot.needs.mode[snapshot.needs.role_need[role]]
    remote: Bools = snapshot.people.remote[person]
    by_foot = nearness(snapshot, person, role) * comes_on_site(snapshot, person, role)
    mixed = np.maximum(by_foot, REMOTE_IN_HYBRID * remote)
    return np.select([mode == REMOTE, mode == ONSITE], [FULL * remote, by_foot], mixed)


def _interest(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """½ for sharing a field at all, the other ½ for the part of the need's fields shared."""
    asked = snapshot.needs.fields[snapshot.needs.role_need[role]]
    named = snapshot.people.fields[person]
    common = np.bitwise_count(asked & named).astype(np.int64)
    count = np.maximum(np.bitwise_count(asked).astype(np.int64), 1)
    shared = np.where(common > 0, FULL // 2 + FULL * common // (2 * count), 0)
    return np.where((asked == 0) | (named == 0), NOT_STATED, shared)


def _wishes(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    rank = snapshot.wishes.get(person, snapshot.needs.role_need[role], 0)
    mild = MILD_WISH * snapshot.people.any_project[person]
    return ints(np.maximum(WISH_CREDIT[rank], mild))


def _continuity(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """New partners: 1 when they never met. Earlier ones: their rating, 1…5 as 0…1, unrated 1."""
    group = snapshot.needs.group[snapshot.needs.role_need[role]]
    rating = snapshot.past.get(person, group, UNKNOWN)
    if snapshot.policy.continuity == "new":
        return ints(FULL * (rating == UNKNOWN))
    rated = np.where(rating == 0, FULL, (rating - 1) * FULL // 4)
    return np.where(rating == UNKNOWN, 0, rated)


_FEATURES: dict[str, Callable[[Snapshot, Ints, Ints], Ints]] = {
    "skills": _skills,
    "time": _time,
    "place": _place,
    "interest": _interest,
    "wishes": _wishes,
    "continuity": _continuity,
}
