"""Letters of thanks: from the group to each professional, kept on the professional's record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Account,
    Group,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Thanks,
)
from matchmaker.services import audit, letters, project_access
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, LongText, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details

EARLY = (ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED)


class Words(Command):
    """What the group wants to say."""

    text: Annotated[str, LongText(2000, 1)]


@dataclass(frozen=True)
class Letter:
    """A letter (None: not written yet) with who it goes to; ``possible``: may be written now."""

    project: Project
    group: Group
    member: ProjectMember
    person: Professional
    thanks: Thanks | None
    signed: str
    possible: bool


def letter(session: Session, *, actor: Actor, project_id: str, member_id: str) -> Letter:
    """A letter as its group reads or writes it. Refused: ``project_not_found``,
    ``member_not_found``."""
    project, group = project_access.for_group(session, actor=actor, project_id=project_id)
    member = session.get(ProjectMember, member_id)
    if member is None or member.project_id != project_id:
        raise NotFound("member_not_found")
    return _letter(session, project, group, member)


def mine(session: Session, *, actor: Actor, project_id: str) -> Letter:
    """The letter to the actor. Refused: ``project_not_found``; ``thanks_not_found`` before one was
    written."""
    found = received(session, actor=actor, project_id=project_id)
    if found is None:
        raise NotFound("thanks_not_found")
    return found


def received(session: Session, *, actor: Actor, project_id: str) -> Letter | None:
    """The same, or None before one was written. Refused: ``project_not_found``."""
    stays = project_access.stays(session, actor=actor, project_id=project_id)
    project, group = project_access.find(session, project_id)
    for member in reversed(stays):
        found = _letter(session, project, group, member)
        if found.thanks is not None:
            return found
    return None


def of_project(session: Session, project_id: str) -> dict[str, Thanks]:
    """Member → letter."""
    rows = session.exec(select(Thanks).where(Thanks.project_id == project_id))
    return {row.member_id: row for row in rows}


def write(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    project_id: str,
    member_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Thanks:
    """Write a letter (``Words``), or write it anew; the professional is told.

    Refused: ``project_not_found``, ``member_not_found``, ``on_behalf_needed``; ``project_state``
    while the work goes on and the person is part of it.
    """
    found = letter(session, actor=actor, project_id=project_id, member_id=member_id)
    details = proxy_details(actor, found.group.id, on_behalf)
    wanted = validated(Words, data)
    if not found.possible:
        raise Conflict("project_state")
    row = found.thanks or Thanks(project_id=project_id, member_id=member_id, text="", at=now)
    if row.text == wanted.text:
        return row
    row.text, row.written_by, row.at = wanted.text, actor.account_id, now
    session.add(row)
    session.flush()
    book = letters.address_book(session, people=[found.person], groups=())
    key = f"{row.id}:{now.isoformat()}"
    told = letters.to_professional(
        book, found.person, "thanks", key, project_id=project_id, title=found.project.title,
        group=found.group.name,
    )  # fmt: skip
    letters.post(session, [told], now=now)
    audit.record(
        session, actor=actor, act="write_thanks", subject=("project", project_id), now=now,
        member_id=member_id, **details,
    )  # fmt: skip
    return row


def _letter(session: Session, project: Project, group: Group, member: ProjectMember) -> Letter:
    found = session.execute(
        select(Thanks, Account.name)
        .join(Account, col(Account.id) == Thanks.written_by, isouter=True)
        .where(Thanks.member_id == member.id)
    ).first()
    row, name = found if found is not None else (None, "")
    over = project.state not in EARLY or member.left_on is not None
    person = session.get_one(Professional, member.professional_id)
    return Letter(
        project, group, member, person, row, name or "",
        over and project.state != ProjectState.CANCELLED,
    )  # fmt: skip
