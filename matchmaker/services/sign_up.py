"""Opening an account: an address is asked for, proven by a mailed link, then a password chosen.

Whoever asks gets the same answer, and the same work is done, whether or not the address is known.
The password is chosen behind the link, so nobody can prepare an account for somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlmodel import Session, select

from matchmaker.errors import FieldError, Invalid
from matchmaker.models import Account, AccountState, TokenPurpose
from matchmaker.services import audit, consents, notices, passwords, tokens
from matchmaker.services.accounts import address, digest
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, EmailText, ShortText
from matchmaker.services.sign_in import clear_tries

OPENING = (TokenPurpose.VERIFY_EMAIL, TokenPurpose.INVITE)
MAIL_EVERY = 600  # seconds within which the same mail to the same address is sent once


class SignUp(Command):
    """Who asks for an account, which door they came through, and by which company's link."""

    door: Annotated[str, Choice(("professional", "group"))]
    name: Annotated[str, ShortText(80)]
    email: EmailText
    join: Annotated[str, ShortText(64)] = ""


def once(kind: str, email: str, now: datetime) -> str:
    """A key that lets one mail of a kind to an address through every ten minutes."""
    return f"{kind}:{digest(email)[:40]}:{int(now.timestamp()) // MAIL_EVERY}"


def ask(session: Session, *, language: str, now: datetime, command: SignUp) -> None:
    """Mail a link to an address: to finish signing up, or, when it has an account, to sign in."""
    email = address(command.email)
    known = session.exec(select(Account).where(Account.email == email)).first()
    code = "verify_email"
    if known is None:
        known = Account(email=email, name=command.name, language=language, created_at=now)
        session.add(known)
        session.flush()
    elif known.password_hash or known.state != AccountState.ACTIVE:
        code = "email_exists"
    else:
        known.name, known.language = command.name, language
        session.add(known)
        session.flush()
    notices.tell_address(
        session,
        email=email,
        language=language,
        code=code,
        dedupe_key=once(code, email, now),
        now=now,
        name=command.name,
        door=command.door,
        join=command.join,
    )


def waiting(session: Session, *, token: str, now: datetime) -> Account:
    """The account a link opens. Refused: ``link_not_valid``."""
    return tokens.look_up(session, token=token, purposes=OPENING, now=now)[0]


def finish(
    session: Session, *, token: str, password: str, agreed: bool, now: datetime, cheap: bool = False
) -> Account:
    """Open the account behind a link: address proven, password kept, terms agreed to.

    Refused: ``link_not_valid``, a weak password (``passwords.refuse_weak``), terms not agreed to
    (``must_agree``). ``cheap`` hashes for tests.
    """
    account = waiting(session, token=token, now=now)
    if not agreed:
        raise Invalid([FieldError("terms", "must_agree")])
    passwords.refuse_weak(password, email=account.email)
    account, _row = tokens.redeem(session, token=token, purposes=OPENING, now=now)
    account.password_hash = passwords.hashed(password, cheap=cheap)
    account.email_verified_at = now
    account.version += 1
    session.add(account)
    session.flush()
    actor = Actor(account_id=account.id)
    consents.accept_terms(session, actor=actor, account_id=account.id, now=now)
    clear_tries(session, email=account.email, now=now)
    notices.tell(
        session, to=account, code="welcome", dedupe_key=f"welcome:{account.id}", now=now,
        name=account.name,
    )  # fmt: skip
    audit.record(
        session, actor=actor, act="account_opened", subject=("account", account.id), now=now
    )
    return account
