"""Certificates of participation: what a professional can show, and anybody can check by its code.

A certificate holds what was true on the day of issue. It is made for whoever asks for it, so it
counts nothing and goes with its person.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Certificate,
    HoursEntry,
    Payer,
    Professional,
    Project,
    ProjectMember,
    Role,
)
from matchmaker.services import audit, project_access
from matchmaker.services.actors import Actor
from matchmaker.services.commitments import FINISHED


def issue(
    session: Session, *, actor: Actor, now: datetime, today: date, project_id: str
) -> Certificate:
    """A certificate for the actor's own part in a finished project. While nothing it says changes,
    asking again gives the same one. Refused: ``project_not_found``, ``project_not_finished``."""
    member = project_access.stays(session, actor=actor, project_id=project_id)[-1]
    project, group = project_access.find(session, project_id)
    if project.state not in FINISHED:
        raise Conflict("project_not_finished")
    person = session.get_one(Professional, member.professional_id)
    role = session.get(Role, member.role_id) if member.role_id else None
    minutes = _minutes(session, project, member)
    said: dict[str, Any] = {
        "name": person.name,
        "project": project.title,
        "group_name": group.name,
        "role": role.title if role else "",
        "joined_on": member.joined_on,
        "ended_on": member.left_on or project.ended_on or today,
        "own_minutes": minutes[Payer.OWN],
        "company_minutes": minutes[Payer.COMPANY],
    }
    last = mine(session, actor=actor, project_id=project_id)
    if last and {name: getattr(last, name) for name in said} == said:
        return last
    certificate = Certificate(
        member_id=member.id,
        professional_id=person.id,
        issued_on=today,
        created_at=now,
        **said,
    )
    session.add(certificate)
    session.flush()
    audit.record(
        session, actor=actor, act="issue_certificate", subject=("project", project.id), now=now,
        member_id=member.id,
    )  # fmt: skip
    return certificate


def mine(session: Session, *, actor: Actor, project_id: str) -> Certificate | None:
    """The actor's newest certificate of a project."""
    return session.exec(
        _of(actor)
        .join(ProjectMember, col(ProjectMember.id) == Certificate.member_id)
        .where(ProjectMember.project_id == project_id)
    ).first()


def find(session: Session, *, code: str) -> Certificate | None:
    """The certificate of a code, for whoever holds it."""
    return session.get(Certificate, code)


def check(session: Session, *, code: str) -> Certificate:
    """The same; refused with ``certificate_not_found`` when there is none."""
    if (found := find(session, code=code)) is None:
        raise NotFound("certificate_not_found")
    return found


def _of(actor: Actor) -> SelectOfScalar[Certificate]:
    return (
        select(Certificate)
        .where(Certificate.professional_id == (actor.professional_id or ""))
        .order_by(col(Certificate.created_at).desc(), col(Certificate.id))
    )


def _minutes(session: Session, project: Project, member: ProjectMember) -> Counter[str]:
    """Confirmed minutes of a person on a project, by payer."""
    rows = session.exec(
        select(HoursEntry.payer, func.sum(HoursEntry.minutes))
        .where(
            HoursEntry.project_id == project.id,
            HoursEntry.professional_id == member.professional_id,
            col(HoursEntry.confirmed_at).is_not(None),
        )
        .group_by(col(HoursEntry.payer))
    )
    return Counter({payer: int(minutes) for payer, minutes in rows})
