"""The secret address under which somebody's calendar is read: made, made anew, taken back."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlmodel import Session, col, delete, select

from matchmaker.errors import NotFound
from matchmaker.models import Account, AccountState, CalendarFeed
from matchmaker.services import accounts, audit
from matchmaker.services.accounts import digest
from matchmaker.services.actors import Actor


def of_actor(session: Session, *, actor: Actor) -> CalendarFeed | None:
    """The actor's feed, without its address, which nobody can read again."""
    return session.exec(
        select(CalendarFeed).where(CalendarFeed.account_id == (actor.account_id or ""))
    ).first()


def make(session: Session, *, actor: Actor, now: datetime) -> str:
    """A fresh token for the address; the one before stops working. Shown once.

    Refused: ``account_not_found`` for a visitor.
    """
    account_id = _account(actor)
    _drop(session, account_id)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(account_id=account_id, token_hash=digest(token), created_at=now))
    session.flush()
    audit.record(
        session, actor=actor, act="calendar_made", subject=("account", account_id), now=now
    )
    return token


def revoke(session: Session, *, actor: Actor, now: datetime) -> None:
    """The address stops working. Refused: ``account_not_found`` for a visitor."""
    account_id = _account(actor)
    if of_actor(session, actor=actor) is None:
        return
    _drop(session, account_id)
    audit.record(
        session, actor=actor, act="calendar_revoked", subject=("account", account_id), now=now
    )


def reader(session: Session, *, token: str) -> Actor:
    """Whose calendar an address shows. Refused: ``calendar_not_found`` for an unknown or revoked
    one, and once the account is closed."""
    account_id = session.exec(
        select(CalendarFeed.account_id)
        .join(Account, col(Account.id) == CalendarFeed.account_id)
        .where(CalendarFeed.token_hash == digest(token), Account.state == AccountState.ACTIVE)
    ).first()
    if account_id is None:
        raise NotFound("calendar_not_found")
    return accounts.actor_of(session, account_id=account_id)


def _account(actor: Actor) -> str:
    if actor.account_id is None:
        raise NotFound("account_not_found")
    return actor.account_id


def _drop(session: Session, account_id: str) -> None:
    session.execute(delete(CalendarFeed).where(col(CalendarFeed.account_id) == account_id))
