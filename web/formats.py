"""Dates, hours and numbers for the reader, in Japanese and English, as template filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import flask_babel
from babel import Locale
from babel.dates import format_date as babel_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext
from markupsafe import Markup

from web.filters import add_filters
from web.i18n import language

REIWA = date(2019, 5, 1)
HEISEI = date(1989, 1, 8)
AT_ONCE = ("session", "day")  # forms of a need that are over the day they begin
DAYS_PER_MONTH = 30.44
# Shapes of a date: Japanese, English.
FULL = ("y年M月d日（E）", "EEE d MMMM y")
PLAIN = ("y年M月d日", "d MMMM y")
SHORT = ("M月d日（E）", "EEE d MMMM")
DAY = ("M月d日", "d MMMM")
MONTH = ("y年M月", "MMMM y")
WEEKDAYS = {
    "mon": lazy_pgettext("slot", "Monday"),
    "tue": lazy_pgettext("slot", "Tuesday"),
    "wed": lazy_pgettext("slot", "Wednesday"),
    "thu": lazy_pgettext("slot", "Thursday"),
    "fri": lazy_pgettext("slot", "Friday"),
    "sat": lazy_pgettext("slot", "Saturday"),
    "sun": lazy_pgettext("slot", "Sunday"),
}
PARTS = {
    "am": _l("%(day)s morning"),
    "pm": _l("%(day)s afternoon"),
    "eve": _l("%(day)s evening"),
}


def init_formats(app: Flask) -> None:
    """Register every format as a filter of its own name."""
    filters: dict[str, Callable[..., Any]] = {
        "date": full_date,
        "plain_date": plain_date,
        "dated": dated,
        "short_date": short_date,
        "month": month,
        "moment": moment,
        "wareki": wareki,
        "fiscal_year": fiscal_year,
        "date_range": lambda pair: date_range(*pair),
        "hours": hours,
        "weekly": weekly,
        "effort": effort,
        "minutes": minutes,
        "number": number,
        "percent": percent,
        "yen": yen,
        "file_size": file_size,
        "scaled": scaled,
        "waiting": waiting,
        "slots": slots,
        "listing": listing,
        "within": within,
        "label": label,
        "lines": lines,
        "from_iso": from_iso,
    }
    add_filters(app, **filters)
    app.jinja_env.globals["date_range"] = date_range


def _day(value: date | datetime) -> date:
    """The day in the city's time zone."""
    if isinstance(value, datetime):
        return flask_babel.to_user_timezone(value).date() if value.tzinfo else value.date()
    return value


def _shaped(value: date | datetime, shapes: tuple[str, str]) -> str:
    spoken = language()
    shape = shapes[0] if spoken == "ja" else shapes[1]
    return babel_date(_day(value), shape, locale=Locale.parse(spoken))


def from_iso(text: str) -> date | None:
    """The date that a message's parameter holds as text."""
    return date.fromisoformat(text) if text else None


def full_date(value: date | datetime | None) -> str:
    """2026年11月30日（月） / Mon 30 November 2026. Nothing for None."""
    return _shaped(value, FULL) if value else ""


def plain_date(value: date | datetime | None) -> str:
    """2026年11月30日 / 30 November 2026."""
    return _shaped(value, PLAIN) if value else ""


def dated(value: date | datetime | None) -> str:
    """The plain date as ``<time>``, which no line break divides."""
    if not value:
        return ""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), plain_date(value))


def short_date(value: date | datetime | None) -> str:
    """11月30日（月） / Mon 30 November."""
    return _shaped(value, SHORT) if value else ""


def month(value: date | datetime | None) -> str:
    """2026年11月 / November 2026."""
    return _shaped(value, MONTH) if value else ""


def moment(value: datetime | None) -> str:
    """A date with the time of day in the city: 2026年11月30日（月）14:05."""
    if value is None:
        return ""
    local = flask_babel.to_user_timezone(value) if value.tzinfo else value
    joiner = "" if language() == "ja" else ", "
    return f"{full_date(local.date())}{joiner}{local:%H:%M}"


def wareki(value: date | int, *, full: bool = False) -> str:
    """The year in the Japanese era: 令和8年, 平成31年, 令和元年; in English the plain year.

    ``full`` adds month and day. A number is a calendar year and takes the era of its end.
    """
    day = date(value, 12, 31) if isinstance(value, int) else _day(value)
    if language() != "ja":
        return plain_date(day) if full else str(day.year)
    return _era_year(day) + "年" + (f"{day.month}月{day.day}日" if full else "")


def _era_year(day: date) -> str:
    if day < HEISEI:
        return str(day.year)
    name, first = ("令和", REIWA.year) if day >= REIWA else ("平成", HEISEI.year)
    count = day.year - first + 1
    return f"{name}{'元' if count == 1 else count}"


