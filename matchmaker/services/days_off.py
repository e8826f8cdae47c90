"""Days on which offices and most employers rest: weekends, public holidays, the turn of the year.

Civic groups often meet on such days, so nothing is forbidden; it is said while planning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import jpholiday

DAY, WEEK = timedelta(days=1), timedelta(days=7)
ENOUGH = 3  # working days that make a week one in which work goes on as planned


def holiday(day: date) -> str:
    """The public holiday's name, as the law writes it in Japanese; "" on other days."""
    return jpholiday.is_holiday_name(day) or ""


def rest(day: date) -> str:
    """Why a day is one of rest: ``holiday``, ``year_end`` (29 December to 3 January), ``weekend``;
    "" when it is none."""
    if holiday(day):
        return "holiday"
    if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return "year_end"
    return "weekend" if day.weekday() >= 5 else ""


def working_day(day: date) -> date:
    """The day itself, or the last working day before it."""
    while rest(day):
        day -= DAY
    return day


def short_weeks(first: date, last: date) -> tuple[date, ...]:
    """The first days of the weeks, counted from ``first``, that have fewer than ``ENOUGH`` working
    days; the last week is looked at whole."""
    return tuple(
        begin
        for begin in weeks(first, last)
        if sum(not rest(begin + DAY * each) for each in range(7)) < ENOUGH
    )


def weeks(first: date, last: date) -> Iterator[date]:
    """The first day of every week begun between two days."""
    while first <= last:
        yield first
        first += WEEK
