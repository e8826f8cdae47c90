"""A company's own sign-on (OpenID Connect): its settings, and whom its provider vouches for.

Somebody is the pair of issuer and subject. An address is believed only where the provider has
verified it and it ends with a domain of that company; it never opens an account that exists.
Staff accounts cannot be entered this way: a company's provider must not make coordinators.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Refusal
from matchmaker.models import (
    Account,
    AccountRole,
    AccountState,
    Company,
    CompanySignOn,
    JoinWay,
    SignOnIdentity,
)
from matchmaker.services import audit, consents, joining
from matchmaker.services.accounts import address
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, EmailText, Flag, ShortText, Whole, validated

HERE = ("127.0.0.1", "localhost")


class Settings(Command):
    """The provider as the company names it; a blank ``secret`` keeps the one that is stored."""

    issuer: Annotated[str, ShortText(250, 1)]
    client_id: Annotated[str, ShortText(250, 1)]
    secret: Annotated[str, ShortText(120)] = ""
    active: Flag = False
    version: Annotated[int, Whole(0, 999_999_999)] = 0


class AtWork(Command):
    """The address somebody has at work."""

    email: EmailText


@dataclass(frozen=True)
class Vouched:
    """Whom a provider has signed in. ``email`` only where the provider verified it."""

    company_id: str
    issuer: str
    subject: str
    email: str = ""
    name: str = ""


def settings_of(session: Session, *, actor: Actor, company_id: str) -> CompanySignOn | None:
    """The settings, for a coordinator; refused: ``coordinators_only``."""
    require_coordinator(actor)
    return session.get(CompanySignOn, company_id)


def configure(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    company_id: str,
    data: Mapping[str, Any],
    keys: Sequence[str],
) -> CompanySignOn:
    """Keep a company's provider (``Settings``); the secret is encrypted with the first of ``keys``.

    Refused: ``coordinators_only``, ``company_not_found``, ``changed_meanwhile``;
    ``not_an_https_url`` for an issuer that is not reached by https.
    """
    require_coordinator(actor)
    if session.get(Company, company_id) is None:
        raise NotFound("company_not_found")
    wanted = validated(Settings, data)
    parts = urlsplit(wanted.issuer)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if not safe or not parts.hostname or parts.query or parts.fragment:
        raise Invalid([FieldError("issuer", "not_an_https_url")])
    row = session.get(CompanySignOn, company_id)
    if (row.version if row else 0) != wanted.version:
        raise Conflict("changed_meanwhile")
    row = row or CompanySignOn(
        company_id=company_id, issuer="", client_id="", changed_at=now, version=0
    )
    row.issuer, row.client_id, row.active = wanted.issuer, wanted.client_id, wanted.active
    if wanted.secret:
        row.secret = _box(keys).encrypt(wanted.secret.encode()).decode()
    row.changed_by, row.changed_at = actor.account_id, now
    row.version += 1
    session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, act="configure_sign_on", subject=("company", company_id), now=now,
        active=row.active, secret=bool(wanted.secret),
    )  # fmt: skip
    return row


def provider(session: Session, *, company_id: str) -> tuple[Company, CompanySignOn]:
    """A company whose sign-on can be used; refused: ``sign_on_not_found``."""
    found = session.exec(
        select(Company, CompanySignOn)
        .join(CompanySignOn, col(CompanySignOn.company_id) == Company.id)
        .where(Company.id == company_id, col(CompanySignOn.active).is_(True))
    ).first()
    if found is None:
        raise NotFound("sign_on_not_found")
    return found


def anywhere(session: Session) -> bool:
    """Whether any company has a sign-on in use."""
    return session.exec(select(CompanySignOn).where(col(CompanySignOn.active))).first() is not None


def company_for(session: Session, *, data: Mapping[str, Any]) -> Company:
    """The company to sign in through (``AtWork``); ``no_sign_on`` beside an address of none."""
    company = joining.company_of_domain(session, address(validated(AtWork, data).email))
    row = session.get(CompanySignOn, company.id) if company else None
    if company is None or row is None or not row.active:
        raise Invalid([FieldError("email", "no_sign_on")])
    return company


def secret_of(row: CompanySignOn, *, keys: Sequence[str], outside: Mapping[str, str]) -> str:
    """The provider's secret: from ``outside`` (company → secret) first, else decrypted with the
    first of ``keys`` that fits. Refused: ``secret_not_readable``."""
    from cryptography.fernet import InvalidToken

    if row.company_id in outside:
        return outside[row.company_id]
    if not row.secret:
        return ""
    try:
        return str(_box(keys).decrypt(row.secret.encode()).decode())
    except InvalidToken:
        raise Refusal("secret_not_readable") from None


def enter(session: Session, *, now: datetime, who: Vouched) -> str | None:
    """The account behind an identity, None while there is none. Refused:
    ``sign_on_not_for_staff``, ``account_closed_here``."""
    row = session.get(SignOnIdentity, (who.issuer, who.subject))
    if row is None or row.company_id != who.company_id:
        return None
    account = session.get_one(Account, row.account_id)
    if account.state != AccountState.ACTIVE:
        raise Forbidden("account_closed_here")
    _refuse_staff(session, account.id)
    row.last_used_at = now
    session.add(row)
    session.flush()
    return account.id


def tie(session: Session, *, actor: Actor, now: datetime, who: Vouched) -> Company:
    """From now on this identity enters the actor's account, who joins the company.

    Refused: ``sign_in_first``, ``sign_on_not_for_staff``, ``sign_on_taken`` by another account.
    """
    if actor.account_id is None:
        raise Forbidden("sign_in_first")
    _refuse_staff(session, actor.account_id)
    company = session.get_one(Company, who.company_id)
    known = session.get(SignOnIdentity, (who.issuer, who.subject))
    if known is not None and known.account_id != actor.account_id:
        raise Conflict("sign_on_taken")
    if known is None:
        session.add(
            SignOnIdentity(
                issuer=who.issuer,
                subject=who.subject,
                account_id=actor.account_id,
                company_id=who.company_id,
                created_at=now,
                last_used_at=now,
            )
        )
        session.flush()
        audit.record(
            session, actor=actor, act="tie_sign_on", subject=("account", actor.account_id), now=now,
            company=who.company_id,
        )  # fmt: skip
    joining.join(session, actor=actor, now=now, company=company, way=JoinWay.SIGN_ON)
    return company


def open_account(
    session: Session, *, now: datetime, who: Vouched, language: str, agreed: bool
) -> Account:
    """Open an account for somebody the provider vouches for, without a password, and tie it.

    Refused: ``must_agree``; ``address_not_of_company``; ``email_has_account`` (its owner signs in
    as ever, then ties it).
    """
    if not agreed:
        raise Invalid([FieldError("terms", "must_agree")])
    email = address(who.email)
    company = joining.company_of_domain(session, email) if email else None
    if company is None or company.id != who.company_id:
        raise Forbidden("address_not_of_company")
    if session.exec(select(Account.id).where(Account.email == email)).first():
        raise Conflict("email_has_account")
    account = Account(
        email=email,
        name=who.name[:80] or email.partition("@")[0],
        language=language,
        email_verified_at=now,
        created_at=now,
    )
    session.add(account)
    session.flush()
    actor = Actor(account_id=account.id)
    consents.accept_terms(session, actor=actor, account_id=account.id, now=now)
    tie(session, actor=actor, now=now, who=who)
    audit.record(
        session, actor=actor, act="account_opened", subject=("account", account.id), now=now
    )
    return account


def _refuse_staff(session: Session, account_id: str) -> None:
    if session.exec(select(AccountRole).where(AccountRole.account_id == account_id)).first():
        raise Forbidden("sign_on_not_for_staff")


def _box(keys: Sequence[str]) -> Any:
    """Encrypts with the first key, decrypts with any; keys are any texts."""
    from cryptography.fernet import Fernet, MultiFernet

    made = [base64.urlsafe_b64encode(hashlib.sha256(b"sign-on:" + key.encode()).digest())
            for key in keys]  # fmt: skip
    return MultiFernet([Fernet(key) for key in made])
