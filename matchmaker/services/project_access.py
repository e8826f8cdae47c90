"""Whose project it is: its group and the coordinators on one side, its members on the other."""

from __future__ import annotations

from sqlmodel import Session, col, select

from matchmaker.errors import NotFound
from matchmaker.models import Group, Project, ProjectMember, Side
from matchmaker.services.actors import Actor, require_group


def find(session: Session, project_id: str) -> tuple[Project, Group]:
    """A project with its group. Refused: ``project_not_found``."""
    row = session.exec(
        select(Project, Group)
        .join(Group, col(Group.id) == Project.group_id)
        .where(Project.id == project_id)
    ).first()
    if row is None:
        raise NotFound("project_not_found")
    return row[0], row[1]


def for_group(session: Session, *, actor: Actor, project_id: str) -> tuple[Project, Group]:
    """A project of the actor's group, or any for a coordinator. Refused: ``project_not_found``."""
    project, group = find(session, project_id)
    try:
        require_group(actor, group.id)
    except NotFound:
        raise NotFound("project_not_found") from None
    return project, group


def stays(session: Session, *, actor: Actor, project_id: str) -> list[ProjectMember]:
    """The actor's own times on a project, the ended ones too, first to last.

    Refused: ``project_not_found`` to whoever never was on it.
    """
    found = session.exec(
        select(ProjectMember)
        .where(
            ProjectMember.project_id == project_id,
            ProjectMember.professional_id == (actor.professional_id or ""),
        )
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    ).all()
    if not found:
        raise NotFound("project_not_found")
    return list(found)


def part(
    session: Session, actor: Actor, side: Side, project_id: str
) -> tuple[Project, Group, ProjectMember | None]:
    """The project, its group, and the actor's own (last) membership on the professionals' side.

    Refused: ``project_not_found`` to everybody who is not on this side.
    """
    if side == Side.GROUP:
        project, group = for_group(session, actor=actor, project_id=project_id)
        return project, group, None
    own = stays(session, actor=actor, project_id=project_id)
    project, group = find(session, project_id)
    return project, group, own[-1]
