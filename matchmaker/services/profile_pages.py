"""What a professional's own pages show, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from matchmaker.db import wide_select
from matchmaker.models import (
    ActivityField,
    Company,
    Consent,
    ConsentPurpose,
    District,
    Group,
    HoursEntry,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Reply,
    Skill,
    Thanks,
    Wish,
)
from matchmaker.services import profiles, taxonomy
from matchmaker.services.actors import Actor
from matchmaker.services.commitments import RUNNING


@dataclass(frozen=True)
class Profile:
    """A profile with its words: what "check your answers" shows."""

    person: Professional
    company: Company | None
    district: District | None
    skills: tuple[tuple[Skill, int], ...]
    fields: tuple[ActivityField, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """A project that is behind somebody: finished, or left. ``minutes`` are theirs, confirmed;
    ``thanked``: the group wrote them a letter."""

    project: Project
    group_name: str
    minutes: int
    thanked: bool


@dataclass(frozen=True)
class Home:
    """What waits for a professional. ``person`` is None before the profile is begun."""

    person: Professional | None
    missing: tuple[str, ...]
    offers: int = 0
    reply_by: date | None = None  # the nearest reply date of those offers
    wishes: int = 0
    projects: tuple[Project, ...] = ()
    record: tuple[Done, ...] = ()
    employer: str = ""
    employer_may_see: bool = False


def profile(session: Session, *, actor: Actor, professional_id: str) -> Profile:
    """A profile, for its owner and coordinators."""
    person = profiles.find(session, actor=actor, professional_id=professional_id)
    levels = profiles.skills_of(session, person.id)
    chosen = set(profiles.fields_of(session, person.id))
    known = taxonomy.skills(session)
    skills = [(known[code], level) for code, level in levels.items() if code in known]
    district = (row for row in taxonomy.districts(session) if row.code == person.district)
    return Profile(
        person=person,
        company=session.get(Company, person.company_id) if person.company_id else None,
        district=next(district, None),
        skills=tuple(sorted(skills, key=lambda each: (-each[1], each[0].position))),
        fields=tuple(row for row in taxonomy.fields(session) if row.code in chosen),
        missing=profiles.missing_steps(person, levels),
    )


def home(session: Session, *, actor: Actor, today: date) -> Home:
    """The actor's start page."""
    if actor.professional_id is None:
        return Home(None, profiles.missing_steps(None, {}))
    person = profiles.find(session, actor=actor, professional_id=actor.professional_id)
    company = session.get(Company, person.company_id) if person.company_id else None
    offers, reply_by = session.exec(
        select(func.count(), func.min(Proposal.reply_by)).where(
            Proposal.professional_id == person.id,
            Proposal.state == ProposalState.OFFERED,
            Proposal.professional_reply == Reply.WAITING,
        )
    ).one()
    wishes = session.exec(
        select(func.count()).where(Wish.professional_id == person.id, Wish.rank > 0)
    ).one()
    projects = session.exec(
        select(Project)
        .join(ProjectMember, col(ProjectMember.project_id) == col(Project.id))
        .where(ProjectMember.professional_id == person.id, col(ProjectMember.left_on).is_(None))
        .where(col(Project.state).in_((*RUNNING, ProjectState.DELIVERED)))
        .order_by(col(Project.agreed_on), col(Project.id))
    )
    return Home(
        person=person,
        missing=profiles.missing_steps(person, profiles.skills_of(session, person.id)),
        offers=offers,
        reply_by=reply_by,
        wishes=wishes,
        projects=tuple(projects),
        record=_record(session, person),
        employer=company.name if company else "",
        employer_may_see=company is not None and _agreed(session, person, today),
    )


def _record(session: Session, person: Professional) -> tuple[Done, ...]:
    """What somebody looks back on, newest first; cancelled projects are not part of it."""
    spent = (
        select(func.coalesce(func.sum(HoursEntry.minutes), 0))
        .where(
            HoursEntry.project_id == Project.id,
            HoursEntry.professional_id == person.id,
            col(HoursEntry.confirmed_at).is_not(None),
        )
        .scalar_subquery()
    )
    mine = select(ProjectMember.project_id).where(ProjectMember.professional_id == person.id)
    still = mine.where(col(ProjectMember.left_on).is_(None))
    running = col(Project.state).in_((*RUNNING, ProjectState.DELIVERED))
    thanked = (
        select(Thanks.id)
        .join(ProjectMember, col(ProjectMember.id) == Thanks.member_id)
        .where(
            ProjectMember.project_id == Project.id,
            ProjectMember.professional_id == person.id,
        )
        .exists()
    )
    found = session.execute(
        wide_select(Project, Group.name, spent, thanked)
        .join(Group, col(Group.id) == Project.group_id)
        .where(
            col(Project.id).in_(mine),
            Project.state != ProjectState.CANCELLED,
            ~(running & col(Project.id).in_(still)),
        )
        .order_by(col(Project.agreed_on).desc(), col(Project.id))
    )
    return tuple(Done(*row) for row in found)


def _agreed(session: Session, person: Professional, today: date) -> bool:
    found = select(Consent.id).where(
        Consent.professional_id == person.id,
        Consent.company_id == person.company_id,
        Consent.purpose == ConsentPurpose.EMPLOYER_REPORT,
        col(Consent.withdrawn_at).is_(None),
        col(Consent.expires_on).is_(None) | (col(Consent.expires_on) >= today),
    )
    return session.exec(found).first() is not None
