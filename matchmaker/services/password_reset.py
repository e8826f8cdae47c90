"""A forgotten password, and a changed one: every browser is signed out, the owner is told."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from matchmaker.errors import FieldError, Invalid
from matchmaker.models import Account, AccountState, TokenPurpose
from matchmaker.services import audit, notices, passwords, sign_in, tokens
from matchmaker.services.accounts import address
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, EmailText
from matchmaker.services.sign_up import once

RESET = (TokenPurpose.RESET_PASSWORD,)


class Forgotten(Command):
    """The address whose password is forgotten."""

    email: EmailText


def ask(session: Session, *, language: str, now: datetime, command: Forgotten) -> None:
    """Queue a link for an address. The same is queued for an unknown one; no mail leaves then."""
    email = address(command.email)
    known = session.exec(select(Account).where(Account.email == email)).first()
    unfinished = known is not None and not known.password_hash
    code = "verify_email" if unfinished else "reset_password"
    notices.tell_address(
        session,
        email=email,
        language=known.language if known else language,
        code=code,
        dedupe_key=once(code, email, now),
        now=now,
        name=known.name if known else "",
        door="",
    )


def waiting(session: Session, *, token: str, now: datetime) -> Account:
    """The account a link is for. Refused: ``link_not_valid``."""
    return tokens.look_up(session, token=token, purposes=RESET, now=now)[0]


def finish(
    session: Session, *, token: str, password: str, now: datetime, cheap: bool = False
) -> Account:
    """Keep the new password and sign the account out everywhere. ``cheap`` hashes for tests."""
    account = waiting(session, token=token, now=now)
    passwords.refuse_weak(password, email=account.email)
    account, _row = tokens.redeem(session, token=token, purposes=RESET, now=now)
    _keep(session, account, password, now=now, cheap=cheap)
    actor = Actor(account_id=account.id)
    sign_in.end_other_sessions(session, actor=actor, now=now)
    sign_in.clear_tries(session, email=account.email, now=now)
    return account


def change(
    session: Session, *, actor: Actor, old: str, new: str, now: datetime, cheap: bool = False
) -> None:
    """Change one's own password; other browsers are signed out. Refused: ``password_wrong``."""
    account = session.get_one(Account, actor.account_id)
    if not passwords.matches(old, account.password_hash):
        raise Invalid([FieldError("old", "password_wrong")])
    passwords.refuse_weak(new, email=account.email, field="new")
    _keep(session, account, new, now=now, cheap=cheap)
    sign_in.end_other_sessions(session, actor=actor, now=now, keep=actor.session_id)


def _keep(session: Session, account: Account, password: str, *, now: datetime, cheap: bool) -> None:
    assert account.state == AccountState.ACTIVE
    account.password_hash = passwords.hashed(password, cheap=cheap)
    account.version += 1
    session.add(account)
    session.flush()
    tokens.revoke(session, account_id=account.id, purposes=RESET, now=now)
    notices.tell(
        session,
        to=account,
        code="password_changed",
        dedupe_key=f"password_changed:{account.id}:{account.version}",
        now=now,
        name=account.name,
    )
    audit.record(
        session,
        actor=Actor(account_id=account.id),
        act="password_changed",
        subject=("account", account.id),
        now=now,
    )
