"""What a company may see of its employees' participation, by fiscal year.

A person appears by name only while their consent to this company is live. Everybody else is a
count, and a count below five is not told at all: in a small company it would name somebody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.errors import NotFound
from matchmaker.models import (
    Company,
    District,
    Group,
    HoursEntry,
    Payer,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import consents
from matchmaker.services.actors import Actor, require_company
from matchmaker.services.fiscal import first_day, fiscal_year, last_day

SMALL = 5


@dataclass(frozen=True)
class Part:
    """One consenting employee's part in one project within the year; hours as minutes."""

    professional_name: str
    professional_kana: str
    project_id: str
    project_title: str
    project_state: str
    group_name: str
    district: District | None
    joined_on: date
    own_minutes: int
    company_minutes: int


@dataclass(frozen=True)
class CompanyYear:
    """A company's fiscal year. ``others`` is None when there are too few to tell (1 to 4)."""

    company: Company
    fiscal_year: int
    years: tuple[int, ...]
    parts: tuple[Part, ...]
    people: int
    groups: int
    projects: int
    own_minutes: int
    company_minutes: int
    others: int | None


def companies_of(session: Session, *, actor: Actor) -> list[Company]:
    """The companies the actor reports for, by name."""
    ids = sorted(actor.company_ids)
    return list(
        session.exec(select(Company).where(col(Company.id).in_(ids)).order_by(col(Company.name)))
    )


def company_year(
    session: Session, *, actor: Actor, company_id: str, year: int | None, today: date
) -> CompanyYear:
    """The participation of a company's employees in a fiscal year (by default the latest with any).

    Counts projects that were agreed and not cancelled and in which the employee was a member at
    some time of the year. Refused: ``company_not_found`` for other companies' officers.
    """
    require_company(actor, company_id)
    company = session.get(Company, company_id)
    if company is None:
        raise NotFound("company_not_found")
    years = _years(session, company_id, today)
    shown = _latest(session, company_id, today) if year is None else year
    agreed = consents.may_see(session, company_id=company_id, on=today)
    memberships = _memberships(session, company_id, shown)
    minutes = _minutes(session, company_id, shown)
    parts, unnamed = [], set[str]()
    for member, professional, project, group, district in memberships:
        if professional.id not in agreed:
            unnamed.add(professional.id)
            continue
        spent = minutes[project.id, professional.id]
        parts.append(
            Part(
                professional_name=professional.name,
                professional_kana=professional.kana,
                project_id=project.id,
                project_title=project.title,
                project_state=project.state,
                group_name=group.name,
                district=district,
                joined_on=member.joined_on,
                own_minutes=spent[Payer.OWN],
                company_minutes=spent[Payer.COMPANY],
            )
        )
    named = [row for row in memberships if row[1].id in agreed]
    return CompanyYear(
        company=company,
        fiscal_year=shown,
        years=years,
        parts=tuple(parts),
        people=len({professional.id for _, professional, *_ in named}),
        groups=len({group.id for _, _, _, group, _ in named}),
        projects=len({project.id for _, _, project, *_ in named}),
        own_minutes=sum(part.own_minutes for part in parts),
        company_minutes=sum(part.company_minutes for part in parts),
        others=len(unnamed) if not unnamed or len(unnamed) >= SMALL else None,
    )


def _memberships(
    session: Session, company_id: str, year: int
) -> list[tuple[ProjectMember, Professional, Project, Group, District | None]]:
    found = session.exec(
        wide_select(ProjectMember, Professional, Project, Group, District)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .join(Group, col(Group.id) == Project.group_id)
        .join(District, col(District.code) == Group.district, isouter=True)
        .where(ProjectMember.company_id == company_id, Project.state != ProjectState.CANCELLED)
        .where(
            ProjectMember.joined_on <= last_day(year),
            or_(
                col(ProjectMember.left_on).is_(None), col(ProjectMember.left_on) >= first_day(year)
            ),
            or_(col(Project.ended_on).is_(None), col(Project.ended_on) >= first_day(year)),
        )
        .order_by(col(ProjectMember.joined_on), col(Professional.kana), col(Professional.id))
    )
    return [tuple(row) for row in found]


def _minutes(
    session: Session, company_id: str, year: int
) -> defaultdict[tuple[str, str], defaultdict[str, int]]:
    found = session.exec(
        select(
            HoursEntry.project_id,
            HoursEntry.professional_id,
            HoursEntry.payer,
            func.sum(HoursEntry.minutes),
        )
        .where(
            col(HoursEntry.worked_on).between(first_day(year), last_day(year)),
            col(HoursEntry.confirmed_at).is_not(None),
            col(HoursEntry.project_id).in_(
                select(ProjectMember.project_id).where(ProjectMember.company_id == company_id)
            ),
        )
        .group_by(
            col(HoursEntry.project_id), col(HoursEntry.professional_id), col(HoursEntry.payer)
        )
    )
    spent: defaultdict[tuple[str, str], defaultdict[str, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    for project_id, professional_id, payer, minutes in found:
        spent[project_id, professional_id][payer] += int(minutes)
    return spent


def _years(session: Session, company_id: str, today: date) -> tuple[int, ...]:
    first = session.exec(
        select(func.min(ProjectMember.joined_on)).where(ProjectMember.company_id == company_id)
    ).one()
    current = fiscal_year(today)
    return tuple(range(current, fiscal_year(first) - 1 if first else current - 1, -1))


def _latest(session: Session, company_id: str, today: date) -> int:
    """The latest fiscal year in which somebody of the company was in a project."""
    last = session.exec(
        select(func.max(func.coalesce(ProjectMember.left_on, Project.ended_on, today)))
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(ProjectMember.company_id == company_id, Project.state != ProjectState.CANCELLED)
    ).one()
    return fiscal_year(min(date.fromisoformat(str(last)), today) if last else today)
