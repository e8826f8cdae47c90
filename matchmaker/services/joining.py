"""Employees come to their company's programme: by a link, or by an address the company is known by.

To join is to say where one works. It shows the company nothing: what it may see is asked apart
(``consents``). How many came by which link is told to the company from ``SMALL`` on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from sqlmodel import Session, col, func, select

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Account,
    Company,
    CompanyDomain,
    CompanyInvitation,
    CompanyJoin,
    JoinWay,
    Professional,
)
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_company
from matchmaker.services.commands import Command, Date, LongText, ShortText, validated
from matchmaker.services.participation import SMALL

LONGEST = timedelta(days=366)
MOST_OPEN = 20


class NewInvitation(Command):
    """Where the link is passed on, and until when it works."""

    channel: Annotated[str, ShortText(80, 1)]
    expires_on: Date


class Programme(Command):
    """What the company tells its employees: how it takes part, and whom to ask."""

    programme: Annotated[str, LongText(1000)] = ""
    contact: Annotated[str, ShortText(200)] = ""


@dataclass(frozen=True)
class Invitation:
    """A link with how many came by it (None: 0 to 4, too few to tell). ``state``: open, over,
    revoked."""

    row: CompanyInvitation
    joined: int | None
    state: str


def require_manager(session: Session, *, actor: Actor, company_id: str) -> Company:
    """The company, for its officers and coordinators; refused: ``company_not_found``."""
    if not actor.coordinator:
        require_company(actor, company_id)
    company = session.get(Company, company_id)
    if company is None:
        raise NotFound("company_not_found")
    return company


def describe(
    session: Session, *, actor: Actor, now: datetime, company_id: str, data: Mapping[str, Any]
) -> Company:
    """Keep what the company tells its employees (``Programme``); refused: ``company_not_found``."""
    company = require_manager(session, actor=actor, company_id=company_id)
    wanted = validated(Programme, data)
    company.programme, company.contact = wanted.programme, wanted.contact
    session.add(company)
    session.flush()
    audit.record(
        session, actor=actor, act="describe_programme", subject=("company", company_id), now=now
    )
    return company


def invite(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    company_id: str,
    data: Mapping[str, Any],
) -> CompanyInvitation:
    """Make a link (``NewInvitation``). Refused: ``company_not_found``; a day that has passed
    (``in_the_past``) or lies more than a year ahead (``too_far_ahead``); ``too_many_links``."""
    require_manager(session, actor=actor, company_id=company_id)
    wanted = validated(NewInvitation, data)
    if wanted.expires_on < today:
        raise Invalid([FieldError("expires_on", "in_the_past")])
    if wanted.expires_on > today + LONGEST:
        raise Invalid([FieldError("expires_on", "too_far_ahead")])
    opened = select(func.count()).where(
        CompanyInvitation.company_id == company_id, *_works(today=today)
    )
    if session.exec(opened).one() >= MOST_OPEN:
        raise Conflict("too_many_links", max=MOST_OPEN)
    row = CompanyInvitation(
        company_id=company_id,
        channel=wanted.channel,
        expires_on=wanted.expires_on,
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, now, company_id, "make_invitation", invitation=row.id)
    return row


def revoke(
    session: Session, *, actor: Actor, now: datetime, company_id: str, invitation_id: str
) -> None:
    """End a link at once; those who came by it stay. Refused: ``company_not_found``,
    ``invitation_not_found``."""
    require_manager(session, actor=actor, company_id=company_id)
    row = session.get(CompanyInvitation, invitation_id)
    if row is None or row.company_id != company_id:
        raise NotFound("invitation_not_found")
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(row)
        _record(session, actor, now, company_id, "revoke_invitation", invitation=row.id)


def invitations(
    session: Session, *, actor: Actor, company_id: str, today: date
) -> list[Invitation]:
    """The company's links, newest first; refused: ``company_not_found``."""
    require_manager(session, actor=actor, company_id=company_id)
    found = session.exec(
        select(CompanyInvitation, func.count(col(CompanyJoin.account_id)))
        .join(CompanyJoin, col(CompanyJoin.invitation_id) == CompanyInvitation.id, isouter=True)
        .where(CompanyInvitation.company_id == company_id)
        .group_by(CompanyInvitation)  # type: ignore[arg-type]
        .order_by(col(CompanyInvitation.created_at).desc(), col(CompanyInvitation.id))
    )
    return [
        Invitation(row, count if count >= SMALL else None, _state(row, today))
        for row, count in found
    ]


