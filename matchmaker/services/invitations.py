"""Inviting people who cannot sign themselves up: company officers, the city, coordinators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlmodel import Session, select

from matchmaker.errors import FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Account,
    AccountRole,
    AccountState,
    Company,
    CompanyOfficer,
)
from matchmaker.services import audit, notices
from matchmaker.services.accounts import address
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, EmailText, ShortText
from matchmaker.services.sign_up import once


class Invite(Command):
    """Whom to invite as what; ``company_id`` only for ``company``."""

    role: Annotated[str, Choice(("company", "coordinator", "city", "admin"))]
    name: Annotated[str, ShortText(80)]
    email: EmailText
    company_id: str = ""
    language: Annotated[str, Choice(("ja", "en"))] = "ja"


def invite(session: Session, *, actor: Actor, now: datetime, command: Invite) -> Account:
    """Give an address a role; who has no account yet gets a link to open it.

    Coordinators invite company officers, administrators everybody. Refused: ``may_not_invite``,
    ``company_not_found``, ``account_closed``. Inviting twice changes nothing more.
    """
    if not (actor.admin or (actor.coordinator and command.role == "company")):
        raise Forbidden("may_not_invite")
    company = session.get(Company, command.company_id) if command.role == "company" else None
    if command.role == "company" and company is None:
        raise NotFound("company_not_found")
    account = account_for(
        session,
        actor=actor,
        now=now,
        email=command.email,
        name=command.name,
        language=command.language,
        role=command.role,
        body=company.name if company else "",
    )
    if _hold(session, account, command):
        audit.record(
            session,
            actor=actor,
            act="role_given",
            subject=("account", account.id),
            now=now,
            role=command.role,
            company=command.company_id or None,
        )
    return account


def account_for(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    email: str,
    name: str,
    language: str = "ja",
    role: str = "",
    body: str = "",
) -> Account:
    """The account of an address, made when there is none, and a mail to its owner.

    ``role`` and ``body`` (whom they act for) are named in the mail. An account that was opened
    gets ``role_given``, any other ``invite`` with a link to choose a password.
    """
    email = address(email)
    account = session.exec(select(Account).where(Account.email == email)).first()
    if account is None:
        account = Account(email=email, name=name, language=language, created_at=now)
        session.add(account)
        session.flush()
    if account.state != AccountState.ACTIVE:
        raise Invalid([FieldError("email", "account_closed")])
    code = "role_given" if account.password_hash else "invite"
    notices.tell(
        session,
        to=account,
        code=code,
        dedupe_key=once(f"{code}:{role}", email, now),
        now=now,
        name=account.name,
        inviter=actor.name,
        role=role,
        body=body,
    )
    return account


def _hold(session: Session, account: Account, command: Invite) -> bool:
    """Give the role; False when it was held already."""
    row: AccountRole | CompanyOfficer
    if command.role == "company":
        if session.get(CompanyOfficer, (command.company_id, account.id)):
            return False
        row = CompanyOfficer(company_id=command.company_id, account_id=account.id)
    else:
        if session.get(AccountRole, (account.id, command.role)):
            return False
        row = AccountRole(account_id=account.id, role=command.role)
    session.add(row)
    session.flush()
    return True
