"""Ready accounts of the demonstration: one for every role, and one for every contact of a group."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from matchmaker.models import (
    Account,
    AccountRole,
    Company,
    CompanyOfficer,
    Consent,
    Group,
    GroupMember,
    MemberRole,
    Need,
    Professional,
    Proposal,
    StaffRole,
)
from matchmaker.services import consents, demo_people, passwords
from matchmaker.services.actors import Actor

STAFF = {
    "coordinator": ("伊藤 直美", "いとう なおみ", StaffRole.COORDINATOR),
    "city": ("早川 誠一", "はやかわ せいいち", StaffRole.CITY),
    "admin": ("管理 太郎", "かんり たろう", StaffRole.ADMIN),
}


def add_staff(session: Session, *, now: datetime) -> Account:
    """Add coordinator, city officer and administrator; returns the coordinator."""
    password = passwords.hashed(demo_people.PASSWORD)
    made = {}
    for name, (person, kana, role) in STAFF.items():
        made[name] = _account(session, name, person, kana, password, now)
        session.add(AccountRole(account_id=made[name].id, role=role))
    session.flush()
    return made["coordinator"]


def add_people(session: Session, *, now: datetime) -> None:
    """Give a matched professional, their need's group and a reporting company an account each.

    They are taken from the round that was just computed, so that every step of the story has
    something to show: an offer, a team to answer, participation to read.
    """
    password = session.exec(
        select(Account.password_hash).where(Account.email == demo_people.address("coordinator"))
    ).one()
    best = session.exec(
        select(Proposal, Professional)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(col(Professional.company_id).is_not(None))
        .order_by(col(Proposal.score).desc(), col(Proposal.id))
    ).first()
    if best is None:
        return
    proposal, professional = best
    account = _account(session, "professional", professional.name, professional.kana, password, now)
    professional.account_id, professional.email = account.id, account.email
    _add_group(session, proposal.need_id, password, now)
    _add_company(session, password, now)
    session.flush()


def _add_group(session: Session, need_id: str, password: str, now: datetime) -> None:

    group = session.exec(
        select(Group).join(Need, col(Need.group_id) == Group.id).where(Need.id == need_id)
    ).one()
    contact = _account(session, "group", "中村 和子", "なかむら かずこ", password, now)
    session.add(
        GroupMember(
            group_id=group.id, account_id=contact.id, role=MemberRole.CONTACT, joined_at=now
        )
    )
    group.contact_name, group.contact_email = contact.name, contact.email


def _add_company(session: Session, password: str, now: datetime) -> None:
    company = session.exec(
        select(Company)
        .join(Consent, col(Consent.company_id) == Company.id)
        .where(col(Consent.withdrawn_at).is_(None))
        .group_by(col(Company.id))
        .order_by(func.count().desc(), col(Company.id))
    ).first()
    if company is None:
        return
    officer = _account(session, "company", "小林 恵", "こばやし めぐみ", password, now)
    session.add(CompanyOfficer(company_id=company.id, account_id=officer.id))


def _account(
    session: Session, role: str, name: str, kana: str, password: str, now: datetime
) -> Account:
    account = Account(
        email=demo_people.address(role),
        password_hash=password,
        name=name,
        kana=kana,
        email_verified_at=now,
        created_at=now,
    )
    session.add(account)
    session.flush()
    consents.accept_terms(
        session, actor=Actor(account_id=account.id), account_id=account.id, now=now
    )
    return account
