"""Small markets for tests: one by hand, random ones from a seed, and drawn ones that shrink."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from matchmaker.engine.files.columns import FIELDS, SLOTS, URGENCIES
from matchmaker.engine.market import (
    Company,
    Conflict,
    District,
    Group,
    Market,
    Need,
    Past,
    Professional,
    ProfessionalSkill,
    Role,
    RoleSkill,
    Skill,
    Wish,
)
from matchmaker.engine.policy import FEATURES, Policy
from matchmaker.engine.solution import Levels

START = date(2026, 10, 1)
SKILLS = (
    Skill("money", "会計・財務", "Money"),
    Skill("accounting", "会計", "Accounting", "money"),
    Skill("bookkeeping", "簿記", "Bookkeeping", "money"),
    Skill("making", "デザイン", "Design"),
    Skill("leaflets", "チラシ制作", "Leaflets", "making"),
    Skill("web", "ウェブ制作", "Web pages", "making"),
    Skill("law", "法務", "Law"),
)
DISTRICTS = (
    District("harbour", "港", "Harbour", 34.95, 136.63),
    District("hill", "丘", "Hill", 35.00, 136.55),
    District("far", "遠", "Far", 35.40, 136.90),
)


def one_pair(**changes: Any) -> Market:
    """One professional who fits the only role; ``changes`` overwrite fields by kind of row."""
    person: dict[str, Any] = {
        "id": "p1",
        "name": "佐藤 葵",
        "district": "harbour",
        "modes": ("remote", "onsite"),
        "reach_km": 20.0,
        "hours_per_week": 6.0,
        "slots": ("wed-eve",),
        "fields": ("npo-03",),
        "languages": ("ja",),
    }
    need: dict[str, Any] = {
        "id": "n1",
        "group_id": "g1",
        "title": "会計の引き継ぎ",
        "mode": "onsite",
        "district": "harbour",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 30),
        "hours_per_week": 4.0,
        "slots": ("wed-eve",),
        "fields": ("npo-03",),
    }
    has: dict[str, Any] = {"skill": "accounting", "level": 3}
    asked: dict[str, Any] = {"role_id": "r1", "skill": "accounting", "min_level": 2}
    return Market(
        skills=SKILLS,
        districts=DISTRICTS,
        professionals=(Professional(**(person | changes.get("person", {}))),),
        professional_skills=(ProfessionalSkill("p1", **(has | changes.get("has", {}))),),
        groups=(Group("g1", "みなと会", **changes.get("group", {})),),
        needs=(Need(**(need | changes.get("need", {}))),),
        roles=(Role("r1", "n1", "経理", **changes.get("role", {})),),
        role_skills=(RoleSkill(**(asked | {"essential": True} | changes.get("asked", {}))),),
        **changes.get("market", {}),
    )


def random_market(seed: int, people: int = 8, needs: int = 5) -> Market:
    """A market in which every rule, kind of team and tie happens sooner or later."""
    rng = Random(seed)
    skills = [skill.code for skill in SKILLS if skill.parent or skill.code == "law"]
    groups = tuple(
        Group(
            f"g{at}",
            f"会{at}",
            district=_maybe(rng, "harbour", "hill", ""),
            fields=_some(rng, FIELDS[:4], 2),
            waiting_since=_maybe(rng, None, START - timedelta(days=rng.randrange(200))),
        )
        for at in range(max(needs - 1, 1))
    )
    professionals = tuple(_person(rng, at) for at in range(people))
    need_rows = tuple(_need(rng, at, len(groups)) for at in range(needs))
    roles = tuple(
        Role(
            f"r{need}-{at}",
            f"n{need}",
            "役",
            seats=rng.choice((1, 1, 1, 2)),
            essential=rng.random() < 0.7,
            hours_per_week=_maybe(rng, None, 2.0, 3.0),
        )
        for need in range(needs)
        for at in range(rng.choice((0, 1, 1, 2, 2, 3) if seed % 5 == 0 else (1, 1, 2)))
    )
    return Market(
        skills=SKILLS,
        districts=DISTRICTS,
        professionals=professionals,
        professional_skills=tuple(
            ProfessionalSkill(person.id, skill, rng.randint(1, 4))
            for person in professionals
            for skill in _some(rng, tuple(skills), 3)
        ),
        groups=groups,
        needs=need_rows,
        roles=roles,
        role_skills=tuple(
            RoleSkill(role.id, skill, rng.randint(1, 3), rng.random() < 0.5, rng.choice((1.0, 2.5)))
            for role in roles
            for skill in _some(rng, tuple(skills), 2)
        ),
        wishes=tuple(
            Wish(person.id, need.id, rng.randint(0, 5))
            for person in professionals
            for need in need_rows
            if rng.random() < 0.2
        ),
        conflicts=tuple(
            Conflict(person.id, "g0") for person in professionals if rng.random() < 0.1
        ),
        history=tuple(
            Past(person.id, "g0", START, rng.choice((None, 2, 5)))
            for person in professionals
            if rng.random() < 0.2
        ),
    )


def _maybe(rng: Random, *values: Any) -> Any:
    return rng.choice(values)


def _some(rng: Random, values: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(sorted(rng.sample(values, rng.randint(0, most)), key=values.index))


def _person(rng: Random, at: int) -> Professional:
    begins = START + timedelta(days=rng.randrange(60))
    return Professional(
        f"p{at}",
        f"人{at}",
        district=_maybe(rng, "harbour", "hill", "far", ""),
        modes=_some(rng, ("remote", "onsite"), 2),
        reach_km=_maybe(rng, None, 5.0, 20.0),
        hours_per_week=_maybe(rng, None, 2.0, 4.0, 8.0),
        available_from=_maybe(rng, None, begins),
        available_until=_maybe(rng, None, begins + timedelta(days=rng.randrange(90))),
        slots=_some(rng, SLOTS[:6], 3),
        capacity=rng.choice((0, 1, 1, 1, 2, 2)),
        fields=_some(rng, FIELDS[:4], 2),
        languages=_maybe(rng, (), ("ja",), ("en", "ja")),
        waiting_since=_maybe(rng, None, START - timedelta(days=rng.randrange(3) * 30)),
        any_project=rng.random() < 0.2,
    )


def _need(rng: Random, at: int, groups: int) -> Need:
    begins = START + timedelta(days=rng.randrange(60))
    return Need(
        f"n{at}",
        f"g{rng.randrange(groups)}",
        f"題{at}",
        mode=rng.choice(("remote", "onsite", "hybrid", "hybrid")),
        district=_maybe(rng, "harbour", "hill", ""),
        starts_on=_maybe(rng, None, begins),
        ends_on=_maybe(rng, None, begins + timedelta(days=rng.randrange(90))),
        hours_per_week=_maybe(rng, None, 2.0, 4.0),
        slots=_some(rng, SLOTS[:6], 4) if rng.random() < 0.5 else (),
        fields=_some(rng, FIELDS[:4], 2),
        languages=_maybe(rng, (), (), ("en",)),
        urgency=rng.choice(URGENCIES),
    )


_days = st.none() | st.integers(-120, 120).map(lambda days: START + timedelta(days=days))
_hours = st.sampled_from([None, 0.0, 1.5, 2.0, 4.0, 8.25])
_slots = st.lists(st.sampled_from(SLOTS[:4]), max_size=3, unique=True).map(sorted).map(tuple)
_fields = st.lists(st.sampled_from(FIELDS[:4]), max_size=3, unique=True).map(sorted).map(tuple)
_modes = st.sampled_from([(), ("remote",), ("onsite",), ("remote", "onsite")])
_places = st.sampled_from(["", *(row.code for row in DISTRICTS)])


def _window(row: dict[str, Any], first: str, last: str) -> dict[str, Any]:
    """The two ends of a window, the earlier one first."""
    ends = [row[first], row[last]]
    return row | dict(zip((first, last), sorted(ends) if all(ends) else ends, strict=True))


def _people() -> st.SearchStrategy[dict[str, Any]]:
    columns = {
        "district": _places,
        "modes": _modes,
        "reach_km": st.sampled_from([None, 0.0, 9.2, 20.0]),
        "hours_per_week": _hours,
        "available_from": _days,
        "available_until": _days,
        "slots": _slots,
        "capacity": st.sampled_from([1, 1, 2, 0, 3]),
        "fields": _fields,
        "languages": st.sampled_from([(), ("ja",), ("en", "ja")]),
        "waiting_since": _days,
        "any_project": st.booleans(),
        "company_id": st.sampled_from(["", "c1", "c2"]),
    }
    rows = st.fixed_dictionaries({}, optional=columns)
    blank = {"available_from": None, "available_until": None}
    return rows.map(lambda row: _window(blank | row, "available_from", "available_until"))


def _open_needs() -> st.SearchStrategy[dict[str, Any]]:
    columns = {
        "mode": st.sampled_from(["hybrid", "remote", "onsite"]),
        "district": _places,
        "starts_on": _days,
        "ends_on": _days,
        "hours_per_week": _hours,
        "slots": _slots,
        "fields": _fields,
        "languages": st.sampled_from([(), ("en",)]),
        "urgency": st.sampled_from(URGENCIES),
    }
    rows = st.fixed_dictionaries({}, optional=columns)
    blank = {"starts_on": None, "ends_on": None}
    return rows.map(lambda row: _window(blank | row, "starts_on", "ends_on"))


def _kinds_of_groups() -> st.SearchStrategy[dict[str, Any]]:
    columns = {
        "kind": st.sampled_from(["other", "neighbourhood"]),
        "district": _places,
        "fields": _fields,
        "waiting_since": _days,
        "last_supported_on": _days,
    }
    return st.fixed_dictionaries({}, optional=columns)


@st.composite
def markets(draw: st.DrawFn, people: int = 4, needs: int = 3) -> Market:
    """Any small market: every column blank or not, every relation there or not."""
    groups = [Group(f"g{at}", "会", **draw(_kinds_of_groups())) for at in range(2)]
    persons = [
        Professional(f"p{at}", "人", **row)
        for at, row in enumerate(draw(st.lists(_people(), max_size=people)))
    ]
    rows = [
        Need(f"n{at}", f"g{draw(st.integers(0, 1))}", "題", **row)
        for at, row in enumerate(draw(st.lists(_open_needs(), max_size=needs)))
    ]
    role = st.fixed_dictionaries(
        {"seats": st.sampled_from([1, 2]), "essential": st.sampled_from([True, True, False])},
        optional={"hours_per_week": _hours},
    )
    roles = [
        Role(f"r{need.id}{at}", need.id, "役", **row)
        for need in rows
        for at, row in enumerate(draw(st.lists(role, max_size=2)))
    ]

    def some(keys: list[tuple[Any, ...]], *values: st.SearchStrategy[Any]) -> list[Any]:
        if not keys:
            return []
        chosen = draw(st.lists(st.sampled_from(keys), max_size=5, unique=True))
        return [(*key, *(draw(value) for value in values)) for key in chosen]

    levels, codes = st.integers(1, 4), [row.code for row in SKILLS]
    with_skills = [(row.id, code) for row in persons for code in codes]
    asked = [(row.id, code) for row in roles for code in codes]
    weights = st.sampled_from([1.0, 0.0, 2.55])
    wished = [(one.id, other.id) for one in persons for other in rows]
    known = [(one.id, other.id) for one in persons for other in groups]
    pasts = [(*key, START - timedelta(days=ago)) for key in known for ago in (9, 99)]
    return Market(
        skills=SKILLS,
        districts=DISTRICTS,
        companies=(Company("c1", "社"), Company("c2", "社")),
        professionals=tuple(persons),
        professional_skills=tuple(ProfessionalSkill(*r) for r in some(with_skills, levels)),
        groups=tuple(groups),
        needs=tuple(rows),
        roles=tuple(roles),
        role_skills=tuple(RoleSkill(*r) for r in some(asked, levels, st.booleans(), weights)),
        wishes=tuple(Wish(*row) for row in some(wished, st.integers(0, 5))),
        conflicts=tuple(Conflict(*row) for row in some(known)[:1]),
        history=tuple(Past(*row) for row in some(pasts, st.none() | st.integers(1, 5))),
        unverified=frozenset(row[0] for row in some([(each.id,) for each in persons])[:1]),
        declined=frozenset(some(wished)[:1]),
    )


def policies() -> st.SearchStrategy[Policy]:
    """Any published rules, without pins and bans."""
    return st.builds(
        Policy,
        weights=st.fixed_dictionaries(
            {name: st.integers(0, 40) for name in FEATURES} | {"skills": st.integers(1, 40)}
        ),
        floor=st.sampled_from([1, 3500, 6000]),
        levels=st.builds(Levels, *(st.booleans() for _ in Levels.__dataclass_fields__)),
        seed=st.integers(0, 9),
        max_new_projects=st.sampled_from([None, None, 1, 2]),
        continuity=st.sampled_from(["new", "earlier", "neutral"]),
        guarantees=st.dictionaries(
            st.sampled_from(["first_time", "neighbourhood", "longest_waiting"]),
            st.integers(1, 2),
            max_size=2,
        ),
    )
