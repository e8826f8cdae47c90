"""A company's fiscal year as it reports it: inputs, outputs, results, and the years before.

Everything is counted over the projects of employees whose consent is live, as in
``participation``. What groups said of the results is told as a mean, and only once ``SMALL``
projects were evaluated, over all years so far. Words are quoted without a name, where the group
and an employee both allowed it. Time of one's own is the employee's gift, never the company's:
only hours in company time have a worth, and only by a rate that the company has set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import FieldError, Invalid, NotFound
from matchmaker.models import (
    ActivityField,
    Company,
    District,
    Need,
    NeedField,
    Outcome,
    Project,
    ProjectMember,
    Side,
)
from matchmaker.services import audit, consents
from matchmaker.services.actors import Actor, require_company
from matchmaker.services.commands import Command, ShortText, Whole, validated
from matchmaker.services.commitments import FINISHED
from matchmaker.services.participation import SMALL, CompanyYear, company_year
from matchmaker.taxonomy.goals import Goal, goals, goals_served

MOST_YEARS = 5


class HourValue(Command):
    """Yen an hour of company time is worth, and where the figure comes from; both or neither."""

    value: Annotated[int, Whole(1, 100_000)] | None = None
    source: Annotated[str, ShortText(200)] = ""


@dataclass(frozen=True)
class Results:
    """What groups said of finished projects up to the year. ``goal``: mean of 1 to 5, and ``used``
    how many use the result; both None below ``SMALL`` evaluations."""

    evaluated: int
    goal: float | None
    used: int | None


@dataclass(frozen=True)
class Quote:
    """Words that both sides allowed to be quoted; ``side`` says whose."""

    side: str
    text: str
    project_title: str


@dataclass(frozen=True)
class Figures:
    """What is told of a year. ``finished``: its projects that are; ``results``: of the projects up
    to it; ``worth``: yen at the rate of today, None without one."""

    year: CompanyYear
    finished: int
    results: Results
    worth: int | None


@dataclass(frozen=True)
class Report:
    """``years``: up to ``MOST_YEARS``, oldest first, the last is ``year``. ``before``: the year
    before, None if nobody had taken part yet. ``themes``, ``districts``, ``goals``: projects of
    the year in each (a project can have several themes and serves several goals; a district may
    be unknown), most first."""

    year: CompanyYear
    years: tuple[CompanyYear, ...]
    figures: Figures
    before: Figures | None
    themes: tuple[tuple[ActivityField, int], ...]
    districts: tuple[tuple[District | None, int], ...]
    goals: tuple[tuple[Goal, int], ...]
    quotes: tuple[Quote, ...]


def report(
    session: Session, *, actor: Actor, company_id: str, year: int | None, today: date
) -> Report:
    """A company's report of a fiscal year (by default the latest with anybody).

    Refused: ``company_not_found`` for other companies' officers.
    """

    def one(asked: int | None) -> CompanyYear:
        return company_year(session, actor=actor, company_id=company_id, year=asked, today=today)

    shown = one(year)
    first = max(min(shown.years), shown.fiscal_year - MOST_YEARS + 1)
    years = (*(one(each) for each in range(first, shown.fiscal_year)), shown)
    ids = {part.project_id for part in shown.parts}
    return Report(
        year=shown,
        years=years,
        figures=_figures(session, years),
        before=_figures(session, years[:-1]) if len(years) > 1 else None,
        themes=_themes(session, ids),
        goals=_goals(session, ids),
        districts=_districts(shown),
        quotes=_quotes(session, company_id, ids, today),
    )


def set_hour_value(
    session: Session, *, actor: Actor, now: datetime, company_id: str, data: Mapping[str, Any]
) -> Company:
    """Say what an hour of company time is worth (``HourValue``), or with both blank nothing.

    Refused: ``company_not_found``; ``missing`` beside the one that is left out.
    """
    require_company(actor, company_id)
    company = session.get(Company, company_id)
    if company is None:
        raise NotFound("company_not_found")
    wanted = validated(HourValue, data)
    if (wanted.value is None) != (not wanted.source):
        raise Invalid([FieldError("source" if wanted.value else "value", "missing")])
    before = company.hour_value
    company.hour_value, company.hour_value_source = wanted.value, wanted.source
    session.add(company)
    session.flush()
    audit.record(
        session, actor=actor, act="set_hour_value", subject=("company", company_id), now=now,
        value=wanted.value, before=before,
    )  # fmt: skip
    return company


def _figures(session: Session, years: tuple[CompanyYear, ...]) -> Figures:
    """What is told of the last of these years."""
    year = years[-1]
    rate = year.company.hour_value
    return Figures(
        year=year,
        finished=len({p.project_id for p in year.parts if p.project_state in FINISHED}),
        results=_results(session, {part.project_id for each in years for part in each.parts}),
        worth=None if rate is None else round(rate * year.company_minutes / 60),
    )


def _themes(session: Session, projects: set[str]) -> tuple[tuple[ActivityField, int], ...]:
    rows = session.exec(
        select(ActivityField, Project.id)
        .join(NeedField, col(NeedField.field) == ActivityField.code)
        .join(Project, col(Project.need_id) == NeedField.need_id)
        .where(col(Project.id).in_(projects))
        .distinct()
    ).all()
    counted = Counter(theme.code for theme, _project in rows)
    themes = {theme.code: theme for theme, _project in rows}
    return tuple((themes[code], count) for code, count in _most_first(counted))


def _goals(session: Session, projects: set[str]) -> tuple[tuple[Goal, int], ...]:
    fields: dict[str, set[str]] = {project: set() for project in projects}
    named: dict[str, Sequence[str]] = {}
    for project, goals_named, code in session.exec(
        select(Project.id, Need.goals, NeedField.field)
        .join(Need, col(Need.id) == Project.need_id)
        .join(NeedField, col(NeedField.need_id) == Need.id, isouter=True)
        .where(col(Project.id).in_(projects))
    ):
        named[project] = goals_named
        fields[project].add(code)
    counted = Counter(
        goal for id, codes in fields.items() for goal in goals_served(codes, named.get(id, ()))
    )
    known = goals()
    ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return tuple((known[number], count) for number, count in ranked)


def _districts(year: CompanyYear) -> tuple[tuple[District | None, int], ...]:
    places = {part.project_id: part.district for part in year.parts}
    counted = Counter(place.code if place else "" for place in places.values())
    known = {place.code: place for place in places.values() if place}
    return tuple((known.get(code), count) for code, count in _most_first(counted))


def _most_first(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def _results(session: Session, projects: set[str]) -> Results:
    said = session.exec(
        select(Outcome)
        .join(Project, col(Project.id) == Outcome.project_id)
        .where(
            col(Outcome.project_id).in_(projects),
            Outcome.side == Side.GROUP,
            col(Project.state).in_(FINISHED),
        )
    ).all()
    if len(said) < SMALL:
        return Results(len(said), None, None)
    goal = sum(each.goal for each in said) / len(said)
    return Results(len(said), goal, sum(each.used is True for each in said))


def _quotes(
    session: Session, company_id: str, projects: set[str], today: date
) -> tuple[Quote, ...]:
    """Words of both sides of the projects in which both allowed it."""
    agreed = consents.may_see(session, company_id=company_id, on=today)
    rows = session.exec(
        select(Outcome, Project.title, ProjectMember)
        .join(Project, col(Project.id) == Outcome.project_id)
        .join(ProjectMember, col(ProjectMember.id) == Outcome.member_id, isouter=True)
        .where(
            col(Outcome.project_id).in_(projects),
            col(Outcome.quotable).is_(True),
            col(Project.state).in_(FINISHED[1:]),
        )
        .order_by(col(Project.agreed_on), col(Outcome.id))
    ).all()
    sides: dict[str, set[str]] = {}
    allowed = []
    for said, title, member in rows:
        if member is not None and (
            member.company_id != company_id or member.professional_id not in agreed
        ):
            continue
        sides.setdefault(said.project_id, set()).add(said.side)
        allowed.append((said, title))
    return tuple(
        Quote(said.side, said.comment, title)
        for said, title in allowed
        if said.comment and len(sides[said.project_id]) == len(Side)
    )
