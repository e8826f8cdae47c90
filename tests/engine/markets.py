"""Small markets for tests: one by hand, and random ones from a seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from matchmaker.engine.columns import FIELDS, SLOTS, URGENCIES
from matchmaker.engine.market import (
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
