"""Signing in and out: failures counted for each address, sessions that can be ended anywhere."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from matchmaker.errors import FieldError, Invalid, NotFound, Refusal
from matchmaker.models import Account, AccountState, LoginSession, SignInFailure
from matchmaker.services import audit, passwords
from matchmaker.services.accounts import address, digest
from matchmaker.services.actors import Actor

TRIES, WINDOW = 5, timedelta(minutes=15)
IDLE, LONGEST = timedelta(days=14), timedelta(days=90)
NOTED_EVERY = timedelta(minutes=10)


class TooManyTries(Refusal):
    """The address has failed too often; ``params["minutes"]`` says how long to wait."""


def begin_try(session: Session, *, email: str, now: datetime) -> int:
    """Note one try for an address before its password is looked at; commit it at once.

    Noted first and counted afterwards (``refuse_too_many``), so that however many tries run at
    the same time, no more than ``TRIES`` of them get to see a password checked.
    """
    row = SignInFailure(email_hash=digest(address(email)), at=now)
    session.add(row)
    session.flush()
    return row.id or 0


def refuse_too_many(session: Session, *, email: str, try_id: int, now: datetime) -> None:
    """Refuse (``too_many_tries``, minutes) when more than ``TRIES`` failed in the last minutes."""
    times = session.exec(
        select(SignInFailure.at)
        .where(SignInFailure.email_hash == digest(address(email)))
        .where(SignInFailure.at > now - WINDOW, SignInFailure.id != try_id)
        .order_by(col(SignInFailure.at).desc(), col(SignInFailure.id).desc())
        .limit(TRIES)
    ).all()
    if len(times) >= TRIES:
        left = times[-1] + WINDOW - now
        raise TooManyTries("too_many_tries", minutes=max(1, math.ceil(left / timedelta(minutes=1))))


def drop_try(session: Session, *, try_id: int) -> None:
    """Forget a try that was refused unseen, so that waiting does not start anew with each."""
    session.exec(delete(SignInFailure).where(col(SignInFailure.id) == try_id))


def clear_tries(session: Session, *, email: str, now: datetime) -> None:
    """Forget an address's failed tries, and everybody's that no longer count."""
    mine = col(SignInFailure.email_hash) == digest(address(email))
    session.exec(delete(SignInFailure).where(mine | (col(SignInFailure.at) <= now - WINDOW)))


def find_account(session: Session, *, email: str) -> Account | None:
    """The account of an address that may sign in, or None."""
    return session.exec(
        select(Account).where(
            Account.email == address(email),
            Account.state == AccountState.ACTIVE,
            col(Account.email_verified_at).is_not(None),
        )
    ).first()


def check_password(account: Account | None, password: str) -> Account:
    """``account`` when the password is its own, else ``sign_in_failed``; always the same work."""
    if not passwords.matches(password, account.password_hash if account else None) or not account:
        raise Invalid([FieldError("password", "sign_in_failed")], code="sign_in_failed")
    return account


def open_session(session: Session, *, account_id: str, now: datetime, user_agent: str = "") -> str:
    """Sign a browser in; returns the token for its cookie."""
    account = session.get_one(Account, account_id)
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        account_id=account_id,
        token_hash=digest(token),
        user_agent=user_agent[:200],
        created_at=now,
        last_seen_at=now,
        expires_at=now + IDLE,
    )
    session.add(row)
    session.flush()
    clear_tries(session, email=account.email, now=now)
    audit.record(
        session,
        actor=Actor(account_id=account_id),
        act="sign_in",
        subject=("account", account_id),
        now=now,
        login=row.id,
    )
    return token


def note_use(session: Session, *, session_id: str, now: datetime) -> None:
    """Keep a used session alive: ``IDLE`` from now, ``LONGEST`` from its start at most."""
    row = session.get(LoginSession, session_id)
    if row is not None:
        row.last_seen_at = now
        row.expires_at = min(now + IDLE, row.created_at + LONGEST)
        session.add(row)
        session.flush()


@dataclass(frozen=True)
class OpenSession:
    """A browser that is signed in, for the page "where you are signed in"."""

    id: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


def open_sessions(session: Session, *, actor: Actor, now: datetime) -> list[OpenSession]:
    """The actor's signed-in browsers, this one first, then the latest used."""
    rows = session.exec(
        select(LoginSession)
        .where(LoginSession.account_id == actor.account_id)
        .where(col(LoginSession.revoked_at).is_(None), LoginSession.expires_at > now)
        .order_by(col(LoginSession.last_seen_at).desc(), col(LoginSession.id))
    )
    listed = [
        OpenSession(
            row.id, row.user_agent, row.created_at, row.last_seen_at, row.id == actor.session_id
        )
        for row in rows
    ]
    return sorted(listed, key=lambda entry: not entry.current)


def end_session(session: Session, *, actor: Actor, session_id: str, now: datetime) -> None:
    """Sign one of the actor's own browsers out; doing it twice is doing it once."""
    row = session.get(LoginSession, session_id)
    if row is None or row.account_id != actor.account_id:
        raise NotFound("session_not_found")
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(row)
        audit.record(
            session,
            actor=actor,
            act="sign_out",
            subject=("account", row.account_id),
            now=now,
            login=row.id,
        )


def end_other_sessions(
    session: Session, *, actor: Actor, now: datetime, keep: str | None = None
) -> int:
    """Sign the actor's browsers out everywhere but in ``keep``; returns how many were."""
    ended = session.exec(
        update(LoginSession)
        .where(col(LoginSession.account_id) == actor.account_id)
        .where(col(LoginSession.revoked_at).is_(None), col(LoginSession.id) != (keep or ""))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount:
        audit.record(
            session,
            actor=actor,
            act="sign_out_others",
            subject=("account", actor.account_id or ""),
            now=now,
            count=ended.rowcount,
        )
    return int(ended.rowcount)
