"""The history of everything: who did what about what, when; filtered, paged, taken away, checked.

The record itself (``audit``) is only ever added to. What is shown of it follows the present: the
name of somebody who was erased does not come back, nor what was noted in words about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session, col, func, select

from matchmaker.models import (
    Account,
    AccountRole,
    AuditEntry,
    Company,
    Group,
    MergedRecord,
    Need,
    Professional,
    Project,
    Proposal,
    Round,
)
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.erasure import ERASED, WORDS
from matchmaker.services.public_search import contains
from matchmaker.text import search_key

PAGE = 50
MOST_FOUND = 500  # records a word may find
SUBJECTS: dict[str, tuple[Any, Any]] = {
    "professional": (Professional, Professional.name),
    "group": (Group, Group.name),
    "need": (Need, Need.title),
    "round": (Round, Round.name),
    "project": (Project, Project.title),
    "company": (Company, Company.name),
}
# Acts on accounts that everybody who coordinates may see; the others are the owner's and the
# administrators'.
OPEN_ACCOUNT_ACTS = ("role_given", "account_opened", "account_erased")


@dataclass(frozen=True)
class HistorySearch:
    """What is asked for; empty means any. ``acts``: one of these; in an address with points
    between. ``kind`` and ``about`` name one record."""

    text: str = ""
    acts: tuple[str, ...] = ()
    kind: str = ""
    about: str = ""
    by: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> HistorySearch:
        """The search of an address; what is unknown is left out."""
        page = args.get("page", "1")
        return cls(
            text=args.get("q", "").replace("\x00", "")[:100].strip(),
            acts=tuple(filter(None, map(_code, args.get("act", "")[:300].split(".")))),
            kind=kind if (kind := args.get("kind", "")) in SUBJECTS else "",
            about=_code(args.get("about")),
            by=_code(args.get("by")),
            since=_day(args.get("since")),
            until=_day(args.get("until")),
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )

    def as_args(self) -> dict[str, str]:
        """The search as arguments of an address, without the page."""
        given = {
            "q": self.text, "act": ".".join(self.acts),
            "kind": self.kind, "about": self.about, "by": self.by,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Line:
    """One act. ``by`` is empty for the system, ``title`` for what has no name (any more)."""

    id: int
    at: datetime
    by: str
    act: str
    kind: str
    subject_id: str
    title: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page, newest first."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class Chain:
    """Whether every entry still stands as it was written, in the order it was written in."""

    entries: int
    broken: tuple[int, ...]


def page(session: Session, *, actor: Actor, search: HistorySearch, zone: ZoneInfo) -> Page:
    """One page of the acts that are asked for. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    wanted = _conditions(session, actor, search, zone)
    total = session.exec(select(func.count()).select_from(AuditEntry).where(*wanted)).one()
    pages = max(-(-total // PAGE), 1)
    number = min(max(search.page, 1), pages)
    found = select(AuditEntry).where(*wanted).order_by(col(AuditEntry.id).desc())
    rows = session.exec(found.offset((number - 1) * PAGE).limit(PAGE)).all()
    return Page(tuple(_lines(session, rows)), total, number, pages)


def everything(
    session: Session, *, actor: Actor, search: HistorySearch, zone: ZoneInfo
) -> Iterator[Line]:
    """Every act that is asked for, newest first, for a download. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    wanted = _conditions(session, actor, search, zone)
    found = select(AuditEntry).where(*wanted).order_by(col(AuditEntry.id).desc())
    for part in session.exec(found.execution_options(yield_per=1000)).partitions(1000):
        yield from _lines(session, part)


def check(session: Session, *, actor: Actor) -> Chain:
    """Follow the chain from its beginning. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    entries = session.exec(select(func.count()).select_from(AuditEntry)).one()
    return Chain(entries, tuple(audit.broken_links(session)))


def authors(session: Session, *, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of staff who did something, by name. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    did = select(AuditEntry.actor_id).where(col(AuditEntry.actor_id).is_not(None)).distinct()
    staff = _staff()
    found = select(Account.id, Account.name).where(col(Account.id).in_(did), staff)
    return list(session.exec(found.order_by(col(Account.name), col(Account.id))).all())


def _staff() -> ColumnElement[bool]:
    return col(Account.id).in_(select(AccountRole.account_id))


def _conditions(
    session: Session, actor: Actor, search: HistorySearch, zone: ZoneInfo
) -> list[ColumnElement[bool]]:
    wanted = [_readable(actor)]
    if search.acts:
        wanted.append(col(AuditEntry.act).in_(search.acts))
    if search.by:
        wanted.append(
            col(AuditEntry.actor_id).is_(None) if search.by == "system"
            else col(AuditEntry.actor_id) == search.by
        )  # fmt: skip
    if search.since:
        wanted.append(col(AuditEntry.at) >= datetime.combine(search.since, time.min, zone))
    if search.until:
        end = search.until + timedelta(days=1)
        wanted.append(col(AuditEntry.at) < datetime.combine(end, time.min, zone))
    if search.kind and search.about:
        wanted.append(_about(search.kind, search.about))
    elif search.kind:
        wanted.append(col(AuditEntry.subject_type) == search.kind)
    if search.text:
        wanted.append(_named(session, search.text))
    return wanted


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Whose account was entered when is for its owner and the administrators."""
    if actor.admin:
        return col(AuditEntry.id).is_not(None)
    return or_(
        col(AuditEntry.subject_type) != "account",
        col(AuditEntry.subject_id) == actor.account_id,
        col(AuditEntry.act).in_(OPEN_ACCOUNT_ACTS),
    )


def _is(kind: str, ids: Any) -> ColumnElement[bool]:
    return (col(AuditEntry.subject_type) == kind) & col(AuditEntry.subject_id).in_(ids)


def _about(kind: str, record_id: str) -> ColumnElement[bool]:
    """What was done about a record, those merged into it, and what belongs to it."""
    merged = select(MergedRecord.old_id).where(
        MergedRecord.kind == kind, MergedRecord.kept_id == record_id
    )
    parts = [_is(kind, [record_id]), _is(kind, merged)]
    seats = select(Proposal.id)
    if kind == "professional":
        account = select(Professional.account_id).where(
            Professional.id == record_id, col(Professional.account_id).is_not(None)
        )
        parts.append(_is("proposal", seats.where(Proposal.professional_id == record_id)))
        parts.append(col(AuditEntry.actor_id).in_(account))
    elif kind == "group":
        parts.append(_is("need", select(Need.id).where(Need.group_id == record_id)))
        parts.append(_is("project", select(Project.id).where(Project.group_id == record_id)))
    elif kind == "need":
        parts.append(_is("proposal", seats.where(Proposal.need_id == record_id)))
        parts.append(_is("project", select(Project.id).where(Project.need_id == record_id)))
    elif kind == "round":
        parts.append(_is("proposal", seats.where(Proposal.round_id == record_id)))
    return or_(*parts)


def _named(session: Session, text: str) -> ColumnElement[bool]:
    """What was done about records whose name holds ``text``, or by people of that name."""
    parts: list[ColumnElement[bool]] = [false()]
    for kind, (table, name) in SUBJECTS.items():
        folded = getattr(table, "search_text", None)
        held = (
            contains(text, col(folded))
            if folded is not None
            else col(name).contains(text, autoescape=True)
        )
        ids = session.exec(select(table.id).where(held).limit(MOST_FOUND)).all()
        if ids:
            parts.append(_is(kind, ids))
        if ids and kind == "professional":
            seats = select(Proposal.id).where(col(Proposal.professional_id).in_(ids))
            parts.append(_is("proposal", seats))
    people = select(Account.id).where(col(Account.name).contains(text, autoescape=True))
    parts.append(col(AuditEntry.actor_id).in_(people))
    if search_key(text):
        parts.append(col(AuditEntry.subject_id) == text)
    return or_(*parts)


def _lines(session: Session, rows: Iterable[AuditEntry]) -> Iterator[Line]:
    entries = list(rows)
    titles = _titles(session, entries)
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    named = select(Account.id, Account.name).where(col(Account.id).in_(ids))
    names = dict(session.exec(named).all())
    for entry in entries:
        title = titles.get((entry.subject_type, entry.subject_id), "")
        yield Line(
            entry.id or 0, entry.at, names.get(entry.actor_id or "", ""), entry.act,
            entry.subject_type, entry.subject_id, title, shown(entry.details, title),
        )  # fmt: skip


def shown(details: dict[str, Any], title: str) -> dict[str, Any]:
    """The details of an act, without words where its subject was erased."""
    if title != ERASED:
        return details
    return {name: value for name, value in details.items() if name not in WORDS}


def _titles(session: Session, entries: list[AuditEntry]) -> dict[tuple[str, str], str]:
    """Names of the subjects of a page, those of seats by their person."""
    found: dict[tuple[str, str], str] = {}
    ids: dict[str, set[str]] = {}
    for entry in entries:
        ids.setdefault(entry.subject_type, set()).add(entry.subject_id)
    for kind, (table, name) in {**SUBJECTS, "account": (Account, Account.name)}.items():
        if kind in ids:
            rows = session.exec(select(table.id, name).where(col(table.id).in_(ids[kind])))
            found |= {(kind, row_id): title for row_id, title in rows}
            merged = select(MergedRecord.old_id, name).join(table, table.id == MergedRecord.kept_id)
            merged = merged.where(
                MergedRecord.kind == kind, col(MergedRecord.old_id).in_(ids[kind])
            )
            found |= {(kind, row_id): title for row_id, title in session.exec(merged)}
    if "proposal" in ids:
        seats = (
            select(Proposal.id, Professional.name)
            .join(Professional, col(Professional.id) == Proposal.professional_id)
            .where(col(Proposal.id).in_(ids["proposal"]))
        )
        found |= {("proposal", row_id): title for row_id, title in session.exec(seats)}
    return found


def _code(value: str | None) -> str:
    text = (value or "")[:64]
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() else ""


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value and len(value) == 10 else None
    except ValueError:
        return None
