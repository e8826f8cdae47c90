"""What the sides of a project say in writing: a row each, said again over the old."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.models import (
    FollowUp,
    MidTermCheck,
    Outcome,
    Professional,
    Project,
    ProjectMember,
    Side,
)

Answer = TypeVar("Answer", FollowUp, MidTermCheck, Outcome)


def named(
    session: Session, kind: type[Answer], project_id: str, *order: Any
) -> list[tuple[Answer, str]]:
    """Every answer of a kind about a project in this order, with the professional's name ("" for
    the group)."""
    rows = session.execute(
        wide_select(kind, Professional.name)
        .join(ProjectMember, col(ProjectMember.id) == kind.member_id, isouter=True)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id, isouter=True)
        .where(col(kind.project_id) == project_id)
        .order_by(*order, col(kind.id))
    )
    return [(answer, name or "") for answer, name in rows]


def own(
    session: Session,
    kind: type[Answer],
    project: Project,
    side: Side,
    member: ProjectMember | None,
    *conditions: Any,
) -> Answer | None:
    """What the group (``member`` None), or this member, has said."""
    by = col(kind.member_id)
    return session.exec(
        select(kind).where(
            col(kind.project_id) == project.id,
            col(kind.side) == side,
            by == member.id if member else by.is_(None),
            *conditions,
        )
    ).first()
