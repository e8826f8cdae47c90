"""A person's own details: name, reading, language, and a new e-mail address proven by a link."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import update
from sqlmodel import Session, col, select

from matchmaker.errors import FieldError, Invalid, NotFound
from matchmaker.models import Account, Professional, TokenPurpose
from matchmaker.services import audit, notices, passwords, tokens
from matchmaker.services.accounts import address
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, EmailText, Kana, ShortText, Version
from matchmaker.services.sign_up import once
from matchmaker.services.versions import claim

CHANGE = (TokenPurpose.CHANGE_EMAIL,)


class Details(Command):
    """What a person may change without proof."""

    name: Annotated[str, ShortText(80)]
    kana: Kana = ""
    language: Annotated[str, Choice(("ja", "en"))] = "ja"
    version: Version


class NewEmail(Command):
    """A new address, and the password as proof of who asks."""

    email: EmailText
    password: str


def own(session: Session, *, actor: Actor) -> Account:
    """The actor's account."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound("account_not_found")
    return account


def change(session: Session, *, actor: Actor, now: datetime, command: Details) -> Account:
    """Keep new details. Refused: ``changed_meanwhile`` when another window was first."""
    account = own(session, actor=actor)
    claim(session, account, command.version)
    account.name, account.kana, account.language = command.name, command.kana, command.language
    session.add(account)
    session.flush()
    audit.record(
        session, actor=actor, act="details_changed", subject=("account", account.id), now=now
    )
    return account


def ask_new_email(session: Session, *, actor: Actor, now: datetime, command: NewEmail) -> None:
    """Mail a link to the new address; until it is used nothing changes.

    Refused: ``password_wrong``, ``email_same``. An address that has an account already gets a
    mail saying so, and the answer here is the same.
    """
    account = own(session, actor=actor)
    if not passwords.matches(command.password, account.password_hash):
        raise Invalid([FieldError("password", "password_wrong")])
    email = address(command.email)
    if email == account.email:
        raise Invalid([FieldError("email", "email_same")])
    offer_new_email(session, account=account, email=email, now=now)


def offer_new_email(session: Session, *, account: Account, email: str, now: datetime) -> None:
    """Mail a link to an address that somebody may use from now on; one that has an account already
    is told so."""
    taken = session.exec(select(Account.id).where(Account.email == email)).first()
    code = "email_exists" if taken else "change_email"
    notices.tell_address(
        session,
        email=email,
        language=account.language,
        account_id=None if taken else account.id,
        code=code,
        dedupe_key=once(code, email, now),
        now=now,
        name=account.name,
        door="",
    )


def waiting_email(session: Session, *, token: str, now: datetime) -> str:
    """The new address a link confirms. Refused: ``link_not_valid``."""
    return tokens.look_up(session, token=token, purposes=CHANGE, now=now)[1].email


def confirm_new_email(session: Session, *, token: str, now: datetime) -> Account:
    """Sign in by the new address from now on; the old one is told. Refused: ``link_not_valid``."""
    account, row = tokens.redeem(session, token=token, purposes=CHANGE, now=now)
    if session.exec(select(Account.id).where(Account.email == row.email)).first():
        raise NotFound("link_not_valid")  # somebody opened an account there meanwhile
    old = account.email
    account.email, account.email_verified_at = row.email, now
    account.version += 1
    session.add(account)
    session.flush()
    session.execute(
        update(Professional)
        .where(col(Professional.account_id) == account.id, col(Professional.email) == old)
        .values(email=row.email)
    )
    notices.readdress(session, old=old, new=row.email, now=now)
    notices.tell_address(
        session,
        email=old,
        language=account.language,
        account_id=account.id,
        code="email_changed",
        dedupe_key=f"email_changed:{account.id}:{account.version}",
        now=now,
        name=account.name,
    )
    audit.record(
        session,
        actor=Actor(account_id=account.id),
        act="email_changed",
        subject=("account", account.id),
        now=now,
    )
    return account
