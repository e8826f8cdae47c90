"""Wishes: up to five needs in order, "not this one", and "any project is fine"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Group, Need, NeedState, Professional, ProfileState, Wish
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.profiles import find

MOST = 5
NOT_THIS = 0
OPEN = frozenset({NeedState.OPEN, NeedState.IN_ROUND})


@dataclass(frozen=True)
class WishLine:
    """A need somebody wishes for (rank 1 is first) or does not want (0)."""

    need: Need
    group_name: str
    rank: int

    @property
    def open(self) -> bool:
        """Whether people are still being looked for."""
        return self.need.state in OPEN


@dataclass(frozen=True)
class Wishes:
    """Everything the page of wishes shows."""

    person: Professional
    wished: tuple[WishLine, ...]
    refused: tuple[WishLine, ...]
    asked: WishLine | None = None  # the need the page was opened for; rank -1: nothing said yet

    @property
    def full(self) -> bool:
        """Whether five needs are wished for."""
        return len(self.wished) >= MOST


def overview(session: Session, *, actor: Actor, need_id: str = "") -> Wishes:
    """The actor's wishes in order. ``need_id``: a need to decide about, if it is open."""
    person = find(session, actor=actor, professional_id=actor.professional_id)
    rows = session.exec(
        select(Wish, Need, Group.name)
        .join(Need, col(Need.id) == col(Wish.need_id))
        .join(Group, col(Group.id) == col(Need.group_id))
        .where(Wish.professional_id == person.id)
        .order_by(col(Wish.rank), col(Need.title), col(Need.id))
    )
    lines = [WishLine(need, group, wish.rank) for wish, need, group in rows]
    asked = next((line for line in lines if line.need.id == need_id), None)
    if need_id and asked is None:
        asked = _undecided(session, need_id)
    return Wishes(
        person,
        tuple(line for line in lines if line.rank != NOT_THIS),
        tuple(line for line in lines if line.rank == NOT_THIS),
        asked,
    )


def _undecided(session: Session, need_id: str) -> WishLine | None:
    row = session.exec(
        select(Need, Group.name)
        .join(Group, col(Group.id) == col(Need.group_id))
        .where(Need.id == need_id, col(Need.state).in_(OPEN))
        .where(Group.state == ProfileState.VERIFIED)
    ).first()
    return WishLine(row[0], row[1], -1) if row else None


def wish(session: Session, *, actor: Actor, now: datetime, need_id: str) -> None:
    """Wish for an open need, after those wished for already; again changes nothing.

    Refused: ``need_not_found`` for one that is not open, ``wishes_full`` beyond five.
    """
    person, ranks = _locked(session, actor)
    if ranks.get(need_id, NOT_THIS) != NOT_THIS:
        return
    _require_open(session, need_id)
    order = _order(ranks)
    if len(order) >= MOST:
        raise Conflict("wishes_full", max=MOST)
    _write(session, person, [*order, need_id], _refused(ranks) - {need_id})
    _record(session, actor, person, now, "wish_added", need_id)


def not_this_one(session: Session, *, actor: Actor, now: datetime, need_id: str) -> None:
    """Never be proposed for a need. Refused: ``need_not_found`` for one that is not open."""
    person, ranks = _locked(session, actor)
    if ranks.get(need_id) == NOT_THIS:
        return
    if need_id not in ranks:
        _require_open(session, need_id)
    order = [each for each in _order(ranks) if each != need_id]
    _write(session, person, order, _refused(ranks) | {need_id})
    _record(session, actor, person, now, "wish_refused", need_id)


def move(session: Session, *, actor: Actor, now: datetime, need_id: str, up: bool) -> None:
    """Move a wish one place up or down; at the end of the list nothing changes.

    Refused: ``wish_not_found``.
    """
    person, ranks = _locked(session, actor)
    order = _order(ranks)
    if need_id not in order:
        raise NotFound("wish_not_found")
    place = order.index(need_id)
    target = place - 1 if up else place + 1
    if not 0 <= target < len(order):
        return
    order[place], order[target] = order[target], order[place]
    _write(session, person, order, _refused(ranks))
    _record(session, actor, person, now, "wish_moved", need_id)


def remove(session: Session, *, actor: Actor, now: datetime, need_id: str) -> None:
    """Say nothing about a need any more; removing twice is removing once."""
    person, ranks = _locked(session, actor)
    if need_id not in ranks:
        return
    order = [each for each in _order(ranks) if each != need_id]
    _write(session, person, order, _refused(ranks) - {need_id})
    _record(session, actor, person, now, "wish_removed", need_id)


def set_any_project(session: Session, *, actor: Actor, now: datetime, fine: bool) -> None:
    """Say whether any project is fine: a mild wish for all."""
    person, _ranks = _locked(session, actor)
    if person.any_project == fine:
        return
    person.any_project = fine
    person.version += 1
    session.add(person)
    _record(session, actor, person, now, "any_project_set", "yes" if fine else "no")


def _locked(session: Session, actor: Actor) -> tuple[Professional, dict[str, int]]:
    """The actor's profile, kept for this transaction so that two windows queue up, and wishes."""
    if actor.professional_id is None:
        raise NotFound("professional_not_found")
    person = session.exec(
        select(Professional)
        .where(Professional.id == actor.professional_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if person.state == ProfileState.LEFT:
        raise Conflict("profile_left")
    rows = session.exec(select(Wish).where(Wish.professional_id == person.id))
    return person, {row.need_id: row.rank for row in rows}


def _order(ranks: dict[str, int]) -> list[str]:
    wished = (need for need, rank in ranks.items() if rank != NOT_THIS)
    return sorted(wished, key=lambda need: (ranks[need], need))


def _refused(ranks: dict[str, int]) -> set[str]:
    return {need for need, rank in ranks.items() if rank == NOT_THIS}


def _require_open(session: Session, need_id: str) -> None:
    if _undecided(session, need_id) is None:
        raise NotFound("need_not_found")


def _write(session: Session, person: Professional, order: list[str], refused: set[str]) -> None:
    wanted = {need: rank for rank, need in enumerate(order[:MOST], start=1)}
    wanted |= dict.fromkeys(refused, NOT_THIS)
    stored = {
        row.need_id: row
        for row in session.exec(select(Wish).where(Wish.professional_id == person.id))
    }
    for need_id, row in stored.items():
        if need_id not in wanted:
            session.delete(row)
    for need_id, rank in wanted.items():
        row = stored.get(need_id) or Wish(professional_id=person.id, need_id=need_id, rank=rank)
        row.rank = rank
        session.add(row)
    session.flush()


def _record(
    session: Session, actor: Actor, person: Professional, now: datetime, act: str, about: str
) -> None:
    subject = ("professional", person.id)
    audit.record(session, actor=actor, act=act, subject=subject, now=now, about=about)