def open_invitation(
    session: Session, *, code: str, today: date
) -> tuple[CompanyInvitation, Company]:
    """What a link leads to. Refused (``link_not_valid``): unknown, over, revoked."""
    found = session.exec(
        select(CompanyInvitation, Company)
        .join(Company, col(Company.id) == CompanyInvitation.company_id)
        .where(CompanyInvitation.id == code, *_works(today=today))
    ).first()
    if found is None:
        raise NotFound("link_not_valid")
    return found


def join_by_link(
    session: Session, *, actor: Actor, now: datetime, today: date, code: str
) -> Company:
    """Come to a company by its link. Refused: ``link_not_valid``, ``sign_in_first``."""
    invitation, company = open_invitation(session, code=code, today=today)
    join(session, actor=actor, now=now, company=company, way=JoinWay.LINK,
         invitation_id=invitation.id)  # fmt: skip
    return company


def company_of_address(session: Session, *, actor: Actor) -> Company | None:
    """The company whose domain the actor's proven address has."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None or account.email_verified_at is None:
        return None
    return company_of_domain(session, account.email)


def company_of_domain(session: Session, email: str) -> Company | None:
    """The company that an address ends with."""
    domain = session.get(CompanyDomain, email.rpartition("@")[2].casefold())
    return session.get(Company, domain.company_id) if domain else None


def join_by_address(session: Session, *, actor: Actor, now: datetime) -> Company:
    """Come to the company of one's own proven address. Refused: ``address_not_of_company``."""
    company = company_of_address(session, actor=actor)
    if company is None:
        raise Forbidden("address_not_of_company")
    join(session, actor=actor, now=now, company=company, way=JoinWay.DOMAIN)
    return company


def join(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    company: Company,
    way: JoinWay,
    invitation_id: str | None = None,
) -> None:
    """Note that the actor works there, in the profile too where there is one; twice is once.
    Refused: ``sign_in_first``. It agrees to nothing on anybody's behalf."""
    if actor.account_id is None:
        raise Forbidden("sign_in_first")
    person = session.get(Professional, actor.professional_id) if actor.professional_id else None
    if person is not None and person.company_id != company.id:
        person.company_id = company.id
        person.version += 1
        session.add(person)
    row = session.get(CompanyJoin, (company.id, actor.account_id))
    if row is None:
        row = CompanyJoin(company_id=company.id, account_id=actor.account_id, way=way,
                          invitation_id=invitation_id, joined_at=now)  # fmt: skip
        _record(session, actor, now, company.id, "join_company", way=way, invitation=invitation_id)
    row.joined_at = now
    session.add(row)
    session.flush()


def employer_of(session: Session, *, actor: Actor) -> Company | None:
    """The company the actor joined last."""
    return session.exec(
        select(Company)
        .join(CompanyJoin, col(CompanyJoin.company_id) == Company.id)
        .where(CompanyJoin.account_id == actor.account_id)
        .order_by(col(CompanyJoin.joined_at).desc(), col(Company.id))
    ).first()


def _works(*, today: date) -> tuple[Any, ...]:
    revoked, expires = col(CompanyInvitation.revoked_at), col(CompanyInvitation.expires_on)
    return revoked.is_(None), expires >= today


def _state(row: CompanyInvitation, today: date) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "open" if row.expires_on >= today else "over"


def _record(
    session: Session, actor: Actor, now: datetime, company_id: str, act: str, **details: Any
) -> None:
    audit.record(session, actor=actor, act=act, subject=("company", company_id), now=now, **details)
