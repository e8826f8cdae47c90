"""A market becomes arrays: what rules, features and scores read.

Positions follow the market's rows, which are sorted by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from matchmaker.engine.columns import FIELDS, NEED_MODES, SLOTS, URGENCIES
from matchmaker.engine.market import District, Group, Market, Need, Past, Professional, Role, Skill
from matchmaker.engine.policy import Policy
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.shapes import (
    ALL_WEEK,
    FAR_AHEAD,
    LONG_AGO,
    UNKNOWN,
    Lookup,
    Needs,
    People,
    Snapshot,
)

_EARTH_KM = 6371.0088


def take(market: Market, policy: Policy) -> Snapshot:
    """The snapshot of ``market``. Raises ``KeyError`` when a row points to an absent one."""
    person_at = _positions(row.id for row in market.professionals)
    need_at = _positions(row.id for row in market.needs)
    role_at = _positions(row.id for row in market.roles)
    group_at = _positions(row.id for row in market.groups)
    skill_codes = tuple(row.code for row in market.skills)
    district_at = _positions(row.code for row in market.districts)
    languages = tuple(sorted({each for need in market.needs for each in need.languages}))
    today = policy.as_of or market.last_day or date.min
    people = _people(market, policy, person_at, district_at, languages, today)
    needs = _needs(market, group_at, need_at, role_at, district_at, languages, today)
    wished = [
        (person_at[row.professional_id], need_at[row.need_id], row.rank) for row in market.wishes
    ]
    refused = [
        (person_at[person], need_at[need], 1)
        for person, need in market.declined
        if person in person_at and need in need_at
    ]
    apart = [
        (person_at[row.professional_id], group_at[row.group_id], 1) for row in market.conflicts
    ]
    banned = [
        (person_at[person], role_at[role], 1)
        for person, role in policy.bans
        if person in person_at and role in role_at
    ]
    return Snapshot(
        market,
        policy,
        person_at,
        need_at,
        role_at,
        skill_codes,
        languages,
        people,
        needs,
        distance=_distances(market.districts),
        wishes=_lookup(wished, len(need_at)),
        declined=_lookup(refused, len(need_at)),
        conflicts=_lookup(apart, len(group_at)),
        past=_lookup(_last_times(market.history, person_at, group_at), len(group_at)),
        bans=_lookup(banned, len(role_at)),
    )


def minutes_of(hours: float) -> int:
    """Hours as whole minutes."""
    return round(hours * 60)


def role_minutes(role: Role, need: Need) -> int:
    """Minutes a week that a seat of ``role`` asks: its own hours, else the need's, else none."""
    hours = role.hours_per_week if role.hours_per_week is not None else need.hours_per_week
    return minutes_of(hours or 0)


def need_fields(need: Need, group: Group) -> tuple[str, ...]:
    """The need's fields of activity, else its group's."""
    return need.fields or group.fields


def skill_neighbours(skills: Sequence[Skill]) -> dict[str, tuple[str, ...]]:
    """Skill → the skills with the same parent, its parent, and its children."""
    family: dict[str, set[str]] = {}
    for skill in skills:
        if skill.parent:
            family.setdefault(skill.parent, {skill.parent}).add(skill.code)
    found: dict[str, set[str]] = {skill.code: set() for skill in skills}
    for parent, members in family.items():
        for member in members:
            others = members if member != parent else members - {parent}
            found[member] |= others - {member}
    return {code: tuple(sorted(others)) for code, others in found.items()}


def _positions(names: Iterable[str]) -> dict[str, int]:
    return {name: position for position, name in enumerate(names)}


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _bools(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=bool)


def _bits(values: tuple[str, ...], names: tuple[str, ...]) -> int:
    return sum(1 << names.index(value) for value in values)


def _day(day: date | None, otherwise: int) -> int:
    return day.toordinal() if day else otherwise


def _waited(since: date | None, today: date) -> int:
    return max((today - since).days, 0) if since else 0


def _lookup(rows: Sequence[tuple[int, int, int]], width: int) -> Lookup:
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    return Lookup(width, table[:, 0] * width + table[:, 1], table[:, 2])


def _last_times(
    history: Iterable[Past], person_at: dict[str, int], group_at: dict[str, int]
) -> list[tuple[int, int, int]]:
    """The latest project of each person with each group, with its rating."""
    last: dict[tuple[int, int], int] = {}
    for row in sorted(history, key=lambda row: row.ended_on):
        last[person_at[row.professional_id], group_at[row.group_id]] = row.rating or 0
    return [(person, group, rating) for (person, group), rating in last.items()]


