"""The city's indicator: employers of pro bono workers, by fiscal year, with the rows behind it.

Definition, version 1. One *participation* is one employer in one agreed project, however many of
its people are in the team; the employer is the one at the time of joining. Both counts cumulate
from the programme's beginning: *gross* (のべ) counts participations, *distinct* counts every
employer once. A fiscal year is provisional until it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Account,
    Company,
    Group,
    Indicator,
    IndicatorDefinition,
    IndicatorFigure,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.fiscal import fiscal_year, last_day

EMPLOYERS = "employers"
FIRST_YEAR, LAST_YEAR = 1989, 2198  # what may be called a fiscal year here


@dataclass(frozen=True)
class Participation:
    """One row behind the figure. ``people`` are counted, never named."""

    fiscal_year: int
    agreed_on: date
    project_id: str
    project_title: str
    group_name: str
    company_id: str
    company_name: str
    people: int
    first_time: bool


@dataclass(frozen=True)
class YearFigure:
    """Cumulative counts at the end of a fiscal year; ``new`` employers came in that year (in one
    kept as reported: what the distinct count gained on the year before; without one, what is
    counted as long as the year is what was kept, else None).
    ``counted``: from the projects, as they are today.

    ``frozen_at``, ``frozen_by``: when and by whom a counted year was kept; ``recounted``: (gross,
    distinct) as they would be counted today, where that differs.
    """

    fiscal_year: int
    gross: int
    distinct: int | None
    new: int | None
    provisional: bool
    counted: bool = False
    source_ja: str = ""
    source_en: str = ""
    measured_on: date | None = None
    frozen_at: datetime | None = None
    frozen_by: str = ""
    recounted: tuple[int, int] | None = None


@dataclass(frozen=True)
class Series:
    """An indicator with its definition in force, its years, and where it stands today."""

    indicator: Indicator
    definition: IndicatorDefinition | None
    years: tuple[YearFigure, ...]
    gross: int
    distinct: int

    def until(self, year: int) -> Series:
        """The series as a report of ``year`` tells it: no later year."""
        return replace(self, years=tuple(y for y in self.years if y.fiscal_year <= year))


def require_reader(actor: Actor) -> None:
    """Refuse (``city_only``) whoever is neither a city officer nor a coordinator."""
    if not (actor.city or actor.coordinator):
        raise Forbidden("city_only")


def participations(session: Session, *, on: date) -> list[Participation]:
    """Every participation agreed up to and including ``on``, oldest first.

    Cancelled projects do not count. Nobody is named: the rows are about employers.
    """
    found = session.exec(
        wide_select(
            Project.id,
            Project.agreed_on,
            Project.title,
            Group.name,
            ProjectMember.company_id,
            Company.name,
            ProjectMember.professional_id,
        )
        .join(ProjectMember, col(ProjectMember.project_id) == Project.id)
        .join(Group, col(Group.id) == Project.group_id)
        .join(Company, col(Company.id) == ProjectMember.company_id)
        .where(Project.agreed_on <= on, Project.state != ProjectState.CANCELLED)
        .order_by(col(Project.agreed_on), col(Project.id), col(ProjectMember.company_id))
    )
    people: dict[tuple[str, str], set[str]] = {}
    facts: dict[tuple[str, str], tuple[date, str, str, str]] = {}
    for project_id, agreed_on, title, group, company_id, company, professional_id in found:
        key = (project_id, company_id or "")
        people.setdefault(key, set()).add(professional_id)
        facts[key] = (agreed_on, title, group, company)
    rows, seen = [], set[str]()
    for (project_id, company_id), (agreed_on, title, group, company) in facts.items():
        rows.append(
            Participation(
                fiscal_year=fiscal_year(agreed_on),
                agreed_on=agreed_on,
                project_id=project_id,
                project_title=title,
                group_name=group,
                company_id=company_id,
                company_name=company,
                people=len(people[project_id, company_id]),
                first_time=company_id not in seen,
            )
        )
        seen.add(company_id)
    return rows


def employers_now(session: Session, *, on: date) -> tuple[int, int]:
    """(gross, distinct) employers of pro bono workers up to and including ``on``."""
    return _counts(session, participations(session, on=on))


def employers_with(session: Session, *, on: date, joining: Iterable[str]) -> tuple[int, int]:
    """(gross, distinct) if every employer in ``joining`` (one entry a participation) took part."""
    rows = participations(session, on=on)
    gross, distinct = _counts(session, rows)
    known = {row.company_id for row in rows}
    coming = list(joining)
    return gross + len(coming), distinct + len(set(coming) - known)


def employers_through(session: Session, *, on: date, people: Iterable[str]) -> int:
    """Distinct employers of pro bono workers if all these ``people`` took part besides."""
    companies = session.exec(
        select(Professional.company_id)
        .where(col(Professional.id).in_(list(people)), col(Professional.company_id).is_not(None))
        .distinct()
    )
    joining = [company for company in companies if company]
    return employers_with(session, on=on, joining=joining)[1]


def series(session: Session, *, code: str = EMPLOYERS, on: date) -> Series:
    """The indicator year by year up to the fiscal year of ``on``.

    Figures frozen or measured before this service stand as they were entered; the others are
    counted from the projects. Refused: ``indicator_not_found``.
    """
    indicator = session.get(Indicator, code)
    if indicator is None:
        raise NotFound("indicator_not_found")
    rows = participations(session, on=on) if indicator.counted else []
    entered = {
        figure.fiscal_year: figure
        for figure in session.exec(select(IndicatorFigure).where(IndicatorFigure.indicator == code))
    }
    if not indicator.counted:
        years = tuple(_entered(entered[year]) for year in sorted(entered))
        last = years[-1].gross if years else 0
        return Series(indicator, definition(session, code, on=on), years, last, last)
    current = fiscal_year(on)
    first = min([row.fiscal_year for row in rows] + list(entered) + [current])
    names = _names(session, entered.values())
    years = tuple(
        _kept(indicator, entered[year], rows, on, names)
        if year in entered
        else _counted(indicator, rows, year, on)
        for year in range(first, current + 1)
        if year in entered or year == current or any(row.fiscal_year <= year for row in rows)
    )
    gross, distinct = _counts(session, rows)
    told = tuple(_gained(years))
    return Series(indicator, definition(session, code, on=on), told, gross, distinct)


def definition(session: Session, code: str, *, on: date) -> IndicatorDefinition | None:
    """The definition in force on a day."""
    return session.exec(
        select(IndicatorDefinition)
        .where(IndicatorDefinition.indicator == code, IndicatorDefinition.from_on <= on)
        .order_by(col(IndicatorDefinition.version).desc())
    ).first()


def freezable(series: Series) -> int | None:
    """The latest finished year whose figures are still counted and could be frozen, with every
    earlier one."""
    finished = [y.fiscal_year for y in series.years if not y.provisional and y.counted]
    return max(finished, default=None)


def freeze(
    session: Session, *, actor: Actor, code: str, year: int, today: date, now: datetime
) -> IndicatorFigure:
    """Keep a finished year's figures as they are now, whatever is corrected later; with them
    those of every earlier year that is still counted, which what was reported rests on.

    Refused: ``city_only``; ``indicator_not_found``; ``Invalid`` where ``year`` is none;
    ``year_not_over`` before 1 April. Freezing twice keeps the first.
    """
    if not actor.city:
        raise Forbidden("city_only")
    indicator = session.get(Indicator, code)
    if indicator is None or not indicator.counted:
        raise NotFound("indicator_not_found")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid([FieldError("year", "out_of_range", {"min": FIRST_YEAR, "max": LAST_YEAR})])
    if last_day(year) >= today:
        raise Forbidden("year_not_over", year=year)
    kept = session.get(IndicatorFigure, (code, year))
    if kept is not None:
        return kept
    counted = [
        each.fiscal_year
        for each in series(session, code=code, on=last_day(year)).years
        if each.counted and each.fiscal_year < year
    ]
    for earlier in counted:
        _freeze_one(session, actor=actor, code=code, year=earlier, now=now)
    return _freeze_one(session, actor=actor, code=code, year=year, now=now)


def _freeze_one(
    session: Session, *, actor: Actor, code: str, year: int, now: datetime
) -> IndicatorFigure:
    gross, distinct = employers_now(session, on=last_day(year))
    figure = IndicatorFigure(
        indicator=code, fiscal_year=year, gross=gross, distinct_count=distinct,
        frozen_by=actor.account_id, frozen_at=now,
    )  # fmt: skip
    session.add(figure)
    audit.record(
        session, actor=actor, act="freeze_figure", subject=("indicator", code), now=now, year=year
    )
    return figure


def _counts(session: Session, rows: list[Participation]) -> tuple[int, int]:
    indicator = session.get(Indicator, EMPLOYERS)
    opening = (indicator.opening_gross, indicator.opening_distinct) if indicator else (0, 0)
    return opening[0] + len(rows), opening[1] + sum(row.first_time for row in rows)


def _names(session: Session, figures: Iterable[IndicatorFigure]) -> dict[str, str]:
    ids = {figure.frozen_by for figure in figures if figure.frozen_by}
    found = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids)))
    return dict(found.all())


def _kept(
    indicator: Indicator,
    figure: IndicatorFigure,
    rows: list[Participation],
    on: date,
    names: dict[str, str],
) -> YearFigure:
    """A figure as it was entered or frozen; a frozen one beside what is counted today."""
    told = _entered(figure)
    if figure.frozen_at is None:
        return told
    today = _counted(indicator, rows, figure.fiscal_year, on)
    differs = (today.gross, today.distinct) != (figure.gross, figure.distinct_count)
    return replace(
        told,
        new=None if differs else today.new,
        frozen_at=figure.frozen_at,
        frozen_by=names.get(figure.frozen_by or "", ""),
        recounted=(today.gross, today.distinct or 0) if differs else None,
    )


def _gained(years: Iterable[YearFigure]) -> Iterator[YearFigure]:
    """Years in their order, those kept as reported with what they gained on the year before."""
    last: YearFigure | None = None
    for year in years:
        follows = last is not None and last.fiscal_year == year.fiscal_year - 1
        before = last.distinct if last and follows else None
        if not year.counted and year.distinct is not None and before is not None:
            year = replace(year, new=year.distinct - before)
        yield year
        last = year


def _entered(figure: IndicatorFigure) -> YearFigure:
    return YearFigure(
        fiscal_year=figure.fiscal_year,
        gross=figure.gross,
        distinct=figure.distinct_count,
        new=None,
        provisional=figure.provisional,
        source_ja=figure.source_ja,
        source_en=figure.source_en,
        measured_on=figure.measured_on,
    )


def _counted(indicator: Indicator, rows: list[Participation], year: int, on: date) -> YearFigure:
    so_far = [row for row in rows if row.fiscal_year <= year]
    return YearFigure(
        fiscal_year=year,
        gross=indicator.opening_gross + len(so_far),
        distinct=indicator.opening_distinct + sum(row.first_time for row in so_far),
        new=sum(row.first_time for row in so_far if row.fiscal_year == year),
        provisional=last_day(year) >= on,
        counted=True,
    )
