"""One letter to everybody on a project: its group, and the professionals who are on it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import Group, Professional, Project, ProjectMember
from matchmaker.services import letters


def people_on(session: Session, project: Project) -> Sequence[Professional]:
    """The professionals on a project now, first to join first."""
    return session.exec(
        select(Professional)
        .join(ProjectMember, col(ProjectMember.professional_id) == Professional.id)
        .where(ProjectMember.project_id == project.id, col(ProjectMember.left_on).is_(None))
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    ).all()


def tell_everybody(
    session: Session,
    project: Project,
    code: str,
    key: str,
    *,
    now: datetime,
    but: str | None = None,
    **facts: Any,
) -> None:
    """Write to everybody (once for each ``key``) but the account ``but``."""
    group, people = session.get_one(Group, project.group_id), people_on(session, project)
    book = letters.address_book(session, people=people, groups=[group])
    given = {"project_id": project.id, **facts}
    written = letters.to_group(book, group, code, key, side="group", **given)
    written += [
        letters.to_professional(book, each, code, key, side="professional", **given)
        for each in people
    ]
    letters.post(session, [each for each in written if not but or each.account_id != but], now=now)
