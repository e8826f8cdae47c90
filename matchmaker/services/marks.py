"""Pins and bans of a round: pairs a coordinator wants together, or apart, with the reason.

A mark changes nothing by itself; the next computation of the round holds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    MarkKind,
    Need,
    Professional,
    ProfileState,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundMark,
    RoundNeed,
)
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Code, Command, ShortText, validated
from matchmaker.services.rounds import COMPUTABLE, find

Pair = tuple[str, str]


class Mark(Command):
    """A pair, and whether it must be (pin) or must not be (ban)."""

    professional_id: Code
    role_id: Code
    kind: Annotated[str, Choice(MarkKind)]
    reason: Annotated[str, ShortText(400)] = ""


@dataclass(frozen=True)
class MarkLine:
    """A mark in words: who, on which role of which need, said by whom."""

    mark: RoundMark
    person_name: str
    role_title: str
    need_id: str
    need_title: str


@dataclass(frozen=True)
class Held:
    """What a computation holds to. ``marked`` are the pins a coordinator set."""

    pins: tuple[Pair, ...]
    bans: tuple[Pair, ...]
    marked: frozenset[Pair]


def mark(
    session: Session, *, actor: Actor, now: datetime, round_id: str, data: Mapping[str, Any]
) -> RoundMark:
    """Pin or ban a pair (``Mark``); a mark of the other kind on the same pair gives way.

    Refused: ``round_is_past`` and ``round_is_computing``; ``Invalid`` for a role outside the
    round and for a person who is not verified (``not_in_list``).
    """
    round_row = _changeable(session, actor, round_id)
    wanted = validated(Mark, data)
    _check_pair(session, round_row, wanted)
    key = (round_row.id, wanted.professional_id, wanted.role_id)
    row = session.get(RoundMark, key)
    if row is not None and (row.kind, row.reason) == (wanted.kind, wanted.reason):
        return row
    row = row or RoundMark(
        round_id=key[0], professional_id=key[1], role_id=key[2], kind=wanted.kind, created_at=now
    )
    row.kind, row.reason = wanted.kind, wanted.reason
    row.created_by, row.created_at = actor.account_id, now
    session.add(row)
    session.flush()
    _record(session, actor, now, row, f"{row.kind}_pair")
    return row


def remove(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    round_id: str,
    professional_id: str,
    role_id: str,
) -> None:
    """Take a pin or ban back; one that is gone already is left as it is."""
    round_row = _changeable(session, actor, round_id)
    row = session.get(RoundMark, (round_row.id, professional_id, role_id))
    if row is None:
        return
    session.delete(row)
    session.flush()
    _record(session, actor, now, row, "unmark_pair")


def lift_pin(session: Session, *, actor: Actor, now: datetime, proposal: Proposal) -> None:
    """End the pin of a proposed pair, where there is one: somebody has decided against it since."""
    row = session.get(RoundMark, (proposal.round_id, proposal.professional_id, proposal.role_id))
    if row is not None and row.kind == MarkKind.PIN:
        session.delete(row)
        session.flush()
        _record(session, actor, now, row, "unmark_pair")


def _changeable(session: Session, actor: Actor, round_id: str) -> Round:
    row = find(session, actor=actor, round_id=round_id)
    if row.state not in COMPUTABLE:
        computing = row.state == "computing"
        raise Conflict("round_is_computing" if computing else "round_is_past", state=row.state)
    return row


def _check_pair(session: Session, round_row: Round, wanted: Mark) -> None:
    errors = []
    person = session.get(Professional, wanted.professional_id)
    if person is None or person.state != ProfileState.VERIFIED:
        errors.append(FieldError("professional_id", "not_in_list"))
    role = session.get(Role, wanted.role_id)
    if role is None or session.get(RoundNeed, (round_row.id, role.need_id)) is None:
        errors.append(FieldError("role_id", "not_in_list"))
    if errors:
        raise Invalid(errors)


def held(session: Session, round_row: Round) -> Held:
    """The pins and bans of the next computation: marks, approved seats, rejected pairs.

    An approved seat outweighs a ban of the same pair, a pin outweighs an earlier rejection.
    """
    found = session.exec(select(RoundMark).where(RoundMark.round_id == round_row.id)).all()
    marks = {kind: {_pair(row) for row in found if row.kind == kind} for kind in MarkKind}
    decided = session.exec(
        select(Proposal).where(
            Proposal.round_id == round_row.id,
            col(Proposal.state).in_([ProposalState.APPROVED, ProposalState.REJECTED]),
        )
    ).all()
    approved = {_pair(row) for row in decided if row.state == ProposalState.APPROVED}
    rejected = {_pair(row) for row in decided if row.state == ProposalState.REJECTED}
    pins = marks[MarkKind.PIN] | approved
    bans = (marks[MarkKind.BAN] | rejected) - pins
    return Held(tuple(sorted(pins)), tuple(sorted(bans)), frozenset(marks[MarkKind.PIN]))


def _pair(row: RoundMark | Proposal) -> Pair:
    return row.professional_id, row.role_id


def listing(session: Session, round_id: str) -> list[MarkLine]:
    """Every mark of a round in words, newest first."""
    found = session.exec(
        _lines()
        .where(RoundMark.round_id == round_id)
        .order_by(col(RoundMark.created_at).desc(), col(RoundMark.professional_id))
    )
    return [MarkLine(*row) for row in found]


def line(session: Session, row: RoundMark) -> MarkLine:
    """One mark in words."""
    found = session.exec(
        _lines().where(
            RoundMark.round_id == row.round_id,
            RoundMark.professional_id == row.professional_id,
            RoundMark.role_id == row.role_id,
        )
    ).one()
    return MarkLine(*found)


def _lines() -> Any:
    return (
        wide_select(RoundMark, Professional.name, Role.title, Need.id, Need.title)
        .join(Professional, col(Professional.id) == RoundMark.professional_id)
        .join(Role, col(Role.id) == RoundMark.role_id)
        .join(Need, col(Need.id) == Role.need_id)
    )


def _record(session: Session, actor: Actor, now: datetime, row: RoundMark, act: str) -> None:
    audit.record(
        session,
        actor=actor,
        act=act,
        subject=("round", row.round_id),
        now=now,
        professional_id=row.professional_id,
        role_id=row.role_id,
    )
