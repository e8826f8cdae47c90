"""Rows of the market folder ↔ rows of the tables: one place for both directions.

A blank cell and an unset column are the same thing: blank hours are 0 ("not said"), a blank code
is no reference, a blank list is empty.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel

from matchmaker.engine.files.columns import FIELDS, FILES, MODES, SLOTS
from matchmaker.engine.files.tables import Row
from matchmaker.models import (
    Company,
    DeclaredConflict,
    District,
    Group,
    GroupField,
    Need,
    NeedField,
    Partnership,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    Role,
    RoleSkill,
    Skill,
    Wish,
)

MODELS: dict[str, type[SQLModel]] = {
    "skills": Skill,
    "districts": District,
    "companies": Company,
    "professionals": Professional,
    "professional_skills": ProfessionalSkill,
    "groups": Group,
    "needs": Need,
    "roles": Role,
    "role_skills": RoleSkill,
    "wishes": Wish,
    "conflicts": DeclaredConflict,
    "history": Partnership,
}
# Where a file's fields of activity are kept: table and the column that points to the row.
FIELD_ROWS: dict[str, tuple[type[SQLModel], str]] = {
    "professionals": (ProfessionalField, "professional_id"),
    "groups": (GroupField, "group_id"),
    "needs": (NeedField, "need_id"),
}
Key = tuple[Any, ...]

_REFERENCES = frozenset({"company_id", "district", "corporate_number", "menu", "parent"})
_LISTS = frozenset({"slots", "languages"})
_ZERO_IS_BLANK = frozenset({("professionals", "hours_per_week"), ("needs", "hours_per_week")})


def key_of(file: str, row: Row) -> Key:
    """What tells a row of ``file`` from the others."""
    return tuple(row[column] for column in FILES[file].key)


def attributes(file: str, row: Row) -> dict[str, Any]:
    """Columns of the table for a checked row of ``file``, fields of activity left out."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name == "modes":
            found |= {mode: mode in value for mode in MODES}
        elif name in _LISTS:
            found[name] = list(value)
        elif name in _REFERENCES:
            found[name] = value or None
        elif (file, name) in _ZERO_IS_BLANK:
            found[name] = value or 0.0
        elif name != "fields":
            found[name] = value
    if file == "role_skills":
        found["weight"] = int(row["weight"])
    return found


def folder_row(file: str, stored: Any, fields: tuple[str, ...] = ()) -> Row:
    """The row of ``file`` for a ``stored`` row: the reverse of ``attributes``."""
    return {
        column.name: _folder_value(file, column.name, stored, fields)
        for column in FILES[file].columns
    }


def _folder_value(file: str, name: str, stored: Any, fields: tuple[str, ...]) -> Any:
    if name == "fields":
        return tuple(sorted(fields, key=FIELDS.index))
    if name == "modes":
        return tuple(mode for mode in MODES if getattr(stored, mode))
    value = getattr(stored, name)
    if name == "slots":
        return tuple(sorted(value, key=SLOTS.index))
    if name == "languages":
        return tuple(sorted(value))
    if name in _REFERENCES:
        return value or ""
    if (file, name) in _ZERO_IS_BLANK:
        return float(value) or None
    return float(value) if name == "weight" else value
