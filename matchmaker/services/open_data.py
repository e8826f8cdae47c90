"""Open needs with everything a machine may read of them: groups, roles, skills, fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col

from matchmaker.db import wide_select as select
from matchmaker.models import District, Group, Need, NeedField, Role, RoleSkill
from matchmaker.services.directory import named, open_rows
from matchmaker.services.public_search import NeedSearch


@dataclass(frozen=True)
class OpenRole:
    """A role with the codes of the skills it asks for."""

    role: Role
    skills: tuple[str, ...]


@dataclass(frozen=True)
class OpenNeed:
    """An open need. ``group`` is None where the group's name may not stand."""

    need: Need
    group: Group | None
    district: District | None
    fields: tuple[str, ...]
    roles: tuple[OpenRole, ...]


def open_needs(session: Session, *, search: NeedSearch, on: date) -> list[OpenNeed]:
    """Every open need the search asks for, newest first. Three queries."""
    rows = open_rows(session, search=search, on=on)
    ids = [need.id for need, _group, _district in rows]
    fields: dict[str, list[str]] = {}
    for need_id, field in session.execute(
        select(NeedField.need_id, NeedField.field)
        .where(col(NeedField.need_id).in_(ids))
        .order_by(col(NeedField.field))
    ):
        fields.setdefault(need_id, []).append(field)
    roles = _roles(session, ids)
    return [
        OpenNeed(
            need,
            group if named(group) else None,
            district,
            tuple(fields.get(need.id, ())),
            tuple(roles.get(need.id, ())),
        )
        for need, group, district in rows
    ]


def _roles(session: Session, need_ids: list[str]) -> dict[str, list[OpenRole]]:
    asked: dict[str, list[str]] = {}
    known: dict[str, Role] = {}
    for role, skill in session.execute(
        select(Role, RoleSkill.skill)
        .join(RoleSkill, col(RoleSkill.role_id) == col(Role.id), isouter=True)
        .where(col(Role.need_id).in_(need_ids))
        .order_by(col(Role.position), col(Role.id), col(RoleSkill.skill))
    ):
        known[role.id] = role
        asked.setdefault(role.id, []).extend([skill] if skill else [])
    found: dict[str, list[OpenRole]] = {}
    for role in known.values():
        found.setdefault(role.need_id, []).append(OpenRole(role, tuple(asked[role.id])))
    return found
