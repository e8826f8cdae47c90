"""Every indicator of the plan side by side: where it stands, what is still needed, what to expect.

This service counts one of them; the others are entered by hand, with their source and day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ValidationInfo, field_validator
from sqlmodel import Session, col, select

from matchmaker.errors import Forbidden, NotFound
from matchmaker.models import Indicator, IndicatorFigure
from matchmaker.services import audit, indicators
from matchmaker.services.actors import Actor
from matchmaker.services.commands import (
    Command,
    Date,
    Flag,
    Number,
    ShortText,
    Whole,
    fault,
    validated,
)
from matchmaker.services.fiscal import fiscal_year
from matchmaker.services.indicators import FIRST_YEAR, LAST_YEAR, YearFigure, require_reader

SECTIONS = (1, 2, 3, 4)


@dataclass(frozen=True)
class EntryContext:
    """What an entry is checked against: the day, and how many decimals the indicator has."""

    today: date
    decimals: int


class Entry(Command):
    """A figure measured elsewhere: the value as one writes it, where it comes from, which day."""

    year: Annotated[int, Whole(FIRST_YEAR, LAST_YEAR)]
    value: Annotated[float, Number(0, 100_000_000)]
    provisional: Flag = False
    source: Annotated[str, ShortText(200, 1)]
    measured_on: Date

    @field_validator("year")
    @classmethod
    def _begun(cls, year: int, info: ValidationInfo[EntryContext]) -> int:
        if fiscal_year(info.context.today) < year:
            raise fault("year_not_begun")
        return year

    @field_validator("value")
    @classmethod
    def _few_decimals(cls, value: float, info: ValidationInfo[EntryContext]) -> float:
        scaled = _scaled(value, info.context.decimals)
        if scaled != int(scaled):
            raise fault("too_many_decimals", most=info.context.decimals)
        return value

    @field_validator("measured_on")
    @classmethod
    def _not_to_come(cls, day: date, info: ValidationInfo[EntryContext]) -> date:
        if day > info.context.today:
            raise fault("in_the_future")
        return day


def _scaled(value: float, decimals: int) -> float:
    """In units of the last decimal."""
    return round(value * float(10**decimals), 6)


@dataclass(frozen=True)
class Outlook:
    """``needed``: a year, from the latest figure to the goal. ``pace``: a year, so far since the
    baseline. ``expected``: in the year of the goal, if the pace stays, rounded half up. Units are
    those of the last decimal; None where no year is later than the baseline, or none is left."""

    needed: float | None
    pace: float | None
    expected: int | None


@dataclass(frozen=True)
class Line:
    """An indicator with its latest figure and what it lets expect. ``value``: what is compared
    with the goal (the distinct count, where this service counts)."""

    indicator: Indicator
    latest: YearFigure | None
    value: int | None
    outlook: Outlook
    years: Mapping[int, YearFigure]


def overview(
    session: Session, *, actor: Actor, on: date, until: int | None = None
) -> dict[int, list[Line]]:
    """Section of the plan → its indicators in the plan's order, with ``until`` as they stood in
    that fiscal year. Refused: ``city_only``."""
    require_reader(actor)
    found = session.exec(
        select(Indicator).order_by(
            col(Indicator.section), col(Indicator.position), col(Indicator.code)
        )
    ).all()
    sections: dict[int, list[Line]] = {}
    for indicator in found:
        sections.setdefault(indicator.section, []).append(_line(session, indicator, on, until))
    return sections


def line(session: Session, *, actor: Actor, code: str, on: date) -> Line:
    """One indicator; refused: ``city_only``, ``indicator_not_found``."""
    require_reader(actor)
    indicator = session.get(Indicator, code)
    if indicator is None:
        raise NotFound("indicator_not_found")
    return _line(session, indicator, on, None)


def check(
    session: Session, *, actor: Actor, today: date, code: str, data: Mapping[str, Any]
) -> tuple[Indicator, Entry]:
    """What ``enter`` would store. Refused as there, with everything that is wrong at once."""
    if not actor.city:
        raise Forbidden("city_only")
    indicator = session.get(Indicator, code)
    if indicator is None or indicator.counted:
        raise NotFound("indicator_not_found")
    return indicator, validated(Entry, data, EntryContext(today, indicator.decimals))


def enter(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    code: str,
    data: Mapping[str, Any],
) -> IndicatorFigure:
    """Enter a year's figure (``Entry``); entered again, the record keeps what stood there before.

    Refused: ``city_only``, ``indicator_not_found`` also for what is counted here; ``Invalid`` for
    more decimals than the indicator has (``too_many_decimals``), a year that has not begun
    (``year_not_begun``) or a day that has not come (``in_the_future``).
    """
    indicator, wanted = check(session, actor=actor, today=today, code=code, data=data)
    figure = session.get(IndicatorFigure, (code, wanted.year))
    before = figure.gross if figure else None
    figure = figure or IndicatorFigure(indicator=code, fiscal_year=wanted.year, gross=0)
    figure.gross, figure.provisional = (
        int(_scaled(wanted.value, indicator.decimals)),
        wanted.provisional,
    )
    figure.source_ja = figure.source_en = wanted.source
    figure.measured_on = wanted.measured_on
    session.add(figure)
    session.flush()
    audit.record(
        session, actor=actor, act="enter_figure", subject=("indicator", code), now=now,
        year=wanted.year, value=figure.gross, before=before,
    )  # fmt: skip
    return figure


def _line(session: Session, indicator: Indicator, on: date, until: int | None) -> Line:
    series = indicators.series(session, code=indicator.code, on=on)
    if until is not None:
        series = series.until(until)
    latest = series.years[-1] if series.years else None
    value = None
    if latest is not None:
        value = latest.distinct if latest.distinct is not None else latest.gross
    years = {year.fiscal_year: year for year in series.years}
    return Line(indicator, latest, value, _outlook(indicator, latest, value), years)


def _outlook(indicator: Indicator, latest: YearFigure | None, value: int | None) -> Outlook:
    if latest is None or value is None:
        return Outlook(None, None, None)
    left = indicator.target_year - latest.fiscal_year
    gone = latest.fiscal_year - indicator.baseline_year
    needed = (indicator.target - value) / left if left > 0 else None
    pace = (value - indicator.baseline) / gone if gone > 0 else None
    expected = int(value + pace * left + 0.5) if pace is not None and left > 0 else None
    return Outlook(needed, pace, expected)
