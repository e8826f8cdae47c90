"""What the people of a project and the coordinators write to each other, in one thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import Conflict
from matchmaker.models import (
    Account,
    Group,
    Professional,
    Project,
    ProjectMember,
    ProjectMessage,
    ProjectState,
    Proposal,
    Side,
    Voice,
)
from matchmaker.services import asking, audit, letters, notices, project_access
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, LongText, validated
from matchmaker.services.project_access import part

SHOWN = 200
OVER = (ProjectState.FOLLOWED_UP, ProjectState.CANCELLED)


class Message(Command):
    """What somebody wants to say."""

    text: Annotated[str, LongText(2000, 1)]


@dataclass(frozen=True)
class Line:
    """A message with its author's name ("" once they are erased)."""

    message: ProjectMessage
    name: str


@dataclass(frozen=True)
class Thread:
    """The newest ``SHOWN`` messages, oldest first, as somebody sees them who may write or not."""

    project: Project
    group: Group
    voice: Voice
    lines: tuple[Line, ...]
    open: bool


def read(session: Session, *, actor: Actor, side: Side | None, project_id: str) -> Thread:
    """The thread for one side, or for coordinators (``side`` None). Whoever has left reads what was
    written until then. Refused: ``project_not_found``, ``coordinators_only``."""
    project, group, member, voice = _who(session, actor, side, project_id)
    wanted = (
        wide_select(ProjectMessage, Account.name)
        .join(Account, col(Account.id) == ProjectMessage.account_id, isouter=True)
        .where(ProjectMessage.project_id == project_id)
        .order_by(col(ProjectMessage.id).desc())
        .limit(SHOWN)
    )
    gone = member.left_on if member else None
    found = [Line(message, name or "") for message, name in session.execute(wanted)][::-1]
    if gone is not None:
        found = [line for line in found if line.message.created_at.date() <= gone]
    return Thread(project, group, voice, tuple(found), gone is None and project.state not in OVER)


def write(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side | None,
    project_id: str,
    data: Mapping[str, Any],
) -> ProjectMessage:
    """Write to everybody on the project (``Message``); they are told by mail.

    Refused: what ``read`` refuses; ``project_state`` to whoever has left and once it is closed.
    """
    project, group, member, voice = _who(session, actor, side, project_id)
    wanted = validated(Message, data)
    if project.state in OVER or (member is not None and member.left_on is not None):
        raise Conflict("project_state")
    row = ProjectMessage(
        project_id=project_id,
        account_id=actor.account_id,
        voice=voice,
        text=wanted.text,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, row, project, group, now)
    audit.record(
        session, actor=actor, act="write_on_project", subject=("project", project_id), now=now
    )
    return row


def _who(
    session: Session, actor: Actor, side: Side | None, project_id: str
) -> tuple[Project, Group, ProjectMember | None, Voice]:
    if side is None:
        require_coordinator(actor)
        return *project_access.find(session, project_id), None, Voice.COORDINATOR
    project, group, member = part(session, actor, side, project_id)
    if side == Side.PROFESSIONAL:
        return project, group, member, Voice.PROFESSIONAL
    own = group.id in actor.group_ids
    return project, group, None, Voice.GROUP if own else Voice.COORDINATOR


def _tell(
    session: Session, row: ProjectMessage, project: Project, group: Group, now: datetime
) -> None:
    """Mail everybody on the project and whoever coordinates it, but not the author."""
    people = session.exec(
        select(Professional)
        .join(ProjectMember, col(ProjectMember.professional_id) == Professional.id)
        .where(ProjectMember.project_id == project.id, col(ProjectMember.left_on).is_(None))
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    ).all()
    author = session.get(Account, row.account_id) if row.account_id else None
    facts = {
        "author": author.name if author else "", "title": project.title, "text": row.text,
        "project_id": project.id,
    }  # fmt: skip
    book = letters.address_book(session, people=people, groups=[group])
    key = str(row.id)
    written = letters.to_group(book, group, "project_message", key, side="group", **facts)
    for each in people:
        written.append(
            letters.to_professional(
                book, each, "project_message", key, side="professional", **facts
            )
        )
    told = [each for each in written if each.account_id != row.account_id]
    letters.post(session, told, now=now)
    for account in asking.coordinators_of(session, _round_of(session, project)):
        if account.id != row.account_id:
            notices.tell(
                session, to=account, code="project_message", now=now,
                dedupe_key=f"project_message:{key}:{account.id}", name=account.name,
                side="coordinator", **facts,
            )  # fmt: skip


def _round_of(session: Session, project: Project) -> str:
    found = session.exec(
        select(Proposal.round_id)
        .join(ProjectMember, col(ProjectMember.proposal_id) == Proposal.id)
        .where(ProjectMember.project_id == project.id)
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    ).first()
    return found or ""
