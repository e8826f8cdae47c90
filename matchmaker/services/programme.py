"""The programme in figures for everybody: projects, hours, fields, districts, needs that wait.

No figure tells of a person: a count below five is withheld, with whatever would give it away, and
hours are told only where at least five people gave them. Open needs are public one by one, so they
are counted as they are. Definitions of a year: ``yearbook``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from matchmaker.db import wide_select
from matchmaker.models import (
    ActivityField,
    District,
    Group,
    GroupField,
    HoursEntry,
    Need,
    NeedField,
    Payer,
    Project,
    ProjectState,
    Skill,
)
from matchmaker.services import directory, taxonomy, yearbook
from matchmaker.services.directory import PLACE
from matchmaker.services.fiscal import first_day, last_day
from matchmaker.services.public_search import NeedSearch
from matchmaker.services.round_reports import SMALL, Counted, counted


@dataclass(frozen=True)
class YearLine:
    """A fiscal year; None where too few people stand behind a figure."""

    fiscal_year: int
    agreed: int | None
    finished: int | None
    people: int | None
    own_minutes: int | None
    company_minutes: int | None


@dataclass(frozen=True)
class Waiting:
    """Open needs: how many, how many are urgent, and by what they ask for and where."""

    needs: int
    urgent: int
    fields: Mapping[str, int]
    districts: Mapping[str, int]
    families: Mapping[str, int]


@dataclass(frozen=True)
class Programme:
    """Everything the page shows. Fields and districts count projects of all years; the parts are
    rows of the taxonomy by code, names by ``fields``, ``districts``, ``families``."""

    years: tuple[YearLine, ...]
    by_field: Counted
    by_district: Counted
    waiting: Waiting
    fields: Mapping[str, ActivityField]
    districts: Mapping[str, District]
    families: Mapping[str, Skill]


def programme(session: Session, *, on: date) -> Programme:
    """The figures as they stand ``on`` a day."""
    return Programme(
        years=tuple(_year(session, year) for year in reversed(yearbook.years(session, on=on))),
        by_field=counted(_projects_by_field(session)),
        by_district=counted(_projects_by_district(session)),
        waiting=_waiting(session, on),
        fields={row.code: row for row in taxonomy.fields(session)},
        districts={row.code: row for row in taxonomy.districts(session)},
        families={family.head.code: family.head for family in taxonomy.families(session)},
    )


def _told(count: int) -> int | None:
    return count if count == 0 or count >= SMALL else None


def _year(session: Session, year: int) -> YearLine:
    first, last = first_day(year), last_day(year)
    agreed = session.exec(
        select(func.count())
        .select_from(Project)
        .where(col(Project.agreed_on).between(first, last), Project.state != ProjectState.CANCELLED)
    ).one()
    minutes = {
        payer: (int(spent), people)
        for payer, spent, people in session.exec(
            select(
                HoursEntry.payer,
                func.sum(HoursEntry.minutes),
                func.count(func.distinct(HoursEntry.professional_id)),
            )
            .where(
                col(HoursEntry.worked_on).between(first, last),
                col(HoursEntry.confirmed_at).is_not(None),
            )
            .group_by(col(HoursEntry.payer))
        )
    }
    own, company = (minutes.get(payer, (0, 0)) for payer in (Payer.OWN, Payer.COMPANY))
    few = any(0 < people < SMALL for _spent, people in (own, company))
    return YearLine(
        fiscal_year=year,
        agreed=_told(agreed),
        finished=_told(yearbook.delivered(session, first, last)),
        people=_told(yearbook.people(session, first, last)),
        own_minutes=None if few else own[0],
        company_minutes=None if few else company[0],
    )


def _projects_by_field(session: Session) -> Counter[str]:
    """Code of a field → projects; a project counts in each field of its need, or of its group."""
    own: dict[str, list[str]] = {}
    for project_id, field in session.exec(
        select(Project.id, NeedField.field)
        .join(NeedField, col(NeedField.need_id) == Project.need_id)
        .where(Project.state != ProjectState.CANCELLED)
    ):
        own.setdefault(project_id, []).append(field)
    found: Counter[str] = Counter(field for fields in own.values() for field in fields)
    for project_id, field in session.exec(
        select(Project.id, GroupField.field)
        .join(GroupField, col(GroupField.group_id) == Project.group_id)
        .where(Project.state != ProjectState.CANCELLED)
    ):
        found[field] += project_id not in own
    return Counter({field: count for field, count in found.items() if count})


def _projects_by_district(session: Session) -> Counter[str]:
    """Code of a district, or "" for the whole city → projects."""
    rows = session.execute(
        wide_select(PLACE, func.count())
        .select_from(Project)
        .join(Need, col(Need.id) == Project.need_id)
        .join(Group, col(Group.id) == Project.group_id)
        .where(col(Project.state) != ProjectState.CANCELLED)
        .group_by(PLACE)
    )
    return Counter({place or "": count for place, count in rows})


def _waiting(session: Session, on: date) -> Waiting:
    cards = directory.all_open_needs(session, search=NeedSearch(), on=on)
    fields = session.exec(
        select(NeedField.field).where(col(NeedField.need_id).in_([card.need.id for card in cards]))
    )
    places = Counter(card.district.code if card.district else "" for card in cards)
    families = Counter(
        family for card in cards for family in {skill.parent or skill.code for skill in card.skills}
    )
    urgent = sum(card.need.urgency == "urgent" for card in cards)
    return Waiting(len(cards), urgent, Counter(fields), places, families)
