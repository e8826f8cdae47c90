"""A need whose team both sides accepted becomes a project; later seats join it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from matchmaker.models import (
    Group,
    Need,
    NeedState,
    Professional,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Role,
)
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.promises import asked_minutes
from matchmaker.services.versions import claim


@dataclass(frozen=True)
class Seated:
    """Somebody on a seat of a need, with their proposal."""

    proposal: Proposal
    role: Role
    person: Professional


def of_need(session: Session, need_id: str) -> Project | None:
    """The project of a need, once its team was agreed."""
    return session.exec(select(Project).where(Project.need_id == need_id)).first()


def confirmed_seats(session: Session, need_id: str) -> list[Seated]:
    """Everybody both sides said yes to, in the order of roles and seats."""
    found = session.exec(
        select(Proposal, Role, Professional)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(Proposal.need_id == need_id, Proposal.state == ProposalState.CONFIRMED)
        .order_by(col(Role.position), col(Role.id), col(Proposal.seat))
    )
    return [Seated(*row) for row in found]


def open_project(
    session: Session, *, actor: Actor, now: datetime, today: date, need: Need
) -> Project:
    """Open the project of a locked need, agreed ``today``; a need has one project for ever."""
    known = of_need(session, need.id)
    if known is not None:
        return known
    project = Project(
        need_id=need.id,
        group_id=need.group_id,
        title=need.title,
        agreed_on=today,
        created_at=now,
    )
    session.add(project)
    claim(session, need, need.version)
    need.state = NeedState.STAFFED
    group = session.get_one(Group, need.group_id)
    group.waiting_since = today  # whoever was served waits anew
    session.add_all([need, group])
    session.flush()
    _record(session, actor, now, project, "open_project", need_id=need.id)
    return project


def join(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project: Project,
    need: Need,
    seats: Iterable[Seated],
) -> list[ProjectMember]:
    """Make confirmed people members, with the employer and the hours of today; once each."""
    joined = set(
        session.exec(
            select(ProjectMember.proposal_id).where(ProjectMember.project_id == project.id)
        )
    )
    added = []
    for seat in seats:
        if seat.proposal.id in joined:
            continue
        member = ProjectMember(
            project_id=project.id,
            professional_id=seat.person.id,
            role_id=seat.role.id,
            proposal_id=seat.proposal.id,
            company_id=seat.person.company_id,
            minutes_per_week=asked_minutes(need, seat.role),
            joined_on=today,
        )
        seat.person.waiting_since = today
        session.add_all([member, seat.person])
        added.append(member)
    session.flush()
    for member in added:
        _record(session, actor, now, project, "join_project", member_id=member.id)
    return added


def _record(
    session: Session, actor: Actor, now: datetime, project: Project, act: str, **details: str
) -> None:
    audit.record(session, actor=actor, act=act, subject=("project", project.id), now=now, **details)