def fiscal_year_of(day: date) -> int:
    """The fiscal year (April to March) a day belongs to, named by the year it begins in."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year(value: date | int) -> str:
    """令和8年度 / FY2026. A number is the year in which the fiscal year begins."""
    year = value if isinstance(value, int) else fiscal_year_of(_day(value))
    if language() != "ja":
        return f"FY{year}"
    # A fiscal year takes the era that holds on its first of April, except that 2019 is 令和元年度.
    return f"{_era_year(date(year, 5, 1))}年度"


def date_range(start: date | None, end: date | None, *, today: date | None = None) -> str:
    """12月1日〜2月28日 / 1 December 2026 to 28 February 2027; the year is said once if it can be.

    An open end reads "until …" or "from …"; two open ends read as nothing. ``today`` lets
    Japanese leave out the year when both ends lie within a year of it.
    """
    if start and end:
        return _closed_range(start, end, today)
    if start:
        return _("from %(date)s", date=plain_date(start))
    return _("until %(date)s", date=plain_date(end)) if end else ""


def _closed_range(start: date, end: date, today: date | None) -> str:
    if start == end:
        return full_date(start)
    near = today is not None and max(abs((start - today).days), abs((end - today).days)) < 335
    once = start.year == end.year  # Japanese says the year first, English last
    japanese = language() == "ja"
    first = _shaped(start, DAY if near or (once and not japanese) else PLAIN)
    last = _shaped(end, DAY if near or (once and japanese) else PLAIN)
    return _("%(first)s to %(last)s", first=first, last=last)


def hours(value: float | None) -> str:
    """3時間 / 3 hours; 2.5時間 / 2.5 hours."""
    if value is None:
        return ""
    return ngettext("%(hours)s hour", "%(hours)s hours", _plural(value), hours=number(value))


def weekly(value: float | None) -> str:
    """週3時間 / 3 hours a week."""
    if value is None:
        return ""
    return ngettext(
        "%(hours)s hour a week", "%(hours)s hours a week", _plural(value), hours=number(value)
    )


def effort(value: float | None, form: str) -> str:
    """What a need of a form asks of one person: 週3時間 / 3 hours a week; for an hour or a day the
    hours in all."""
    return hours(value) if form in AT_ONCE else weekly(value)


def minutes(value: int | None) -> str:
    """90 as 1時間30分 / 1 hour 30 minutes."""
    if value is None:
        return ""
    whole, rest = divmod(value, 60)
    short = ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not whole:
        return short
    return f"{hours(whole)}{'' if language() == 'ja' else ' '}{short}" if rest else hours(whole)


def _plural(value: float) -> int:
    return 1 if value == 1 else 2


def number(value: float | None) -> str:
    """9,120; 2.5; never more decimals than two."""
    if isinstance(value, int):
        return f"{value:,}"  # the same in both languages, and far quicker
    return "" if value is None else format_decimal(value, "#,##0.##", locale=language())


def scaled(value: float | None, decimals: int = 0) -> str:
    """A figure kept in units of its last decimal: 294 with one decimal as 29.4. What lies between
    two is rounded half up, as a city rounds: 2.25 as 2.3."""
    if value is None:
        return ""
    if not decimals and value == int(value):
        return number(int(value))
    places = max(decimals, 1)
    rounded = (Decimal(str(value)) / 10**decimals).quantize(Decimal(10) ** -places, ROUND_HALF_UP)
    return format_decimal(rounded, "#,##0." + "0" * places, locale=language())


def yen(value: int) -> str:
    """1500 as 1,500円 / ¥1,500."""
    return f"{number(value)}円" if language() == "ja" else f"¥{number(value)}"


def file_size(value: int) -> str:
    """Bytes as 12 kB or 3.4 MB."""
    if value < 1_000_000:
        return f"{max(round(value / 1000), 1)} kB"
    return f"{number(round(value / 1_000_000, 1))} MB"


def percent(value: float | None, digits: int = 0) -> str:
    """A share of one: 0.72 as 72%."""
    if value is None:
        return ""
    shape = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return format_percent(value, shape, locale=language())


def waiting(since: date | datetime | None, today: date) -> str:
    """How long somebody has waited: 今日から, 3日待ち, 5か月待ち, 2年待ち."""
    if since is None:
        return ""
    days = max((today - _day(since)).days, 0)
    if days == 0:
        return _("since today")
    if days < 60:
        return ngettext("waiting %(num)s day", "waiting %(num)s days", days)
    months = int(days / DAYS_PER_MONTH)
    if months < 24:
        return ngettext("waiting %(num)s month", "waiting %(num)s months", months)
    return ngettext("waiting %(num)s year", "waiting %(num)s years", months // 12)


def slot(code: str) -> str:
    """wed-eve as 水曜の夜 / Wednesday evening; an unknown code as itself."""
    day, _dash, part = code.partition("-")
    if day not in WEEKDAYS or part not in PARTS:
        return code
    return str(PARTS[part]) % {"day": str(WEEKDAYS[day])}


def slots(codes: Sequence[str] | str | None) -> str:
    """Weekly slots as words, joined."""
    wanted = codes.split(";") if isinstance(codes, str) else list(codes or ())
    return listing(slot(code) for code in wanted if code)


def listing(items: Iterable[object]) -> str:
    """Several things in one phrase: 会計、表計算 / accounting and spreadsheets."""
    words = [str(item) for item in items]
    if language() == "ja":
        return "、".join(words)
    return format_list(words, locale="en_GB") if words else ""


def within(text: object) -> str:
    """A word that begins with a capital by itself, as it stands inside an English sentence."""
    word = str(text)
    return word if language() == "ja" or word[1:2].isupper() else word[:1].lower() + word[1:]


def either(items: Iterable[object]) -> str:
    """Several things of which one is enough: 会計、または表計算 / accounting or spreadsheets."""
    words = [str(item) for item in items]
    if language() == "ja":
        return "、または".join(words)
    return format_list(words, style="or", locale="en_GB") if words else ""


def label(thing: Any, kind: str = "label") -> str:
    """The reader's side of a pair of columns: ``label_ja``/``label_en`` of a row or a mapping.

    ``kind`` takes the other pairs (``title``, ``summary``, ``full``). Where the reader's side is
    empty, the other one is better than nothing.
    """
    if thing is None:
        return ""
    spoken = language()
    for code in (spoken, "en" if spoken == "ja" else "ja"):
        name = f"{kind}_{code}"
        text = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, "")
        if text:
            return str(text)
    return ""


def lines(text: str | None) -> Markup:
    """A long text as it was written: paragraphs and line breaks kept, everything else inert."""
    blocks = [block for block in (text or "").split("\n\n") if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(block.split("\n"))) for block in blocks
    )
