"""The picture of a case: put in, described, taken out. A case without one is complete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session

from matchmaker.errors import FieldError, Invalid
from matchmaker.models import Case, CasePicture, PeopleShown, Side
from matchmaker.services import pictures
from matchmaker.services.actors import Actor
from matchmaker.services.cases import next_edition, record, to_change
from matchmaker.services.commands import Choice, Command, ShortText, Version, validated
from matchmaker.services.on_behalf import OnBehalf
from matchmaker.services.versions import claim


class PictureNote(Command):
    """What is said of a picture: in words for those who cannot see it, and of people on it."""

    version: Version
    alt: Annotated[str, ShortText(300, 1)]
    people: Annotated[str, Choice(PeopleShown)]


def set_picture(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side | None,
    project_id: str,
    data: Mapping[str, Any],
    content: bytes,
    on_behalf: OnBehalf | None = None,
) -> Case:
    """Put a picture in (``PictureNote``), or change what is said of the one there (no ``content``).

    Refused: what ``save`` and ``pictures.prepare`` refuse; ``missing`` beside ``picture``.
    """
    case, details = to_change(session, actor, side, project_id, on_behalf)
    wanted = validated(PictureNote, data)
    row = session.get(CasePicture, case.id)
    if not content and row is None:
        raise Invalid([FieldError("picture", "not_a_file")])
    ready = pictures.prepare(content) if content else None
    claim(session, case, wanted.version)
    row = row or CasePicture(
        case_id=case.id, content=b"", digest="", width=0, height=0, alt="", people=""
    )
    if ready is not None:
        row.content, row.digest = ready.content, ready.digest
        row.width, row.height = ready.width, ready.height
    row.alt, row.people = wanted.alt, wanted.people
    session.add(row)
    next_edition(session, case)
    record(session, actor, now, case, "save_case", {**details, "part": "picture"})
    return case


def remove_picture(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side | None,
    project_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Case:
    """Take the picture out of the case and out of the database. Refused: what ``save`` refuses."""
    case, details = to_change(session, actor, side, project_id, on_behalf)
    row = session.get(CasePicture, case.id)
    if row is None:
        return case
    claim(session, case, version)
    session.delete(row)
    next_edition(session, case)
    record(session, actor, now, case, "save_case", {**details, "part": "picture"})
    return case
