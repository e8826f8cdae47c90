"""The coordinator's list of employers: who they are, who reports for them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import distinct, func
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import NotFound
from matchmaker.models import Account, Company, CompanyOfficer, Professional, ProfileState
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.text import search_key

PAGE_SIZE = 50
MOST_NAMES = 500


@dataclass(frozen=True)
class CompanyRow:
    """An employer with its registered people and its officers, as counts."""

    company: Company
    people: int
    officers: int


@dataclass(frozen=True)
class CompanyPage:
    """One page of the list."""

    rows: tuple[CompanyRow, ...]
    total: int
    number: int
    pages: int


def page(session: Session, *, actor: Actor, text: str, number: int) -> CompanyPage:
    """Employers by reading, those whose name holds ``text``. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    key = search_key(text[:100])
    wanted = col(Company.search_text).contains(key, autoescape=True)
    total = session.exec(select(func.count()).select_from(Company).where(wanted)).one()
    pages = max(-(-total // PAGE_SIZE), 1)
    shown = min(max(number, 1), pages)
    found = session.execute(
        wide_select(
            Company,
            func.count(distinct(col(Professional.id))),
            func.count(distinct(col(CompanyOfficer.account_id))),
        )
        .join(
            Professional,
            (col(Professional.company_id) == Company.id)
            & (Professional.state == ProfileState.VERIFIED),
            isouter=True,
        )
        .join(CompanyOfficer, col(CompanyOfficer.company_id) == Company.id, isouter=True)
        .where(wanted)
        .group_by(Company)
        .order_by(col(Company.kana), col(Company.name), col(Company.id))
        .limit(PAGE_SIZE)
        .offset((shown - 1) * PAGE_SIZE)
    )
    return CompanyPage(tuple(CompanyRow(*row) for row in found), total, shown, pages)


def one(session: Session, *, actor: Actor, company_id: str) -> tuple[Company, list[Account]]:
    """An employer and its officers. Refused: ``coordinators_only``, ``company_not_found``."""
    require_coordinator(actor)
    company = session.get(Company, company_id)
    if company is None:
        raise NotFound("company_not_found")
    officers = session.exec(
        select(Account)
        .join(CompanyOfficer, col(CompanyOfficer.account_id) == Account.id)
        .where(CompanyOfficer.company_id == company_id)
        .order_by(col(Account.name), col(Account.id))
    )
    return company, list(officers)


def names(session: Session, *, actor: Actor, company_id: str = "") -> list[str]:
    """Names to write to, by reading, at most ``MOST_NAMES``; with ``company_id`` only that one's.
    Refused: ``coordinators_only``."""
    require_coordinator(actor)
    wanted = select(Company.name).order_by(col(Company.search_text), col(Company.id))
    if company_id:
        wanted = wanted.where(Company.id == company_id)
    return list(session.exec(wanted.limit(MOST_NAMES)))
