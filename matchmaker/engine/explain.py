"""Why a pair fits and what is missing: strengths and gaps as reasons, feature by feature."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matchmaker.engine.columns import FIELDS, SLOTS
from matchmaker.engine.facts import hours_text, km_text, pair_distance
from matchmaker.engine.features import FULL, REMOTE_IN_HYBRID, dates_share, nearness, skill_credit
from matchmaker.engine.reasons import CATALOGUE, GAP, Reason, reason
from matchmaker.engine.shapes import HYBRID, REMOTE, UNKNOWN, Snapshot
from matchmaker.engine.snapshot import skill_neighbours

_NEAR_ENOUGH = 3 * FULL // 4  # within half of one's reach


def pair_reasons(snapshot: Snapshot, person: int, role: int) -> tuple[Reason, ...]:
    """The strengths of a pair, then its gaps, each group in the order of the features."""
    found = [each for part in _PARTS for each in part(snapshot, person, role)]
    return tuple(sorted(found, key=lambda each: CATALOGUE[each.code].kind == GAP))


def _skills(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    needs = snapshot.needs
    rows = range(int(needs.first_asked[role]), int(needs.first_asked[role + 1]))
    weight = needs.asked_weight
    for row in sorted(rows, key=lambda row: (-int(needs.asked_essential[row]), -int(weight[row]))):
        code = snapshot.skill_codes[needs.asked_skill[row]]
        has = int(snapshot.people.levels[person, needs.asked_skill[row]])
        asked = int(needs.asked_level[row])
        if has >= asked:
            yield reason("skill", code, has)
        elif FULL * has // asked >= _credit(snapshot, person, row) and has:
            yield reason("skill_below", code, has, asked)
        elif near := _nearest_skill(snapshot, person, code):
            yield reason("skill_near", code, *near)
        else:
            yield reason("skill_absent", code, asked)


def _credit(snapshot: Snapshot, person: int, row: int) -> int:
    return int(skill_credit(snapshot, np.array([person]), np.array([row]))[0])


def _nearest_skill(snapshot: Snapshot, person: int, code: str) -> tuple[str, int] | None:
    """The neighbouring skill the person is best at, with its level."""
    best: tuple[str, int] | None = None
    for other in skill_neighbours(snapshot.market.skills)[code]:
        level = int(snapshot.people.levels[person, snapshot.skill_codes.index(other)])
        if level > (best[1] if best else 0):
            best = other, level
    return best


def _languages(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.needs.role_need[role]
    both = snapshot.needs.requires[need] & snapshot.people.speaks[person]
    for at in np.flatnonzero(both):
        yield reason("language", snapshot.languages[at])


def _hours(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    asks, offers = int(snapshot.needs.role_minutes[role]), int(snapshot.people.minutes[person])
    if not asks:
        return
    if not snapshot.people.hours_stated[person]:
        yield reason("hours_unknown", hours_text(asks))
    else:
        code = "hours" if 2 * offers >= 3 * asks else "hours_tight"
        yield reason(code, hours_text(offers), hours_text(asks))


def _slots(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    asked = int(snapshot.needs.slots[snapshot.needs.role_need[role]])
    offered = int(snapshot.people.slots[person])
    if not asked:
        return
    if not offered:
        yield reason("slots_unknown")
        return
    common = [slot for at, slot in enumerate(SLOTS) if asked & offered & (1 << at)]
    yield from (reason("slot", slot) for slot in common)
    if 0 < len(common) < asked.bit_count():
        yield reason("slots_few", len(common), asked.bit_count())


def _dates(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.needs.role_need[role]
    who, what = np.array([person]), np.array([need])
    share = int(dates_share(snapshot.people, snapshot.needs, who, what)[0])
    if 0 < share < FULL:
        yield reason("dates_partly", max(share * 100 // FULL, 1))


def _place(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    mode = snapshot.needs.mode[snapshot.needs.role_need[role]]
    at = np.array([person]), np.array([role])
    near, distance = int(nearness(snapshot, *at)[0]), int(pair_distance(snapshot, *at)[0])
    onsite, remote = snapshot.people.onsite[person], snapshot.people.remote[person]
    if mode == REMOTE:
        yield reason("remote")
    elif mode == HYBRID and remote and (not onsite or near < REMOTE_IN_HYBRID):
        yield reason("hybrid_remote")
    elif distance == UNKNOWN:
        yield reason("place_unknown")
    else:
        yield reason("near" if near >= _NEAR_ENOUGH else "far", km_text(distance))


def _interest(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    asked = int(snapshot.needs.fields[snapshot.needs.role_need[role]])
    named = int(snapshot.people.fields[person])
    common = [each for at, each in enumerate(FIELDS) if asked & named & (1 << at)]
    yield from (reason("field", each) for each in common)
    if asked and named and not common:
        yield reason("field_none")


def _wishes(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.needs.role_need[role]
    rank = int(snapshot.wishes.get(np.array([person]), np.array([need]), 0)[0])
    if rank:
        yield reason("wish", rank)
    elif snapshot.people.any_project[person]:
        yield reason("any_project")


def _continuity(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    group = snapshot.needs.group[snapshot.needs.role_need[role]]
    rating = int(snapshot.past.get(np.array([person]), np.array([group]), UNKNOWN)[0])
    mode, met = snapshot.policy.continuity, rating != UNKNOWN
    if mode == "new" and met:
        yield reason("worked_before")
    elif mode == "new" and bool(np.isin(person, snapshot.past.keys // snapshot.past.width)):
        yield reason("new_partner")
    elif mode == "earlier":
        yield reason("earlier_partner", rating or "-") if met else reason("not_worked_before")


def _pinned(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    market = snapshot.market
    if (market.professionals[person].id, market.roles[role].id) in snapshot.policy.pins:
        yield reason("pinned")


_PARTS = (
    _skills,
    _languages,
    _hours,
    _slots,
    _dates,
    _place,
    _interest,
    _wishes,
    _continuity,
    _pinned,
)
