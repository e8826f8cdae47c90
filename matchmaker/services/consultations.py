"""The consultation log: who asked what, what follows, who goes on with it; counted by topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import FieldError, Invalid, NotFound
from matchmaker.models import (
    Account,
    Consultation,
    Group,
    Medium,
    Need,
    Professional,
    Project,
    Topic,
)
from matchmaker.services import accounts, audit, notices
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import (
    Choice,
    Code,
    Command,
    Date,
    Flag,
    LongText,
    ShortText,
    Whole,
    validated,
)
from matchmaker.services.fiscal import first_day, last_day
from matchmaker.services.versions import claim

PAGE = 50
# What an entry can be about: column → table.
ABOUT: dict[str, Any] = {
    "group_id": Group,
    "professional_id": Professional,
    "need_id": Need,
    "project_id": Project,
}


class Entry(Command):
    """A conversation (``counted``: somebody asked for advice) or a note of the coordinators' own.
    ``version`` is 0 for a new one."""

    held_on: Date
    medium: Annotated[str, Choice(Medium)]
    topic: Annotated[str, Choice(Topic)]
    name: Annotated[str, ShortText(120)] = ""
    group_id: Code | None = None
    professional_id: Code | None = None
    need_id: Code | None = None
    project_id: Code | None = None
    counted: Flag = True
    text: Annotated[str, LongText(4000, 1)]
    follow_up_on: Date | None = None
    handed_to: Code | None = None
    done: Flag = False
    version: Annotated[int, Whole(0, 999_999_999)] = 0


@dataclass(frozen=True)
class Line:
    """An entry with the names that belong to it."""

    entry: Consultation
    group: Group | None
    person: Professional | None
    colleague: str
    author: str


@dataclass(frozen=True)
class Page:
    """One page of the log, newest first."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


def log(
    session: Session,
    *,
    actor: Actor,
    topic: str = "",
    open_only: bool = False,
    group_id: str = "",
    professional_id: str = "",
    need_id: str = "",
    project_id: str = "",
    page: int = 1,
) -> Page:
    """The log, newest first. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    conditions: list[Any] = []
    if topic:
        conditions.append(Consultation.topic == topic)
    if open_only:
        conditions.append(col(Consultation.done_at).is_(None))
        conditions.append(col(Consultation.follow_up_on).is_not(None))
    if group_id:
        conditions.append(Consultation.group_id == group_id)
    if professional_id:
        conditions.append(Consultation.professional_id == professional_id)
    if need_id:
        conditions.append(Consultation.need_id == need_id)
    if project_id:
        conditions.append(Consultation.project_id == project_id)
    total = session.exec(select(func.count()).select_from(Consultation).where(*conditions)).one()
    pages = max(-(-total // PAGE), 1)
    number = min(max(page, 1), pages)
    chosen = (
        _lines()
        .where(*conditions)
        .order_by(col(Consultation.held_on).desc(), col(Consultation.id))
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    return Page(tuple(_line(*row) for row in session.execute(chosen)), total, number, pages)


def find(session: Session, *, actor: Actor, consultation_id: str) -> Line:
    """One entry. Refused: ``coordinators_only``, ``consultation_not_found``."""
    require_coordinator(actor)
    row = session.execute(_lines().where(Consultation.id == consultation_id)).first()
    if row is None:
        raise NotFound("consultation_not_found")
    return _line(*row)


def write(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    data: Mapping[str, Any],
    consultation_id: str | None = None,
) -> Consultation:
    """Write an entry (``Entry``) or change one. A colleague it is handed to gets a mail.

    Refused: ``coordinators_only``, ``consultation_not_found``, ``changed_meanwhile``; ``Invalid``
    for a day that has not come, and for a group, person or colleague there is not.
    """
    require_coordinator(actor)
    wanted = validated(Entry, data)
    _check(session, wanted, today)
    if consultation_id is None:
        row = Consultation(
            held_on=wanted.held_on, medium=wanted.medium, topic=wanted.topic,
            created_by=actor.account_id, created_at=now,
        )  # fmt: skip
    else:
        row = find(session, actor=actor, consultation_id=consultation_id).entry
        claim(session, row, wanted.version)
    before = row.handed_to
    for name in ("held_on", "medium", "topic", "name", "text", "follow_up_on", "counted"):
        setattr(row, name, getattr(wanted, name))
    for name in ABOUT:
        setattr(row, name, getattr(wanted, name) or None)
    row.handed_to = wanted.handed_to or None
    row.done_at = (row.done_at or now) if wanted.done else None
    session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, act="note_consultation", subject=("consultation", row.id), now=now,
        topic=row.topic, handed_to=row.handed_to or "",
    )  # fmt: skip
    if row.handed_to and row.handed_to not in (before, actor.account_id):
        _hand_over(session, actor, row, now)
    return row


def counts(session: Session, *, year: int) -> dict[str, int]:
    """Topic → consultations of a fiscal year (the indicator 相談件数), most first; notes of the
    coordinators' own are not counted."""
    found = session.exec(
        select(Consultation.topic, func.count())
        .where(col(Consultation.held_on).between(first_day(year), last_day(year)))
        .where(col(Consultation.counted))
        .group_by(Consultation.topic)
    )
    return dict(sorted(found, key=lambda each: (-each[1], each[0])))


def _check(session: Session, wanted: Entry, today: date) -> None:
    errors = []
    if wanted.held_on > today:
        errors.append(FieldError("held_on", "in_the_future"))
    for name, table in ABOUT.items():
        row_id = getattr(wanted, name)
        if row_id and session.get(table, row_id) is None:
            errors.append(FieldError(name, "not_in_list"))
    if wanted.handed_to and wanted.handed_to not in {
        each.id for each in accounts.coordinators(session)
    }:
        errors.append(FieldError("handed_to", "not_in_list"))
    if errors:
        raise Invalid(errors)


def _hand_over(session: Session, actor: Actor, row: Consultation, now: datetime) -> None:
    to = session.get_one(Account, row.handed_to)
    notices.tell(
        session,
        to=to,
        code="handed_over",
        dedupe_key=f"handed_over:{row.id}:{row.version}:{to.id}",
        now=now,
        name=to.name,
        by=actor.name,
        topic=row.topic,
        who=row.name,
        consultation_id=row.id,
        follow_up_on=row.follow_up_on.isoformat() if row.follow_up_on else "",
    )


def _lines() -> Any:
    colleague = select(Account.name).where(Account.id == Consultation.handed_to).scalar_subquery()
    author = select(Account.name).where(Account.id == Consultation.created_by).scalar_subquery()
    return (
        wide_select(Consultation, Group, Professional, colleague, author)
        .join(Group, col(Group.id) == Consultation.group_id, isouter=True)
        .join(Professional, col(Professional.id) == Consultation.professional_id, isouter=True)
    )


def _line(
    entry: Consultation,
    group: Group | None,
    person: Professional | None,
    colleague: str | None,
    author: str | None,
) -> Line:
    return Line(entry, group, person, colleague or "", author or "")
