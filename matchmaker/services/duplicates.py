"""Who, or what, may be in the books twice; pairs that somebody told apart stay out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session, col, func, select

from matchmaker.errors import NotFound
from matchmaker.models import Company, Group, KnownDifferent, Professional, ProfileState
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.employers import company_key
from matchmaker.services.likeness import core, in_common, marks, phones, site
from matchmaker.services.public_search import contains
from matchmaker.text import search_key

TABLES: dict[str, type[Any]] = {"professional": Professional, "group": Group, "company": Company}
MOST, CANDIDATES = 5, 200


@dataclass(frozen=True)
class Alike:
    """A record that looks like another one, and the kinds of marks they share."""

    row: Any
    why: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two records that may be one, the earlier first."""

    kind: str
    first: Any
    second: Any
    why: tuple[str, ...]


def alike(session: Session, row: Any) -> tuple[Alike, ...]:
    """Records that share a mark with ``row`` and were not told apart from it; five at most."""
    kind, table = _kind_of(row), type(row)
    found = select(table).where(_candidates(row), col(table.id) != row.id)
    told_apart = _told_apart(session, kind, [row.id])
    near = [
        Alike(other, why)
        for other in session.exec(found.order_by(col(table.created_at)).limit(CANDIDATES))
        if frozenset((row.id, other.id)) not in told_apart and (why := in_common(row, other))
    ]
    return tuple(near[:MOST])


def doubtful(session: Session, rows: Sequence[Any]) -> set[str]:
    """Ids of those of ``rows`` (of one table) that have somebody alike. Two queries."""
    if not rows:
        return set()
    table = type(rows[0])
    found = session.exec(select(table).where(or_(*(_candidates(row) for row in rows)))).all()
    told_apart = _told_apart(session, _kind_of(rows[0]), [row.id for row in rows])
    holders: defaultdict[Any, set[str]] = defaultdict(set)
    for other in found:
        for mark in marks(other):
            holders[mark].add(other.id)
    return {
        row.id
        for row in rows
        if any(
            other != row.id and frozenset((row.id, other)) not in told_apart
            for mark in marks(row)
            for other in holders[mark]
        )
    }


def pairs(session: Session, *, actor: Actor, most: int = 50) -> tuple[Pair, ...]:
    """Records that are very likely one: the same name and reading, e-mail address or telephone.
    Refused: ``coordinators_only``."""
    require_coordinator(actor)
    found: list[Pair] = []
    for kind, table in TABLES.items():
        ids = _likely(session, kind)
        if not ids:
            continue
        rows = session.exec(
            select(table)
            .where(col(table.id).in_(sorted(ids)[: 4 * most]))
            .order_by(col(table.created_at), col(table.id))
        ).all()
        apart = _told_apart(session, kind, [row.id for row in rows])
        found += [
            Pair(kind, first, second, why)
            for first, second in combinations(rows, 2)
            if frozenset((first.id, second.id)) not in apart
            and _sure(kind, why := in_common(first, second))
        ]
    return tuple(found[:most])


def note_different(
    session: Session, *, actor: Actor, now: datetime, kind: str, first_id: str, second_id: str
) -> None:
    """Remember that two records are not the same; noting it twice is noting it once.

    Refused: ``coordinators_only``, a record there is not.
    """
    require_coordinator(actor)
    both(session, kind, first_id, second_id)
    one, two = sorted((first_id, second_id))
    if session.get(KnownDifferent, (kind, one, two)):
        return
    session.add(
        KnownDifferent(
            kind=kind, first_id=one, second_id=two, noted_by=actor.account_id, noted_at=now
        )
    )
    for here, there in ((one, two), (two, one)):
        audit.record(
            session, actor=actor, act="told_apart", subject=(kind, here), now=now, other=there
        )


def both(session: Session, kind: str, first_id: str, second_id: str) -> tuple[Any, Any]:
    """Two different records of a kind. Refused: one there is not."""
    if kind not in TABLES or first_id == second_id:
        raise NotFound(f"{kind}_not_found")
    rows = [session.get(TABLES[kind], each) for each in (first_id, second_id)]
    if None in rows:
        raise NotFound(f"{kind}_not_found")
    return rows[0], rows[1]


