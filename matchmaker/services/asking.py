"""Asking first: a question to the coordinators before an offer or a team is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from sqlmodel import Session

from matchmaker.errors import Conflict
from matchmaker.models import Account, Need, Round
from matchmaker.services import accounts, audit, notices
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, LongText, validated
from matchmaker.services.replies import find_need, find_offer


class Question(Command):
    """What somebody wants to know before they answer."""

    text: Annotated[str, LongText(1000, 1)]


def ask_about_offer(
    session: Session, *, actor: Actor, now: datetime, proposal_id: str, data: Mapping[str, Any]
) -> int:
    """Mail a professional's question to the round's coordinator; returns how many it reaches."""
    proposal = find_offer(session, actor=actor, proposal_id=proposal_id)
    wanted = validated(Question, data)
    need = session.get_one(Need, proposal.need_id)
    return _ask(
        session, actor, now, need, proposal.round_id, wanted.text, ("proposal", proposal_id)
    )


def ask_about_team(
    session: Session, *, actor: Actor, now: datetime, need_id: str, data: Mapping[str, Any]
) -> int:
    """Mail a group's question about its proposed team; returns how many it reaches."""
    need = find_need(session, actor=actor, need_id=need_id)
    wanted = validated(Question, data)
    return _ask(session, actor, now, need, "", wanted.text, ("need", need_id))


def _ask(
    session: Session,
    actor: Actor,
    now: datetime,
    need: Need,
    round_id: str,
    text: str,
    subject: tuple[str, str],
) -> int:
    asker = session.get(Account, actor.account_id)
    if asker is None:
        raise Conflict("sign_in_first")
    told = coordinators_of(session, round_id)
    mark = sha256(text.encode()).hexdigest()[:16]
    for each in told:
        notices.tell(
            session,
            to=each,
            code="question",
            dedupe_key=f"question:{subject[1]}:{mark}:{each.id}",
            now=now,
            name=each.name,
            need=need.title,
            need_id=need.id,
            asker=asker.name,
            asker_email=asker.email,
            text=text,
        )
    audit.record(session, actor=actor, act="ask_first", subject=subject, now=now)
    return len(told)


def coordinators_of(session: Session, round_id: str) -> list[Account]:
    """Whoever made the round, if they still coordinate; else every coordinator."""
    every = accounts.coordinators(session)
    row = session.get(Round, round_id) if round_id else None
    author = [each for each in every if row is not None and each.id == row.created_by]
    return author or list(every)