def _people(
    market: Market,
    policy: Policy,
    person_at: dict[str, int],
    district_at: dict[str, int],
    languages: tuple[str, ...],
    today: date,
) -> People:
    rows = market.professionals
    levels = _levels(market, person_at)
    speaks = [[each in (row.languages or (policy.language,)) for each in languages] for row in rows]
    return People(
        capacity=_ints(row.capacity for row in rows),
        minutes=_ints(_offered(row) for row in rows),
        hours_stated=_bools(row.hours_per_week is not None for row in rows),
        remote=_bools("remote" in (row.modes or ("remote",)) for row in rows),
        onsite=_bools("onsite" in (row.modes or ("onsite",)) for row in rows),
        reach=_ints(
            round(row.reach_km * 10) if row.reach_km is not None else UNKNOWN for row in rows
        ),
        district=_ints(district_at.get(row.district, UNKNOWN) for row in rows),
        from_day=_ints(_day(row.available_from, LONG_AGO) for row in rows),
        until_day=_ints(_day(row.available_until, FAR_AHEAD) for row in rows),
        slots=_ints(_bits(row.slots, SLOTS) for row in rows),
        fields=_ints(_bits(row.fields, FIELDS) for row in rows),
        wait=_ints(_waited(row.waiting_since, today) for row in rows),
        any_project=_bools(row.any_project for row in rows),
        verified=_bools(row.id not in market.unverified for row in rows),
        levels=levels,
        near_levels=_near_levels(market, levels),
        speaks=np.array(speaks, dtype=bool).reshape(len(rows), len(languages)),
    )


def _offered(row: Professional) -> int:
    return ALL_WEEK if row.hours_per_week is None else minutes_of(row.hours_per_week)


def _levels(market: Market, person_at: dict[str, int]) -> Ints:
    skill_at = _positions(row.code for row in market.skills)
    levels = np.zeros((len(person_at), len(skill_at)), dtype=np.int64)
    for row in market.professional_skills:
        levels[person_at[row.professional_id], skill_at[row.skill]] = row.level
    return levels


def _near_levels(market: Market, levels: Ints) -> Ints:
    skill_at = _positions(row.code for row in market.skills)
    near = np.zeros_like(levels)
    neighbours = skill_neighbours(market.skills)
    for code in {row.skill for row in market.role_skills}:
        if others := [skill_at[other] for other in neighbours[code]]:
            near[:, skill_at[code]] = levels[:, others].max(axis=1)
    return near


def _needs(
    market: Market,
    group_at: dict[str, int],
    need_at: dict[str, int],
    role_at: dict[str, int],
    district_at: dict[str, int],
    languages: tuple[str, ...],
    today: date,
) -> Needs:
    rows, roles = market.needs, market.roles
    groups = [market.groups[group_at[row.group_id]] for row in rows]
    asked = sorted(market.role_skills, key=lambda row: (row.role_id, row.skill))
    skill_at = _positions(row.code for row in market.skills)
    asked_role = _ints(role_at[row.role_id] for row in asked)
    requires = [[each in row.languages for each in languages] for row in rows]
    return Needs(
        group=_ints(group_at[row.group_id] for row in rows),
        group_wait=_ints(
            _waited(row.waiting_since or row.last_supported_on, today) for row in market.groups
        ),
        urgency=_ints(URGENCIES.index(row.urgency) for row in rows),
        mode=_ints(NEED_MODES.index(row.mode) for row in rows),
        district=_ints(
            district_at.get(row.district or group.district, UNKNOWN)
            for row, group in zip(rows, groups, strict=True)
        ),
        starts=_ints(_day(row.starts_on, LONG_AGO) for row in rows),
        ends=_ints(_day(row.ends_on, FAR_AHEAD) for row in rows),
        slots=_ints(_bits(row.slots, SLOTS) for row in rows),
        fields=_ints(
            _bits(need_fields(row, group), FIELDS) for row, group in zip(rows, groups, strict=True)
        ),
        requires=np.array(requires, dtype=bool).reshape(len(rows), len(languages)),
        role_need=_ints(need_at[row.need_id] for row in roles),
        role_seats=_ints(row.seats for row in roles),
        role_essential=_bools(row.essential for row in roles),
        role_minutes=_ints(role_minutes(row, rows[need_at[row.need_id]]) for row in roles),
        asked_role=asked_role,
        asked_skill=_ints(skill_at[row.skill] for row in asked),
        asked_level=_ints(row.min_level for row in asked),
        asked_essential=_bools(row.essential for row in asked),
        asked_weight=_ints(round(row.weight * 100) for row in asked),
        first_asked=np.searchsorted(asked_role, np.arange(len(roles) + 1)).astype(np.int64),
    )


def _distances(districts: Sequence[District]) -> Ints:
    """Great-circle distances between the middles of districts, in 0.1 km."""
    lat = np.radians([row.lat for row in districts])
    lon = np.radians([row.lon for row in districts])
    lat_step, lon_step = lat[:, None] - lat, lon[:, None] - lon
    cosines = np.cos(lat)[:, None] * np.cos(lat)
    half = np.sin(lat_step / 2) ** 2 + cosines * np.sin(lon_step / 2) ** 2
    km = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    table: Any = np.full((len(districts) + 1, len(districts) + 1), UNKNOWN, dtype=np.int64)
    table[:-1, :-1] = np.rint(km * 10)
    return np.asarray(table, dtype=np.int64)
