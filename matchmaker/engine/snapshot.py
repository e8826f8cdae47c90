"""A market becomes arrays: what rules, features and scores read.

Positions follow the market's rows, which are sorted by id. Nothing here looks at a row by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.files.columns import MODES
from matchmaker.engine.market import Market
from matchmaker.engine.pairs.frame import Frame
from matchmaker.engine.pairs.shapes import (
    ALL_WEEK,
    FAR_AHEAD,
    UNKNOWN,
    Levels,
    Lookup,
    Needs,
    People,
    Snapshot,
)
from matchmaker.engine.policy import Policy
from matchmaker.engine.problem import Ints

_EARTH_KM = 6371.0088
Places = Mapping[str, int]


def take(market: Market, policy: Policy) -> Snapshot:
    """The snapshot of ``market``. Raises ``KeyError`` when a row points to an absent one."""
    people, needs, roles = (Frame(market, name) for name in ("professionals", "needs", "roles"))
    groups = Frame(market, "groups")
    person_at, need_at, role_at, group_at = (each.ids() for each in (people, needs, roles, groups))
    languages = needs.occurring("languages")
    today = (policy.as_of or market.last_day or date.min).toordinal()
    wishes, conflicts = Frame(market, "wishes"), Frame(market, "conflicts")
    return Snapshot(
        market,
        policy,
        person_at,
        need_at,
        role_at,
        tuple(row.code for row in market.skills),
        languages,
        _people(market, policy, person_at, languages, today),
        _needs(market, (group_at, need_at, role_at), languages, today),
        distance=_distances(Frame(market, "districts")),
        wishes=_lookup(
            wishes.points("professional_id", person_at),
            wishes.points("need_id", need_at),
            wishes.ints("rank"),
            len(need_at),
        ),
        declined=_marked(market.declined, person_at, need_at),
        conflicts=_lookup(
            conflicts.points("professional_id", person_at),
            conflicts.points("group_id", group_at),
            np.ones(len(conflicts), np.int64),
            len(group_at),
        ),
        past=_last_times(Frame(market, "history"), person_at, group_at),
        bans=_marked(policy.bans, person_at, role_at),
    )


def minutes_of(hours: float) -> int:
    """Hours as whole minutes."""
    return round(hours * 60)


def skill_neighbours(market: Market) -> dict[str, tuple[str, ...]]:
    """Skill → the skills with the same parent, its parent, and its children."""
    table = Frame(market, "skills")
    codes, family = list(table.ids()), dict[str, set[str]]()
    for code, at in zip(codes, table.points("parent", table.ids()).tolist(), strict=True):
        if at >= 0:
            family.setdefault(codes[at], {codes[at]}).add(code)
    found: dict[str, set[str]] = {code: set() for code in codes}
    for parent, members in family.items():
        for member in members:
            others = members if member != parent else members - {parent}
            found[member] |= others - {member}
    return {code: tuple(sorted(others)) for code, others in found.items()}


def _lookup(first: Ints, second: Ints, value: Ints, width: int) -> Lookup:
    keys = first * width + second
    order = np.lexsort((value, keys))
    return Lookup(width, keys[order], value[order])


def _marked(pairs: Iterable[tuple[str, str]], first_at: Places, second_at: Places) -> Lookup:
    """A table of ones; pairs that name somebody absent are left out."""
    found = [(first_at.get(one, UNKNOWN), second_at.get(other, UNKNOWN)) for one, other in pairs]
    table = ints(found).reshape(-1, 2)
    table = table[(table >= 0).all(axis=1)]
    return _lookup(table[:, 0], table[:, 1], np.ones(len(table), np.int64), len(second_at))


def _last_times(history: Frame, person_at: Places, group_at: Places) -> Lookup:
    """The rating of the latest project of each person with each group, 0 when unrated."""
    person = history.points("professional_id", person_at)
    keys = person * len(group_at) + history.points("group_id", group_at)
    order = np.lexsort((history.ints("ended_on"), keys))
    keys = keys[order]
    last = np.append(keys[1:] != keys[:-1], True)[: len(keys)]
    rating = np.maximum(history.ints("rating"), 0)[order]
    return Lookup(len(group_at), keys[last], rating[last])


def _people(
    market: Market, policy: Policy, person_at: Places, languages: tuple[str, ...], today: int
) -> People:
    rows = Frame(market, "professionals")
    modes, until = rows.ints("modes"), rows.ints("available_until")
    minutes = rows.scaled("hours_per_week", 60)
    levels = _levels(market, person_at)
    verified = np.ones(len(rows), dtype=bool)
    verified[[person_at[each] for each in market.unverified if each in person_at]] = False
    return People(
        capacity=rows.ints("capacity"),
        minutes=np.where(minutes == UNKNOWN, ALL_WEEK, minutes),
        hours_stated=minutes != UNKNOWN,
        remote=_works(modes, "remote"),
        onsite=_works(modes, "onsite"),
        reach=rows.scaled("reach_km", 10),
        district=rows.points("district", Frame(market, "districts").ids(), strict=False),
        from_day=rows.ints("available_from"),
        until_day=np.where(until == 0, FAR_AHEAD, until),
        slots=rows.ints("slots"),
        fields=rows.ints("fields"),
        wait=_waited(rows.ints("waiting_since"), today),
        any_project=rows.array("any_project") > 0,
        verified=verified,
        levels=levels,
        near_levels=_near_levels(market, levels),
        speaks=rows.members("languages", languages, policy.language),
    )


def _works(modes: Ints, mode: str) -> Any:
    """Who works in this way; whoever named no way works in every one."""
    return (modes == 0) | (modes >> MODES.index(mode) & 1 > 0)


def _waited(since: Ints, today: int) -> Ints:
    return np.where(since > 0, np.maximum(today - since, 0), 0)


def _levels(market: Market, person_at: Places) -> Levels:
    rows, skill_at = Frame(market, "professional_skills"), Frame(market, "skills").ids()
    levels = np.zeros((len(person_at), len(skill_at)), dtype=np.int8, order="F")
    person, skill = rows.points("professional_id", person_at), rows.points("skill", skill_at)
    levels[person, skill] = rows.array("level")
    return levels


def _near_levels(market: Market, levels: Levels) -> Levels:
    codes, asked = list(Frame(market, "skills").ids()), Frame(market, "role_skills")
    skill_at, near = {code: at for at, code in enumerate(codes)}, np.zeros_like(levels)
    neighbours = skill_neighbours(market)
    for skill in np.unique(asked.points("skill", skill_at)).tolist():
        if others := [skill_at[other] for other in neighbours[codes[skill]]]:
            levels.T[others].max(axis=0, out=near[:, skill])
    return near


def _needs(
    market: Market,
    at: tuple[Places, Places, Places],
    languages: tuple[str, ...],
    today: int,
) -> Needs:
    rows, roles, asked, groups = (
        Frame(market, name) for name in ("needs", "roles", "role_skills", "groups")
    )
    group_at, need_at, role_at = at
    districts, skills = Frame(market, "districts").ids(), Frame(market, "skills").ids()
    group, role_need = rows.points("group_id", group_at), roles.points("need_id", need_at)
    since, ends = groups.ints("waiting_since"), rows.ints("ends_on")
    since = np.where(since > 0, since, groups.ints("last_supported_on"))
    near_group = groups.points("district", districts, strict=False)[group]
    own_fields, own_minutes = rows.ints("fields"), roles.scaled("hours_per_week", 60)
    need_minutes = np.maximum(rows.scaled("hours_per_week", 60), 0)[role_need]
    asked_role = asked.points("role_id", role_at)
    return Needs(
        group=group,
        group_wait=_waited(since, today),
        urgency=rows.ints("urgency"),
        mode=rows.ints("mode"),
        district=np.where(
            rows.stated("district"), rows.points("district", districts, strict=False), near_group
        ),
        starts=rows.ints("starts_on"),
        ends=np.where(ends == 0, FAR_AHEAD, ends),
        slots=rows.ints("slots"),
        fields=np.where(own_fields == 0, groups.ints("fields")[group], own_fields),
        requires=rows.members("languages", languages),
        role_need=role_need,
        role_seats=roles.ints("seats"),
        role_essential=bools(roles.array("essential") > 0),
        role_minutes=np.where(own_minutes == UNKNOWN, need_minutes, own_minutes),
        asked_role=asked_role,
        asked_skill=asked.points("skill", skills),
        asked_level=asked.ints("min_level"),
        asked_essential=bools(asked.array("essential") > 0),
        asked_weight=asked.scaled("weight", 100),
        first_asked=ints(np.searchsorted(asked_role, np.arange(len(roles) + 1))),
    )


def _distances(districts: Frame) -> Ints:
    """Great-circle distances between the middles of districts, in 0.1 km."""
    lat, lon = np.radians(districts.array("lat")), np.radians(districts.array("lon"))
    lat_step, lon_step = lat[:, None] - lat, lon[:, None] - lon
    cosines = np.cos(lat)[:, None] * np.cos(lat)
    half = np.sin(lat_step / 2) ** 2 + cosines * np.sin(lon_step / 2) ** 2
    km = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    table: Any = np.full((len(districts) + 1, len(districts) + 1), UNKNOWN, dtype=np.int64)
    table[:-1, :-1] = np.rint(km * 10)
    return ints(table)
