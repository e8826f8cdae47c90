"""My data: everything the tables hold about one person, and nothing about anybody else.

A row is about a person when its column ``account_id``, ``professional_id`` or ``member_id`` names
them. New tables that follow this habit are part of the export, and of the erasure, by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, false, or_, select
from sqlmodel import Session

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Account, Professional, ProjectMember, metadata
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator

# Never given out: what protects the account, and what others said in confidence.
SECRET = frozenset({"password_hash", "token_hash", "email_hash", "dedupe_key"})
CONFIDENTIAL = {
    "declared_conflict": frozenset({"reason"}),
    "consultation": frozenset({"text"}),
}
# What a mail to the person said of others: their colleagues, who wrote, and what they wrote.
OTHERS = {"notice": frozenset({"team", "partner", "person", "author", "text", "reply_to"})}
FORMAT = 1


@dataclass(frozen=True)
class Subject:
    """Whom the rows are about: an account, a professional, or both."""

    account: Account | None
    professional: Professional | None


def subject_of(session: Session, *, actor: Actor) -> Subject:
    """The reader as a subject. Refused: ``account_not_found``."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound("account_not_found")
    person = session.get(Professional, actor.professional_id) if actor.professional_id else None
    return Subject(account, person)


def export(session: Session, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything about the actor as one document: table → rows, dates in ISO, times in UTC.

    Left out: password and token hashes, why somebody declared a conflict with the actor, and what
    mails to the actor said of others.
    """
    return _document(session, subject_of(session, actor=actor), now)


def export_person(
    session: Session, *, actor: Actor, now: datetime, professional_id: str
) -> dict[str, Any]:
    """The same about somebody without an account, for a coordinator to hand on to them; the record
    says that it was taken. Refused: ``coordinators_only``, ``professional_not_found``,
    ``profile_has_account``."""
    require_coordinator(actor)
    person = session.get(Professional, professional_id)
    if person is None:
        raise NotFound("professional_not_found")
    if person.account_id is not None:
        raise Conflict("profile_has_account")
    found = _document(session, Subject(None, person), now)
    subject = ("professional", person.id)
    audit.record(session, actor=actor, act="person_exported", subject=subject, now=now)
    return found


def _document(session: Session, subject: Subject, now: datetime) -> dict[str, Any]:
    tables = {
        table.name: [_plain(table, row) for row in rows]
        for table, condition in about(subject)
        if (rows := session.execute(select(table).where(condition)).mappings().all())
    }
    return {"format": FORMAT, "exported_at": now.isoformat(), "tables": tables}


def about(subject: Subject) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table that can hold rows about the subject, with the condition that finds them."""
    for table in metadata.sorted_tables:
        condition = or_(false(), *_ties(table, subject))
        if _names_people(table):
            yield table, condition


def _names_people(table: Table) -> bool:
    columns = {"account_id", "professional_id", "member_id", "actor_id"}
    return table.name in _ROOTS or bool(columns & set(table.columns.keys()))


_ROOTS = ("account", "professional", "group_invitation")


def _ties(table: Table, subject: Subject) -> Iterator[ColumnElement[bool]]:
    account, person = subject.account, subject.professional
    if account is not None:
        if table.name == "account":
            yield table.c.id == account.id
        if table.name == "group_invitation":
            yield table.c.email == account.email
        for name in ("account_id", "actor_id"):
            if name in table.columns:
                yield table.c[name] == account.id
    if person is not None:
        if table.name == "professional":
            yield table.c.id == person.id
        if "professional_id" in table.columns:
            yield table.c.professional_id == person.id
        if "member_id" in table.columns and _points_to_member(table.c.member_id):
            mine = select(ProjectMember.__table__.c.id).where(  # type: ignore[attr-defined]
                ProjectMember.__table__.c.professional_id == person.id  # type: ignore[attr-defined]
            )
            yield table.c.member_id.in_(mine)


def _points_to_member(column: Column[Any]) -> bool:
    return any(key.column.table.name == "project_member" for key in column.foreign_keys)


def _plain(table: Table, row: Any) -> dict[str, Any]:
    hidden = SECRET | CONFIDENTIAL.get(table.name, frozenset())
    return {
        column.name: _own(table, row[column.name])
        for column in table.columns
        if column.name not in hidden and not isinstance(column.type, LargeBinary)
    }


def _own(table: Table, value: Any) -> Any:
    """A value as JSON, without what a document in it says of others."""
    others = OTHERS.get(table.name, frozenset())
    if isinstance(value, dict) and others:
        return {name: each for name, each in value.items() if name not in others}
    return value.isoformat() if isinstance(value, date | datetime) else value
