"""Accounts: who a session speaks for, and what a person can do here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, literal, union_all
from sqlmodel import Session, col, select

from matchmaker.errors import NotFound
from matchmaker.models import (
    Account,
    AccountRole,
    AccountState,
    Company,
    CompanyOfficer,
    Group,
    GroupMember,
    LoginSession,
    Professional,
    StaffRole,
)
from matchmaker.services.actors import Actor

LANGUAGES = ("ja", "en")


def digest(secret: str) -> str:
    """What is kept of a random token: enough to recognise it, not to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address(email: str) -> str:
    """An e-mail address in the one form accounts are looked up by."""
    return email.strip().casefold()


def coordinators(session: Session) -> Sequence[Account]:
    """Everybody who coordinates now, by name."""
    return session.exec(
        select(Account)
        .join(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(AccountRole.role == StaffRole.COORDINATOR, Account.state == AccountState.ACTIVE)
        .order_by(col(Account.name), col(Account.id))
    ).all()


def find_actor(session: Session, *, token: str, now: datetime) -> Actor | None:
    """Whom the session token speaks for, with every role; None when it is over. Two queries."""
    found = session.exec(
        select(LoginSession, Account)
        .join(Account, col(Account.id) == col(LoginSession.account_id))
        .where(LoginSession.token_hash == digest(token))
        .where(col(LoginSession.revoked_at).is_(None), LoginSession.expires_at > now)
        .where(Account.state == AccountState.ACTIVE)
    ).first()
    if found is None:
        return None
    login, account = found
    return _actor(session, account, login)


def actor_of(session: Session, *, account_id: str) -> Actor:
    """The actor an account stands for outside a browser (commands, the demo, tests)."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account_not_found")
    return _actor(session, account, None)


def _actor(session: Session, account: Account, login: LoginSession | None) -> Actor:
    held: dict[str, set[str]] = {"staff": set(), "professional": set(), "group": set()}
    held["company"] = set()
    for kind, value in session.execute(_hats(account.id)):
        held[kind].add(value)
    return Actor(
        account_id=account.id,
        name=account.name,
        language=account.language,
        staff=frozenset(held["staff"]),
        professional_id=next(iter(held["professional"]), None),
        group_ids=frozenset(held["group"]),
        company_ids=frozenset(held["company"]),
        session_id=login.id if login else None,
        seen_at=login.last_seen_at if login else None,
    )


def _hats(account_id: str) -> Select[tuple[str, str]]:
    """Every row that points to an account, as (kind, id) in one query."""
    rows = union_all(
        select(literal("staff").label("kind"), col(AccountRole.role).label("value")).where(
            AccountRole.account_id == account_id
        ),
        select(literal("professional"), col(Professional.id)).where(
            Professional.account_id == account_id
        ),
        select(literal("group"), col(GroupMember.group_id)).where(
            GroupMember.account_id == account_id
        ),
        select(literal("company"), col(CompanyOfficer.company_id)).where(
            CompanyOfficer.account_id == account_id
        ),
    ).subquery()
    return Select(rows.c.kind, rows.c.value)


@dataclass(frozen=True)
class Hat:
    """Something a person does here: ``kind`` (professional, group, company, or a staff role)."""

    kind: str
    id: str = ""
    name: str = ""
    state: str = ""


def hats(session: Session, *, actor: Actor) -> tuple[Hat, ...]:
    """Everything the actor may speak for, staff roles last, with names for the page."""
    worn: list[Hat] = []
    if actor.professional_id:
        person = session.get_one(Professional, actor.professional_id)
        worn.append(Hat("professional", person.id, person.name, person.state))
    if actor.group_ids:
        groups = session.exec(
            select(Group).where(col(Group.id).in_(actor.group_ids)).order_by(Group.name, Group.id)
        )
        worn += [Hat("group", group.id, group.name, group.state) for group in groups]
    if actor.company_ids:
        companies = session.exec(
            select(Company)
            .where(col(Company.id).in_(actor.company_ids))
            .order_by(Company.name, Company.id)
        )
        worn += [Hat("company", company.id, company.name) for company in companies]
    worn += [Hat(role) for role in ("coordinator", "city", "admin") if role in actor.staff]
    return tuple(worn)
