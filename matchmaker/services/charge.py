"""Who is in charge of what: given, handed over, and taken care of by somebody else meanwhile.

A project without a coordinator of its own is with that of its need, a need with that of its group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select, update

from matchmaker.errors import FieldError, Invalid, NotFound
from matchmaker.models import (
    Account,
    Consultation,
    CoordinatorDesk,
    Group,
    InCharge,
    Need,
    Professional,
    Project,
)
from matchmaker.services import accounts, audit
from matchmaker.services.actors import Actor, require_coordinator

TABLES: dict[str, type[Any]] = {
    "professional": Professional,
    "group": Group,
    "need": Need,
    "project": Project,
}
Subject = tuple[str, str]  # kind, id


def give(
    session: Session, *, actor: Actor, now: datetime, kind: str, record_id: str, account_id: str
) -> None:
    """Put a coordinator in charge of a record, or nobody (empty); again changes nothing.

    Refused: ``coordinators_only``, a record there is not; ``Invalid`` (``not_in_list``) beside
    ``account_id`` for somebody who does not coordinate.
    """
    require_coordinator(actor)
    if kind not in TABLES or session.get(TABLES[kind], record_id) is None:
        raise NotFound(f"{kind}_not_found")
    if account_id and account_id not in {each.id for each in accounts.coordinators(session)}:
        raise Invalid([FieldError("account_id", "not_in_list")])
    row = session.get(InCharge, (kind, record_id))
    if (row.account_id if row else "") == account_id:
        return
    if row is not None:
        session.delete(row)
        session.flush()
    if account_id:
        session.add(
            InCharge(subject_type=kind, subject_id=record_id, account_id=account_id, since=now)
        )
    session.flush()
    audit.record(
        session, actor=actor, act="charge_given", subject=(kind, record_id), now=now,
        to=account_id, before=row.account_id if row else "",
    )  # fmt: skip


def hand_over(session: Session, *, actor: Actor, now: datetime, to: str) -> int:
    """Give everything the actor is in charge of, and what they meant to take up again, to a
    colleague for good; returns how many things.

    Refused: ``coordinators_only``; ``Invalid`` (``not_in_list``) beside ``to`` for oneself and for
    somebody who does not coordinate.
    """
    require_coordinator(actor)
    if to == actor.account_id or to not in {each.id for each in accounts.coordinators(session)}:
        raise Invalid([FieldError("to", "not_in_list")])
    mine = session.exec(select(InCharge).where(InCharge.account_id == actor.account_id)).all()
    for row in mine:
        give(
            session, actor=actor, now=now, kind=row.subject_type, record_id=row.subject_id,
            account_id=to,
        )  # fmt: skip
    open_ones = (
        func.coalesce(Consultation.handed_to, Consultation.created_by) == actor.account_id,
        col(Consultation.done_at).is_(None),
        col(Consultation.follow_up_on).is_not(None),
    )
    ids = session.exec(select(Consultation.id).where(*open_ones)).all()
    session.execute(
        update(Consultation)
        .where(*open_ones)
        .values(handed_to=to, version=Consultation.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    for each in ids:
        audit.record(
            session, actor=actor, act="consultation_handed_over", subject=("consultation", each),
            now=now, to=to,
        )  # fmt: skip
    return len(mine) + len(ids)


def owners(session: Session, subjects: Iterable[Subject]) -> dict[Subject, str]:
    """Account in charge of each of these records, by itself or through need and group."""
    wanted = set(subjects)
    parents = _parents(session, wanted)
    known = {*wanted, *(each for line in parents.values() for each in line)}
    ids = {row_id for _kind, row_id in known}
    rows = session.exec(
        select(InCharge)
        .join(Account, col(Account.id) == InCharge.account_id)
        .where(col(InCharge.subject_id).in_(ids), Account.state == "active")
    )
    direct = {(row.subject_type, row.subject_id): row.account_id for row in rows}
    found = {}
    for subject in wanted:
        line = (subject, *parents.get(subject, ()))
        owner = next((direct[each] for each in line if each in direct), None)
        if owner:
            found[subject] = owner
    return found


def owner(session: Session, kind: str, record_id: str) -> Account | None:
    """The coordinator in charge of one record."""
    account_id = owners(session, [(kind, record_id)]).get((kind, record_id))
    return session.get(Account, account_id) if account_id else None


def _parents(session: Session, subjects: set[Subject]) -> dict[Subject, tuple[Subject, ...]]:
    """What a need or project is with where nobody is in charge of itself, nearest first."""
    needs = [row_id for kind, row_id in subjects if kind == "need"]
    projects = [row_id for kind, row_id in subjects if kind == "project"]
    found: dict[Subject, tuple[Subject, ...]] = {}
    for row_id, group in session.exec(
        select(Need.id, Need.group_id).where(col(Need.id).in_(needs))
    ):
        found["need", row_id] = (("group", group),)
    asked = select(Project.id, Project.need_id, Project.group_id).where(
        col(Project.id).in_(projects)
    )
    for row_id, need, group in session.exec(asked):
        found["project", row_id] = (("need", need), ("group", group))
    return found


def covered(session: Session, *, actor: Actor, on: date) -> set[str]:
    """Accounts whose work is the actor's on a day: their own, and those they stand in for."""
    away = session.exec(
        select(CoordinatorDesk.account_id).where(
            CoordinatorDesk.stand_in == actor.account_id, col(CoordinatorDesk.away_until) >= on
        )
    )
    return {*away, *filter(None, [actor.account_id])}


def in_charge_of(session: Session, *, actor: Actor) -> Sequence[tuple[str, str, str]]:
    """(kind, id, name) of everything the actor is in charge of, by kind and name."""
    require_coordinator(actor)
    found: list[tuple[str, str, str]] = []
    for kind, table in TABLES.items():
        name = table.title if kind in ("need", "project") else table.name
        rows = session.exec(
            select(table.id, name)
            .join(
                InCharge, (col(InCharge.subject_id) == table.id) & (InCharge.subject_type == kind)
            )
            .where(InCharge.account_id == actor.account_id)
            .order_by(name, table.id)
        )
        found += [(kind, row_id, title) for row_id, title in rows]
    return found


def title_of(session: Session, *, actor: Actor, kind: str, record_id: str) -> str:
    """The name of a record somebody can be in charge of. Refused: ``coordinators_only``, one there
    is not."""
    require_coordinator(actor)
    row = session.get(TABLES[kind], record_id)
    if row is None:
        raise NotFound(f"{kind}_not_found")
    return str(row.title if kind in ("need", "project") else row.name)
