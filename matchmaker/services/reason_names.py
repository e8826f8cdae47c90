"""Reasons name people, needs, roles and skills by id; these are the words that belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.engine.reasons import Reason, parse_reasons
from matchmaker.models import ActivityField, Group, MergedRecord, Need, Professional, Role, Skill
from matchmaker.services import taxonomy


@dataclass(frozen=True)
class Names:
    """Id or code → name. Skills and fields are rows with a label in each language."""

    skills: dict[str, Skill] = field(default_factory=dict)
    fields: dict[str, ActivityField] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    roles: dict[str, tuple[str, str]] = field(default_factory=dict)  # title, title of the need


# Parameter → which ids it holds.
_HOLDS = {
    "holder": "people",
    "person": "people",
    "group": "groups",
    "need": "needs",
    "role": "roles",
}


def parsed(texts: Iterable[Any]) -> tuple[Reason, ...]:
    """Reasons as they are kept in the tables (a list of texts)."""
    return tuple(each for text in texts for each in parse_reasons(str(text)))


def names_for(
    session: Session,
    reasons: Iterable[Reason] = (),
    *,
    people: Iterable[str] = (),
    needs: Iterable[str] = (),
    roles: Iterable[str] = (),
) -> Names:
    """The names of everything that ``reasons`` mention, and of further ids, in few queries."""
    ids: dict[str, set[str]] = {
        "people": set(people),
        "groups": set(),
        "needs": set(needs),
        "roles": set(roles),
    }
    fields = False
    for each in reasons:
        for name, value in each.params.items():
            if name in _HOLDS:
                ids[_HOLDS[name]].add(value)
            fields = fields or name == "field"
    return Names(
        skills=taxonomy.skills(session),
        fields={row.code: row for row in taxonomy.fields(session)} if fields else {},
        people=_current(session, "professional", Professional, ids["people"]),
        groups=_current(session, "group", Group, ids["groups"]),
        needs=_pairs(session, Need.id, Need.title, ids["needs"]),
        roles=_roles(session, ids["roles"]),
    )


def groups_of(session: Session, needs: Iterable[str]) -> dict[str, str]:
    """Need → name of its group."""
    found = session.exec(
        select(Need.id, Group.name)
        .join(Group, col(Group.id) == Need.group_id)
        .where(col(Need.id).in_(list(needs)))
    )
    return dict(found.all())


def _current(session: Session, kind: str, table: Any, ids: set[str]) -> dict[str, str]:
    """Names by id; an id that was merged into another one goes by that one's name."""
    found = _pairs(session, table.id, table.name, ids)
    if gone := ids - found.keys():
        moved = select(MergedRecord.old_id, table.name).join(
            table, table.id == MergedRecord.kept_id
        )
        moved = moved.where(MergedRecord.kind == kind, col(MergedRecord.old_id).in_(gone))
        found |= dict(session.exec(moved).all())
    return found


def _pairs(session: Session, key: Any, name: Any, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return dict(session.exec(select(key, name).where(key.in_(ids))).all())


def _roles(session: Session, ids: set[str]) -> dict[str, tuple[str, str]]:
    if not ids:
        return {}
    found = session.exec(
        select(Role.id, Role.title, Need.title)
        .join(Need, col(Need.id) == Role.need_id)
        .where(col(Role.id).in_(ids))
    )
    return {role_id: (title, need) for role_id, title, need in found}
