"""A need is written in steps: menu, form and size, story, roles, when and where, readiness.

Every step is stored as a draft. Only the group's own people write here, or a coordinator who says
who said so: nobody else ever changes a group's text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    Group,
    Menu,
    Mode,
    Need,
    NeedField,
    NeedForm,
    ProfileState,
    Role,
    RoleSkill,
    Urgency,
)
from matchmaker.services import groups, taxonomy
from matchmaker.services.actors import Actor, require_group
from matchmaker.services.need_drafts import record, roles_of, to_write
from matchmaker.services.need_entries import Answers, FormAndSize, Schedule, Story
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.readiness import QUESTIONS


def start(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    group_id: str,
    menu: str | None,
    language: str,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Begin a need from a menu (or from nothing): roles, skills, hours and texts are filled in
    with the menu's words in ``language``, for the group to change.
    """
    require_group(actor, group_id)
    details = proxy_details(actor, group_id, on_behalf)
    group = groups.find(session, actor=actor, group_id=group_id)
    if group.state in (ProfileState.PAUSED, ProfileState.LEFT):
        raise Conflict("group_state", state=group.state)
    if menu:
        taxonomy.refuse_unknown(session, menu=menu)
    chosen = session.get_one(Menu, menu) if menu else None
    need = Need(group_id=group_id, title="", created_at=now, menu=menu or None)
    session.add(need)
    if chosen is not None:
        _fill_from(session, need, chosen.body, language)
    session.flush()
    for code in groups.fields_of(session, group_id):
        session.add(NeedField(need_id=need.id, field=code))
    record(session, actor, "need_started", need, now, {**details, "menu": menu or ""})
    return need


def _fill_from(session: Session, need: Need, body: dict[str, Any], language: str) -> None:
    side = "en" if language == "en" else "ja"
    need.title = body[f"label_{side}"]
    need.deliverable = body[f"deliverable_{side}"]
    need.form, need.weeks = body["default_form"], body["weeks"]
    need.hours_per_week = body["hours_per_week"]
    session.flush()
    for position, asked in enumerate(body["roles"]):
        role = Role(
            need_id=need.id,
            title=asked[f"title_{side}"],
            seats=asked["seats"],
            essential=asked["essential"],
            hours_per_week=asked["hours_per_week"],
            position=position,
        )
        session.add(role)
        session.flush()
        session.add_all(RoleSkill(role_id=role.id, **skill) for skill in asked["skills"])


def save_form(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    command: FormAndSize,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Store form and size. Roles with other hours than the need keep them; ``readiness.check_form``
    says what does not fit together."""
    need, details = to_write(session, actor, need_id, command.version, on_behalf)
    _follow_hours(session, need, command)
    need.form, need.weeks = command.form, command.weeks
    need.hours_per_week = command.hours_per_week
    record(session, actor, "need_saved", need, now, {**details, "step": "form"})
    return need


def _follow_hours(session: Session, need: Need, command: FormAndSize) -> None:
    """Roles that asked for what the need asked for go along with it; so do, for an hour or a
    day, roles that asked for more."""
    small = command.form in (NeedForm.SESSION, NeedForm.DAY)
    for role in roles_of(session, need.id):
        hours = role.hours_per_week
        if hours is not None and (
            hours == need.hours_per_week or (small and hours > command.hours_per_week)
        ):
            role.hours_per_week = None
            session.add(role)


def save_story(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    command: Story,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Store title, texts, fields of activity, and the goals if the group names them (none: those
    of the fields). Refused: unknown or no fields."""
    need, details = to_write(session, actor, need_id, command.version, on_behalf)
    if not command.fields:
        raise Invalid([FieldError("fields", "missing")])
    taxonomy.refuse_unknown(session, fields_=command.fields)
    need.title, need.summary = command.title, command.summary
    need.deliverable, need.gain = command.deliverable, command.gain
    need.goals = command.goals
    session.exec(delete(NeedField).where(col(NeedField.need_id) == need.id))
    session.add_all(NeedField(need_id=need.id, field=code) for code in command.fields)
    record(session, actor, "need_saved", need, now, {**details, "step": "story"})
    return need


def save_schedule(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    command: Schedule,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Store when and where. An urgent need says why; a need people travel to has a district
    (the group's own when left blank)."""
    need, details = to_write(session, actor, need_id, command.version, on_behalf)
    taxonomy.refuse_unknown(session, district=command.district)
    if command.urgency == Urgency.URGENT and not command.urgency_reason:
        raise Invalid([FieldError("urgency_reason", "missing")])
    group = session.get_one(Group, need.group_id)
    if command.mode != Mode.REMOTE and not (command.district or group.district):
        raise Invalid([FieldError("district", "missing")])
    for name in ("starts_on", "ends_on", "slots", "mode", "district", "languages", "urgency"):
        setattr(need, name, getattr(command, name))
    need.urgency_reason = command.urgency_reason
    record(session, actor, "need_saved", need, now, {**details, "step": "schedule"})
    return need


def save_readiness(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    command: Answers,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Store the answers to the readiness tests; a "no" is no obstacle."""
    need, details = to_write(session, actor, need_id, command.version, on_behalf)
    need.readiness = {question: getattr(command, question) for question in QUESTIONS}
    record(session, actor, "need_saved", need, now, {**details, "step": "readiness"})
    return need
