"""The roles of a need: added, changed and taken out one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import Role, RoleSkill
from matchmaker.services import taxonomy
from matchmaker.services.actors import Actor
from matchmaker.services.need_drafts import record, roles_of, to_write
from matchmaker.services.need_entries import AskedSkill, RoleEntry
from matchmaker.services.on_behalf import OnBehalf

MOST_ROLES = 8
MOST_SKILLS = 6


def save_role(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    role_id: str | None,
    command: RoleEntry,
    on_behalf: OnBehalf | None = None,
) -> Role:
    """Add a role (``role_id`` None) or change one. Refused: unknown skills, the same skill
    twice, no skill, too many roles, a role of another need.
    """
    need, details = to_write(session, actor, need_id, command.version, on_behalf)
    _check_skills(session, command.skills)
    roles = roles_of(session, need.id)
    role = next((row for row in roles if row.id == role_id), None)
    if role_id is not None and role is None:
        raise NotFound("role_not_found")
    if role is None:
        if len(roles) >= MOST_ROLES:
            raise Conflict("too_many_roles", max=MOST_ROLES)
        last = max((row.position for row in roles), default=-1)
        role = Role(need_id=need.id, title="", position=last + 1)
    role.title, role.seats, role.essential = command.title, command.seats, command.essential
    role.hours_per_week = command.hours_per_week
    session.add(role)
    session.flush()
    _set_skills(session, role, command.skills)
    record(session, actor, "need_saved", need, now, {**details, "step": "roles"})
    return role


def _check_skills(session: Session, skills: Sequence[AskedSkill]) -> None:
    if not skills:
        raise Invalid([FieldError("skills", "missing")])
    if len(skills) > MOST_SKILLS:
        raise Invalid([FieldError("skills", "too_many", {"max": MOST_SKILLS})])
    known = taxonomy.choosable(session)
    wrong = [FieldError(f"skills-{place}-skill", "not_in_list")
             for place, asked in enumerate(skills) if asked.skill not in known]  # fmt: skip
    codes = [asked.skill for asked in skills]
    wrong += [FieldError(f"skills-{place}-skill", "duplicate")
              for place, code in enumerate(codes) if code in codes[:place]]  # fmt: skip
    if wrong:
        raise Invalid(wrong)


def _set_skills(session: Session, role: Role, skills: Sequence[AskedSkill]) -> None:
    known = session.exec(select(RoleSkill).where(RoleSkill.role_id == role.id)).all()
    weights = {row.skill: row.weight for row in known}
    session.exec(delete(RoleSkill).where(col(RoleSkill.role_id) == role.id))
    for asked in skills:
        usual = 2 if asked.essential else 1
        session.add(
            RoleSkill(
                role_id=role.id,
                skill=asked.skill,
                min_level=asked.min_level,
                essential=asked.essential,
                weight=weights.get(asked.skill, usual),
            )
        )


def remove_role(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    role_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Take a role out of a draft; one that is gone already is fine."""
    need, details = to_write(session, actor, need_id, version, on_behalf)
    role = next((row for row in roles_of(session, need.id) if row.id == role_id), None)
    if role is not None:
        session.exec(delete(RoleSkill).where(col(RoleSkill.role_id) == role.id))
        session.flush()
        session.delete(role)
    record(session, actor, "need_saved", need, now, {**details, "step": "roles"})