def one(session: Session, *, actor: Actor, kind: str, record_id: str) -> Any:
    """A record of a kind. Refused: ``coordinators_only``, one there is not."""
    require_coordinator(actor)
    row = session.get(TABLES[kind], record_id)
    if row is None:
        raise NotFound(f"{kind}_not_found")
    return row


def look_for(session: Session, *, actor: Actor, kind: str, record_id: str, text: str) -> list[Any]:
    """Records of a kind whose name, reading or address contains ``text``, but for one: to choose
    the other half of a pair by hand. Refused: ``coordinators_only``.
    """
    require_coordinator(actor)
    table = TABLES[kind]
    if not text.strip():
        return []
    found = select(table).where(
        contains(text[:100], col(table.search_text)), col(table.id) != record_id
    )
    return list(session.exec(found.order_by(col(table.name), col(table.id)).limit(10)))


def _kind_of(row: Any) -> str:
    return next(kind for kind, table in TABLES.items() if isinstance(row, table))


def _sure(kind: str, why: tuple[str, ...]) -> bool:
    if kind == "professional":
        return bool({"email", "phone"} & set(why)) or {"name", "kana"} <= set(why)
    return "name" in why


def _told_apart(session: Session, kind: str, ids: Iterable[str]) -> set[frozenset[str]]:
    wanted = list(ids)
    rows = session.exec(
        select(KnownDifferent.first_id, KnownDifferent.second_id).where(
            KnownDifferent.kind == kind,
            or_(
                col(KnownDifferent.first_id).in_(wanted), col(KnownDifferent.second_id).in_(wanted)
            ),
        )
    )
    return {frozenset(pair) for pair in rows}


def _unspaced(column: Any) -> Any:
    return func.replace(func.replace(column, " ", ""), "\u3000", "")


def _digits(column: Any) -> Any:
    for sign in ("-", " ", "(", ")"):
        column = func.replace(column, sign, "")
    return column


def _likely(session: Session, kind: str) -> set[str]:
    """Ids of records that share with another one what makes it very likely that they are one."""
    if kind != "professional":
        table = TABLES[kind]
        named: defaultdict[str, set[str]] = defaultdict(set)
        for row_id, name in session.exec(select(table.id, table.name)):
            named[core(company_key(name) if table is Company else name)].add(row_id)
        return {row_id for ids in named.values() if len(ids) > 1 for row_id in ids}
    values = (
        _unspaced(col(Professional.search_text)),
        func.lower(col(Professional.email)),
        _digits(col(Professional.phone)),
    )
    return {row_id for value in values for row_id in _sharing(session, value)}


def _sharing(session: Session, value: Any) -> Iterable[str]:
    here = col(Professional.state) != ProfileState.LEFT
    twice = (
        select(value).where(value != "", here).group_by(value).having(func.count() > 1).limit(100)
    )
    return session.exec(select(Professional.id).where(value.in_(twice), here))


def _candidates(row: Any) -> ColumnElement[bool]:
    """Rows that can share a mark with ``row``: a wide net, looked through afterwards."""
    table = type(row)
    folded = _unspaced(col(table.search_text))
    name = company_key(row.name) if isinstance(row, Company) else search_key(row.name)
    texts = {text.replace(" ", "") for text in (name, search_key(row.kana))}
    if isinstance(row, Group):
        texts |= {value for kind, value in marks(row) if kind == "name"}
    net = [folded.contains(text, autoescape=True) for text in texts if text]
    for column, number in _reached(row):
        net.append(column == number if isinstance(row, Professional) else column.contains(number))
    return or_(false(), *net)


def _reached(row: Any) -> Iterable[tuple[Any, str]]:
    if isinstance(row, Professional):
        found = [(func.lower(col(Professional.email)), row.email.casefold())]
        found += [(_digits(col(Professional.phone)), number) for number in phones(row.phone)]
    elif isinstance(row, Group):
        found = [
            (func.lower(col(Group.contact_email)), row.contact_email.casefold()),
            (func.lower(col(Group.website)), site(row.website)),
        ]
        found += [(_digits(col(Group.contact_note)), number) for number in phones(row.contact_note)]
    else:
        found = []
    return [(column, value) for column, value in found if value]
