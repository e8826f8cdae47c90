"""The words both sides choose from: skills, fields of activity, districts, project menus.

The data files beside this module are the only source; a city edits its own copy in the database.
Everything is read once, checked for shape by the tests, and returned frozen.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from matchmaker.taxonomy.forms import FORMS, Form, form_for, forms_that_fit
from matchmaker.taxonomy.rows import (
    ActivityField,
    District,
    Hint,
    Menu,
    MenuRole,
    Phase,
    Question,
    RoleSkill,
    Skill,
)

__all__ = [
    "FORMS",
    "ActivityField",
    "District",
    "Form",
    "Hint",
    "Menu",
    "MenuRole",
    "Phase",
    "Question",
    "RoleSkill",
    "Skill",
    "districts",
    "fields",
    "form_for",
    "forms_that_fit",
    "menu",
    "menus",
    "skill_families",
    "skills",
]


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


@cache
def skills() -> tuple[Skill, ...]:
    """Every skill and every family (a row without parent), families before their skills."""
    return tuple(
        Skill(
            code=row["code"],
            label_ja=row["label_ja"],
            label_en=row["label_en"],
            kana=row["kana"],
            parent=row["parent"] or None,
            keywords=tuple(word for word in row["keywords"].split(";") if word),
        )
        for row in _rows("skills.csv")
    )


@cache
def skill_families() -> tuple[Skill, ...]:
    """The thirteen families, in the order in which they are shown."""
    return tuple(skill for skill in skills() if skill.parent is None)


@cache
def fields() -> tuple[ActivityField, ...]:
    """The twenty activity fields of the NPO Act in the order of the Act, then ``local``."""
    return tuple(ActivityField(**row) for row in _rows("fields.csv"))


@cache
def districts() -> tuple[District, ...]:
    """Yokkaichi's 24 districts with approximate centres in degrees (WGS 84)."""
    return tuple(
        District(
            code=row["code"],
            label_ja=row["label_ja"],
            label_en=row["label_en"],
            kana=row["kana"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in _rows("districts.csv")
    )


@cache
def menus() -> tuple[Menu, ...]:
    """The project menus from which a group starts a need."""
    return tuple(_menu(entry) for entry in json.loads(_text("menus.json")))


def menu(code: str) -> Menu:
    """The menu with this code; ``KeyError`` when there is none."""
    return _menus_by_code()[code]


@cache
def _menus_by_code() -> Mapping[str, Menu]:
    return {entry.code: entry for entry in menus()}


def _menu(entry: dict[str, Any]) -> Menu:
    parts = {
        "forms": tuple(entry["forms"]),
        "phases": tuple(Phase(**phase) for phase in entry["phases"]),
        "roles": tuple(_role(role) for role in entry["roles"]),
        "questions": tuple(Question(**question) for question in entry["questions"]),
        "readiness": tuple(Hint(**hint) for hint in entry["readiness"]),
    }
    return Menu(**(entry | parts))


def _role(entry: dict[str, Any]) -> MenuRole:
    asked = tuple(RoleSkill(**skill) for skill in entry["skills"])
    return MenuRole(**(entry | {"skills": asked}))
