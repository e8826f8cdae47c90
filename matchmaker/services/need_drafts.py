"""A need and its parts as they are stored: finding, completeness, what it is looked up by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Group, Menu, Need, NeedState, Role, RoleSkill, Skill, Urgency
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.readiness import unanswered
from matchmaker.services.versions import claim
from matchmaker.text import search_key

STEPS = ("form", "story", "roles", "schedule", "readiness")
WRITABLE = (NeedState.DRAFT, NeedState.RETURNED)


def find(session: Session, *, actor: Actor, need_id: str) -> Need:
    """The need, for its group and for coordinators; others do not learn of it."""
    need = session.get(Need, need_id)
    if need is None or (need.group_id not in actor.group_ids and not actor.coordinator):
        raise NotFound("need_not_found")
    return need


def roles_of(session: Session, need_id: str) -> list[Role]:
    """The need's roles in their order."""
    rows = select(Role).where(Role.need_id == need_id)
    return list(session.exec(rows.order_by(col(Role.position), col(Role.id))))


def skills_of(
    session: Session, role_ids: Sequence[str]
) -> dict[str, list[tuple[RoleSkill, Skill]]]:
    """Role id → the skills it asks for, essential ones first."""
    found: dict[str, list[tuple[RoleSkill, Skill]]] = {role_id: [] for role_id in role_ids}
    rows = session.exec(
        select(RoleSkill, Skill)
        .join(Skill, col(Skill.code) == col(RoleSkill.skill))
        .where(col(RoleSkill.role_id).in_(role_ids))
        .order_by(
            col(RoleSkill.essential).desc(), col(RoleSkill.weight).desc(), col(Skill.position)
        )
    )
    for asked, skill in rows:
        found[asked.role_id].append((asked, skill))
    return found


def missing_steps(need: Need, roles: Sequence[Role]) -> tuple[str, ...]:
    """Steps that are not complete yet."""
    done = {
        "form": need.hours_per_week > 0 and bool(need.weeks),
        "story": bool(need.title and need.summary and need.deliverable and need.gain),
        "roles": bool(roles),
        "schedule": need.urgency != Urgency.URGENT or bool(need.urgency_reason),
        "readiness": not unanswered(need.readiness),
    }
    return tuple(step for step in STEPS if not done[step])


def refresh_search_text(session: Session, need: Need) -> None:
    """Keep what a need is looked up by in step with its texts, menu, roles, skills and group."""
    refresh_search_texts(session, [need])


def refresh_search_texts(session: Session, needs: Sequence[Need]) -> None:
    """The same for many needs at once, in a few queries for every 500 of them."""
    session.flush()
    for start in range(0, len(needs), 500):  # databases take a limited number of parameters
        _refresh_some(session, needs[start : start + 500])


def _refresh_some(session: Session, needs: Sequence[Need]) -> None:
    groups = _by_id(session, Group, col(Group.id), {need.group_id for need in needs})
    menus = _by_id(session, Menu, col(Menu.code), {need.menu for need in needs if need.menu})
    roles = list(
        session.exec(
            select(Role)
            .where(col(Role.need_id).in_([need.id for need in needs]))
            .order_by(col(Role.position), col(Role.id))
        )
    )
    asked = skills_of(session, [role.id for role in roles])
    words: dict[str, list[str]] = {need.id: [] for need in needs}
    for role in roles:
        words[role.need_id].append(role.title)
        for _row, skill in asked[role.id]:
            words[role.need_id] += [skill.label_ja, skill.label_en, skill.kana]
    for need in needs:
        group, menu = groups[need.group_id], menus.get(need.menu or "")
        parts = [need.title, group.name, group.kana]
        parts += [menu.label_ja, menu.label_en, menu.kana] if menu else []
        parts += [*words[need.id], need.summary, need.deliverable]
        need.search_text = search_key(*parts)[:4000]
        session.add(need)


def _by_id(session: Session, table: Any, key: Any, ids: set[str]) -> dict[str, Any]:
    return {getattr(row, key.key): row for row in session.exec(select(table).where(key.in_(ids)))}


def to_write(
    session: Session, actor: Actor, need_id: str, version: int, on_behalf: OnBehalf | None
) -> tuple[Need, dict[str, str]]:
    need = find(session, actor=actor, need_id=need_id)
    details = proxy_details(actor, need.group_id, on_behalf)
    if need.state not in WRITABLE:
        raise Conflict("need_not_writable", state=need.state)
    claim(session, need, version)
    return need, details


def record(
    session: Session, actor: Actor, act: str, need: Need, now: datetime, details: dict[str, str]
) -> None:
    session.add(need)
    refresh_search_text(session, need)
    audit.record(session, actor=actor, act=act, subject=("need", need.id), now=now, **details)
