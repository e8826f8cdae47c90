"""Ready accounts of the demonstration: one for every role."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlmodel import Session, col, func, select

from matchmaker.db import wide_select
from matchmaker.models import (
    Account,
    AccountRole,
    CompanyOfficer,
    Consent,
    ConsentPurpose,
    Group,
    GroupMember,
    MemberRole,
    Need,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Role,
    StaffRole,
)
from matchmaker.services import consents, demo_people, passwords
from matchmaker.services.actors import Actor
from matchmaker.services.consent_texts import newest

LOOKED_BACK_ON = (ProjectState.EVALUATED, ProjectState.FOLLOWED_UP)
STAFF = {
    "coordinator": ("伊藤 直美", "いとう なおみ", StaffRole.COORDINATOR),
    "city": ("早川 誠一", "はやかわ せいいち", StaffRole.CITY),
    "admin": ("管理 太郎", "かんり たろう", StaffRole.ADMIN),
}


def add_staff(session: Session, *, now: datetime) -> dict[str, Account]:
    """Add coordinator, city officer and administrator; returns them by these names."""
    made = {}
    for name, (person, kana, role) in STAFF.items():
        made[name] = add_account(session, demo_people.address(name), person, kana, now)
        session.add(AccountRole(account_id=made[name].id, role=role))
    session.flush()
    return made


def add_people(session: Session, *, now: datetime) -> None:
    """Give a matched professional, their need's group and their employer's officer a ready account.

    They are taken from the round that was just computed, so that the whole story can be played
    by one reader: a need for one person, whose employer has never taken part before, and of these
    whoever has most to look back on. Who has an account already keeps it under the ready address.
    """
    newcomers = _newcomers(session)
    alone = [(proposal, person) for proposal, person, _ in session.execute(_alone_in_a_need())]
    pairs = [pair for pair in alone if not pair[1].company_id or pair[1].company_id in newcomers]
    free = pairs if newcomers and pairs else [pair for pair in alone if pair[1].company_id]
    if not free:
        return
    proposal, professional = free[0]
    professional.company_id = professional.company_id or newcomers[0]
    account = _ready(
        session, "professional", professional.account_id, professional.name, professional.kana, now
    )
    professional.account_id, professional.email = account.id, account.email
    _let_employer_read(session, professional.id, professional.company_id, now)
    _add_group(session, proposal.need_id, professional.id, now)
    _add_officer(session, professional.company_id, now)
    session.flush()


def _let_employer_read(
    session: Session, professional_id: str, company_id: str, now: datetime
) -> None:
    """The consent to be named in the employer's report; in a big city it may be there already."""
    given = session.exec(
        select(Consent).where(
            Consent.professional_id == professional_id,
            Consent.company_id == company_id,
            Consent.purpose == ConsentPurpose.EMPLOYER_REPORT,
        )
    ).first()
    consent = given or Consent(
        professional_id=professional_id,
        company_id=company_id,
        purpose=ConsentPurpose.EMPLOYER_REPORT,
        text_version=newest(ConsentPurpose.EMPLOYER_REPORT).version,
        given_at=now,
    )
    consent.withdrawn_at = None
    session.add(consent)


def _alone_in_a_need() -> Any:
    """Proposals under review for needs with a single seat, with how many projects their people
    have been on in the city's own time; those who finished most first, of these the best."""
    single = select(Role.need_id).group_by(col(Role.need_id)).having(func.sum(col(Role.seats)) == 1)
    mine = _been(Professional.id)
    been = select(func.count()).where(*mine).scalar_subquery()
    finished = (
        select(func.count())
        .select_from(ProjectMember)
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(*mine, col(Project.state).in_(LOOKED_BACK_ON))
        .scalar_subquery()
    )
    return (
        wide_select(Proposal, Professional, been)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(Proposal.state == ProposalState.PROPOSED, col(Proposal.need_id).in_(single))
        .order_by(finished.desc(), been.desc(), col(Proposal.score).desc(), col(Proposal.id))
    )


def _been(professional_id: Any) -> tuple[Any, ...]:
    """Somebody's places in projects of the city's own time: not those it was given with."""
    return (
        ProjectMember.professional_id == professional_id,
        col(ProjectMember.proposal_id).is_not(None),
    )


def _newcomers(session: Session) -> list[str]:
    """Employers in this round who have never taken part; the forecast counts them already."""
    expected = session.exec(
        select(Professional.company_id)
        .join(Proposal, col(Proposal.professional_id) == Professional.id)
        .where(Proposal.state == ProposalState.PROPOSED)
    )
    took_part = set(session.exec(select(ProjectMember.company_id)))
    return sorted({body for body in expected if body is not None and body not in took_part})


def _add_group(session: Session, need_id: str, professional_id: str, now: datetime) -> None:
    """A contact of the need's group, who also works for the group that the professional last
    finished a project with: what both sides look back on can be read from both."""
    group = session.exec(
        select(Group).join(Need, col(Need.group_id) == Group.id).where(Need.id == need_id)
    ).one()
    member = session.exec(
        select(GroupMember)
        .where(GroupMember.group_id == group.id)
        .order_by(col(GroupMember.account_id))
    ).first()
    contact = _ready(
        session, "group", member.account_id if member else None, "中村 和子", "なかむら かずこ", now
    )
    if member is None:
        session.add(
            GroupMember(
                group_id=group.id, account_id=contact.id, role=MemberRole.CONTACT, joined_at=now
            )
        )
    group.contact_name, group.contact_email = contact.name, contact.email
    before = _last_group(session, professional_id)
    if before is not None and not session.get(GroupMember, (before, contact.id)):
        session.add(
            GroupMember(
                group_id=before, account_id=contact.id, role=MemberRole.MEMBER, joined_at=now
            )
        )


def _last_group(session: Session, professional_id: str) -> str | None:
    """The group of the last project somebody finished in the city's own time."""
    return session.exec(
        select(Project.group_id)
        .join(ProjectMember, col(ProjectMember.project_id) == Project.id)
        .where(*_been(professional_id), col(Project.state).in_(LOOKED_BACK_ON))
        .order_by(col(Project.agreed_on).desc(), col(Project.id))
    ).first()


def _add_officer(session: Session, company_id: str | None, now: datetime) -> None:
    """An officer of the newcomer, and of the employer with most to tell of the past years."""
    told = session.exec(
        select(Consent.company_id)
        .join(ProjectMember, col(ProjectMember.professional_id) == Consent.professional_id)
        .where(col(Consent.withdrawn_at).is_(None))
        .where(ProjectMember.company_id == Consent.company_id)
        .group_by(col(Consent.company_id))
        .order_by(func.count().desc(), col(Consent.company_id))
    ).first()
    officer = _ready(session, "company", None, "小林 恵", "こばやし めぐみ", now)
    session.add_all(
        CompanyOfficer(company_id=body, account_id=officer.id)
        for body in {company_id, told}
        if body is not None
    )


def _ready(
    session: Session, role: str, account_id: str | None, name: str, kana: str, now: datetime
) -> Account:
    """The account shown for a role: this one, or else a new one."""
    if account_id is None:
        return add_account(session, demo_people.address(role), name, kana, now)
    account = session.get_one(Account, account_id)
    account.email = demo_people.address(role)
    session.add(account)
    session.flush()
    return account


def add_account(session: Session, email: str, name: str, kana: str, now: datetime) -> Account:
    """An account with a proven address, whose holder has agreed to the terms; its password is the
    one the demonstration shows."""
    account = Account(
        email=email,
        password_hash=_password(),
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


@cache
def _password() -> str:
    return passwords.hashed(demo_people.PASSWORD)
