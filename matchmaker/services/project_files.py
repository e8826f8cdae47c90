"""Files and links of a project: for its people and the coordinators, kept in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import FileContent, Project, ProjectFile, ProjectState, Side
from matchmaker.services import audit, file_kinds
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, ShortText, WebAddress, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.text import text_fault

MOST_FILES = 20
MOST_NAME = 120
OPEN = (
    ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED, ProjectState.DELIVERED
)  # fmt: skip


class Link(Command):
    """Where something is kept, and what it is."""

    address: WebAddress
    title: Annotated[str, ShortText(MOST_NAME, 1)]


def of_project(session: Session, project_id: str) -> tuple[ProjectFile, ...]:
    """Every file and link of a project, first added first; without the bytes."""
    return tuple(
        session.exec(
            select(ProjectFile)
            .where(ProjectFile.project_id == project_id)
            .order_by(col(ProjectFile.created_at), col(ProjectFile.id))
        )
    )


def add_file(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    name: str,
    content: bytes,
    on_behalf: OnBehalf | None = None,
) -> ProjectFile:
    """Keep a file. Refused: ``project_not_found``, ``project_state``, ``files_full``,
    ``on_behalf_needed``; beside ``file`` ``not_a_file``, ``file_too_big`` (max megabytes), or
    ``file_kind`` for a kind that is not taken or a content that is not what its name says.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    title = _name(name)
    if not title or not content:
        raise Invalid([FieldError("file", "not_a_file")])
    if len(content) > file_kinds.MOST_BYTES:
        most = file_kinds.MOST_BYTES // 1024 // 1024
        raise Invalid([FieldError("file", "file_too_big", {"max": most})])
    media_type = file_kinds.kind(title, content)
    if not media_type:
        raise Invalid([FieldError("file", "file_kind")])
    file = ProjectFile(
        project_id=project.id, title=title, media_type=media_type, size=len(content),
        added_by=actor.account_id, created_at=now,
    )  # fmt: skip
    session.add(file)
    session.flush()
    session.add(FileContent(file_id=file.id, content=content))
    _record(session, actor, now, file, "add_file", details)
    return file


def add_link(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> ProjectFile:
    """Keep a link (``Link``). Refused: as ``add_file``, and what is wrong with the entries."""
    project, details = _asked(session, actor, side, project_id, on_behalf)
    wanted = validated(Link, data)
    link = ProjectFile(
        project_id=project.id, title=wanted.title, address=wanted.address,
        added_by=actor.account_id, created_at=now,
    )  # fmt: skip
    session.add(link)
    session.flush()
    _record(session, actor, now, link, "add_file", details)
    return link


def read(
    session: Session, *, actor: Actor, side: Side, project_id: str, file_id: str
) -> tuple[ProjectFile, bytes]:
    """A file with its bytes, for whoever is on the project now, its group and the coordinators.

    Refused: ``project_not_found``, ``file_not_found``.
    """
    _project, _group, member = part(session, actor, side, project_id)
    file = session.get(ProjectFile, file_id)
    kept = session.get(FileContent, file_id)
    gone = member is not None and member.left_on is not None
    if file is None or file.project_id != project_id or kept is None or gone:
        raise NotFound("file_not_found")
    return file, kept.content


def remove(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    file_id: str,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Take out a file or link that one has added oneself; coordinators any.

    Refused: as ``add_file``; ``file_not_found``, ``not_your_file``.
    """
    _project, details = _asked(session, actor, side, project_id, on_behalf, adding=False)
    file = session.get(ProjectFile, file_id)
    if file is None or file.project_id != project_id:
        raise NotFound("file_not_found")
    if file.added_by != actor.account_id and not actor.coordinator:
        raise Forbidden("not_your_file")
    kept = session.get(FileContent, file_id)
    if kept is not None:
        session.delete(kept)
        session.flush()
    _record(session, actor, now, file, "remove_file", details)
    session.delete(file)
    session.flush()


def _asked(
    session: Session,
    actor: Actor,
    side: Side,
    project_id: str,
    on_behalf: OnBehalf | None,
    *,
    adding: bool = True,
) -> tuple[Project, dict[str, Any]]:
    project, group, member = part(session, actor, side, project_id)
    details = proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}
    if project.state not in OPEN or (member is not None and member.left_on is not None):
        raise Conflict("project_state")
    if adding and len(of_project(session, project_id)) >= MOST_FILES:
        raise Conflict("files_full", max=MOST_FILES)
    return project, details


def _name(name: str) -> str:
    """A file's own name: no folders, nothing that cannot be printed; its ending is kept."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    bare = "".join(char for char in bare if not text_fault(char)).strip()
    stem, ending = PurePosixPath(bare).stem, PurePosixPath(bare).suffix
    return stem[: MOST_NAME - len(ending)] + ending if stem else ""


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    file: ProjectFile,
    act: str,
    details: Mapping[str, Any],
) -> None:
    session.flush()
    audit.record(
        session, actor=actor, act=act, subject=("project", file.project_id), now=now,
        file_id=file.id, **details,
    )  # fmt: skip
