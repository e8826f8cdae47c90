"""Japanese fiscal years: April to March, named by the year they begin in."""

from __future__ import annotations

from datetime import date


def fiscal_year(day: date) -> int:
    """The fiscal year a day falls in: 31 March 2027 is in 2026."""
    return day.year if day.month >= 4 else day.year - 1


def first_day(year: int) -> date:
    """1 April."""
    return date(year, 4, 1)


def last_day(year: int) -> date:
    """31 March of the next calendar year."""
    return date(year + 1, 3, 31)
