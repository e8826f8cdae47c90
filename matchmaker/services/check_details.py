"""Everything a coordinator looks at before deciding about a person, a group or a need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.errors import NotFound
from matchmaker.models import (
    Account,
    ActivityField,
    AuditEntry,
    Company,
    DeclaredConflict,
    District,
    Group,
    GroupField,
    Menu,
    MergedRecord,
    Need,
    NeedField,
    NeedState,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    Role,
    RoleSkill,
    Skill,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.duplicates import Alike, alike
from matchmaker.services.erasure import ERASED, WORDS
from matchmaker.services.members import Member, members_of
from matchmaker.services.need_drafts import roles_of, skills_of
from matchmaker.services.readiness import FormCheck, check_form, date_warnings, not_ready
from matchmaker.taxonomy.goals import Goal, goals, goals_served


@dataclass(frozen=True)
class Event:
    """One entry of a record's history: the act's code, who did it, and what was noted."""

    at: datetime
    act: str
    by: str
    details: dict[str, Any]


@dataclass(frozen=True)
class RoleView:
    """A role with the skills it asks for."""

    role: Role
    skills: tuple[tuple[RoleSkill, Skill], ...]


@dataclass(frozen=True)
class PersonDetail:
    """A professional, for the check."""

    person: Professional
    company: Company | None
    district: District | None
    skills: tuple[tuple[Skill, int], ...]
    fields: tuple[ActivityField, ...]
    alike: tuple[Alike, ...]
    conflicts: tuple[tuple[Group, str], ...]
    history: tuple[Event, ...]


@dataclass(frozen=True)
class GroupDetail:
    """A group, for the check."""

    group: Group
    district: District | None
    fields: tuple[ActivityField, ...]
    members: list[Member]
    needs: Sequence[Need]
    alike: tuple[Alike, ...]
    history: tuple[Event, ...]


@dataclass(frozen=True)
class NeedDetail:
    """A need with its parts, its warnings and its history."""

    need: Need
    group: Group
    menu: Menu | None
    district: District | None
    fields: tuple[ActivityField, ...]
    roles: tuple[RoleView, ...]
    form_check: FormCheck
    not_ready: tuple[str, ...]
    date_warnings: tuple[str, ...]
    history: tuple[Event, ...]

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals it serves, named by the group or from its fields."""
        served = goals_served((field.code for field in self.fields), self.need.goals)
        return tuple(goal for number, goal in goals().items() if number in served)


def person(session: Session, *, actor: Actor, professional_id: str) -> PersonDetail:
    """A person with skills, fields, declared conflicts, look-alikes and history."""
    require_coordinator(actor)
    row = session.exec(
        select(Professional, Company, District)
        .outerjoin(Company, col(Company.id) == col(Professional.company_id))
        .outerjoin(District, col(District.code) == col(Professional.district))
        .where(Professional.id == professional_id)
    ).first()
    if row is None:
        raise NotFound("professional_not_found")
    who, company, district = row
    skills = session.exec(
        select(Skill, ProfessionalSkill.level)
        .join(ProfessionalSkill, col(ProfessionalSkill.skill) == col(Skill.code))
        .where(ProfessionalSkill.professional_id == who.id)
        .order_by(col(ProfessionalSkill.level).desc(), col(Skill.position))
    )
    fields = session.exec(
        select(ActivityField)
        .join(ProfessionalField, col(ProfessionalField.field) == col(ActivityField.code))
        .where(ProfessionalField.professional_id == who.id)
        .order_by(col(ActivityField.position))
    )
    conflicts = session.exec(
        select(Group, DeclaredConflict.reason)
        .join(DeclaredConflict, col(DeclaredConflict.group_id) == col(Group.id))
        .where(DeclaredConflict.professional_id == who.id)
    )
    return PersonDetail(
        who, company, district, tuple(skills), tuple(fields), alike(session, who),
        tuple(conflicts), _without_words(who, history(session, ("professional", who.id))),
    )  # fmt: skip


def _without_words(person: Professional, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """A history as it may be told: of somebody who was erased, no words come back."""
    if person.name != ERASED:
        return events
    return tuple(
        replace(each, details={name: value for name, value in each.details.items()
                               if name not in WORDS})
        for each in events
    )  # fmt: skip


def group(session: Session, *, actor: Actor, group_id: str) -> GroupDetail:
    """A group with its declaration, people, needs, look-alikes and history."""
    require_coordinator(actor)
    row = session.exec(
        select(Group, District)
        .outerjoin(District, col(District.code) == col(Group.district))
        .where(Group.id == group_id)
    ).first()
    if row is None:
        raise NotFound("group_not_found")
    found, district = row
    fields = session.exec(
        select(ActivityField)
        .join(GroupField, col(GroupField.field) == col(ActivityField.code))
        .where(GroupField.group_id == group_id)
        .order_by(col(ActivityField.position))
    )
    needs = session.exec(
        select(Need)
        .where(Need.group_id == group_id, Need.state != NeedState.DRAFT)
        .order_by(col(Need.created_at).desc())
    ).all()
    return GroupDetail(
        found, district, tuple(fields), members_of(session, actor=actor, group_id=group_id),
        needs, alike(session, found), history(session, ("group", group_id)),
    )  # fmt: skip


def need(session: Session, *, actor: Actor, need_id: str, today: date) -> NeedDetail:
    """A need for its group or a coordinator, with everything the readiness tests found."""
    row = session.exec(
        select(Need, Group, Menu, District)
        .join(Group, col(Group.id) == col(Need.group_id))
        .outerjoin(Menu, col(Menu.code) == col(Need.menu))
        .outerjoin(District, col(District.code) == col(Need.district))
        .where(Need.id == need_id)
    ).first()
    if row is None or (row[0].group_id not in actor.group_ids and not actor.coordinator):
        raise NotFound("need_not_found")
    found, of_group, menu, district = row
    roles = roles_of(session, need_id)
    asked = skills_of(session, [role.id for role in roles])
    fields = session.exec(
        select(ActivityField)
        .join(NeedField, col(NeedField.field) == col(ActivityField.code))
        .where(NeedField.need_id == need_id)
        .order_by(col(ActivityField.position))
    )
    return NeedDetail(
        found, of_group, menu, district, tuple(fields),
        tuple(RoleView(role, tuple(asked[role.id])) for role in roles),
        check_form(found, roles), not_ready(found.readiness), date_warnings(found, today=today),
        history(session, ("need", need_id)),
    )  # fmt: skip


def history(session: Session, subject: tuple[str, str], *, most: int = 50) -> tuple[Event, ...]:
    """What happened to a record, and to those merged into it, newest first; savings of drafts are
    left out."""
    merged = select(MergedRecord.old_id).where(
        MergedRecord.kind == subject[0], MergedRecord.kept_id == subject[1]
    )
    here = (col(AuditEntry.subject_id) == subject[1]) | col(AuditEntry.subject_id).in_(merged)
    rows = session.exec(
        select(AuditEntry, Account.name)
        .outerjoin(Account, col(Account.id) == col(AuditEntry.actor_id))
        .where(AuditEntry.subject_type == subject[0], here)
        .where(col(AuditEntry.act).not_like("%\\_saved", escape="\\"))
        .order_by(col(AuditEntry.id).desc())
        .limit(most)
    )
    return tuple(Event(entry.at, entry.act, name or "", entry.details) for entry, name in rows)
