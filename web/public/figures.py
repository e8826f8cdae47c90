"""The programme in figures, for everybody. No person appears, and no small count of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from matchmaker.services import indicators, programme
from web import charts
from web.access import allow
from web.db import session, today
from web.downloads import csv_download
from web.formats import fiscal_year, label
from web.public import bp
from web.year_figures import hours_of, unit

MOST_BARS = 12
HEADER = (
    lazy_pgettext("csv", "figure"), lazy_pgettext("csv", "figure_name"), lazy_pgettext("csv", "of"),
    lazy_pgettext("csv", "of_name"), lazy_pgettext("csv", "value"), lazy_pgettext("csv", "unit"),
)  # fmt: skip
YEAR_FIGURES = {
    "agreed": (_l("Projects agreed"), "projects"),
    "finished": (_l("Projects finished"), "projects"),
    "people": (_l("People who took part"), "people"),
    "own_minutes": (_l("Hours in own time"), "minutes"),
    "company_minutes": (_l("Hours in company time"), "minutes"),
}


@bp.get("/figures")
@allow("public")
def figures() -> str:
    series = indicators.series(session, on=today())
    found = programme.programme(session, on=today())
    tables = {
        "fields": _named(found.by_field.parts, found.fields),
        "districts": _named(found.by_district.parts, found.districts),
        "waiting_families": _named(found.waiting.families, found.families),
        "waiting_fields": _named(found.waiting.fields, found.fields),
        "waiting_districts": _named(found.waiting.districts, found.districts),
    }
    return render_template(
        "public/figures.html",
        series=series,
        chart=charts.yearly(series),
        found=found,
        hours_of=hours_of,
        tables=tables,
        drawn={
            name: _drawn(rows, "needs" if name.startswith("waiting") else "projects")
            for name, rows in tables.items()
        },
        projects=_drawn(
            [(fiscal_year(year.fiscal_year), year.agreed) for year in found.years], "projects"
        ),
        hours=charts.hours(told) if (told := list(_hours(found))) else None,
    )


@bp.get("/figures.csv")
@allow("public")
def figures_csv() -> Response:
    """The same figures as one table; what is withheld is empty. Codes stay, names are translated;
    the English header is the one that programs may count on (docs/api.md)."""
    found = programme.programme(session, on=today())
    return csv_download("figures", [str(name) for name in HEADER], _rows(found))


def _rows(found: programme.Programme) -> Iterator[tuple[object, ...]]:
    for year in found.years:
        for name, (title, of) in YEAR_FIGURES.items():
            shown = fiscal_year(year.fiscal_year)
            yield f"year_{name}", title, year.fiscal_year, shown, getattr(year, name), unit(of)
    for name, title, of, parts, rows in (
        ("projects_by_field", _("Projects by field"), "projects", found.by_field.parts,
         found.fields),
        ("projects_by_district", _("Projects by district"), "projects", found.by_district.parts,
         found.districts),
        ("open_needs_by_field", _("Open needs by field"), "needs", found.waiting.fields,
         found.fields),
        ("open_needs_by_district", _("Open needs by district"), "needs", found.waiting.districts,
         found.districts),
        ("open_needs_by_skill_family", _("Open needs by skill"), "needs", found.waiting.families,
         found.families),
    ):  # fmt: skip
        for code, value in sorted(parts.items()):
            yield name, title, code or "city", _name(code, rows), value, unit(of)


def _name(code: str, rows: Mapping[str, Any]) -> str:
    return label(rows.get(code)) or _("Whole city")


def _named(
    parts: Mapping[str, int | None], rows: Mapping[str, Any]
) -> list[tuple[str, int | None]]:
    """Names and figures, most first, what is withheld last."""
    named = [(_name(code, rows), count) for code, count in parts.items()]
    return sorted(named, key=lambda row: (-(row[1] or 0), row[0]))


def _drawn(rows: list[tuple[str, int | None]], of: str) -> charts.Chart | None:
    told = [(name, count) for name, count in rows if count is not None]
    return charts.amounts(told[:MOST_BARS], unit(of)) if told else None


def _hours(found: programme.Programme) -> Iterator[tuple[int, int, int]]:
    for year in found.years:
        if year.own_minutes is not None and year.company_minutes is not None:
            yield year.fiscal_year, year.company_minutes, year.own_minutes
