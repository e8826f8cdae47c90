"""The city's indicators: where they stand, how they are counted, the rows behind them."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.services import indicators
from web import charts
from web.access import actor, allow
from web.city import bp
from web.db import now, session, today
from web.downloads import csv_download
from web.forms import BaseForm, IntegerField

FIGURES = (
    _l("Fiscal year"), _l("Gross"), _l("Distinct"), _l("New that year"), _l("Provisional"),
)  # fmt: skip
ROWS = (
    _l("Fiscal year"), _l("Agreed on"), _l("Project"), _l("Group"), _l("Employer"),
    _l("People"), _l("First time"),
)  # fmt: skip


class FreezeForm(BaseForm):
    """Which year's figures are to be kept."""

    year = IntegerField(_l("Fiscal year"))


@bp.get("")
@allow("city")
def home() -> str:
    series = indicators.series(session, on=today())
    return render_template("city/home.html", series=series)


@bp.get("/indicators/<code>")
@allow("city")
def indicator(code: str) -> str:
    series = indicators.series(session, code=code, on=today())
    rows = indicators.participations(session, on=today())[::-1]
    years = sorted({row.fiscal_year for row in rows}, reverse=True)
    year = request.args.get("year", default=years[0] if years else 0, type=int)
    return render_template(
        "city/indicator.html",
        series=series,
        chart=charts.yearly(series),
        rows=[row for row in rows if row.fiscal_year == year],
        years=years,
        year=year,
        freezable=indicators.freezable(series),
        form=FreezeForm(),
    )


@bp.get("/indicators/<code>/figures.csv")
@allow("city")
def figures_csv(code: str) -> Response:
    series = indicators.series(session, code=code, on=today())
    rows = (
        (
            year.fiscal_year,
            year.gross,
            year.distinct,
            year.new,
            _("yes") if year.provisional else "",
        )
        for year in series.years
    )
    return csv_download(f"{code}-figures", FIGURES, rows)


@bp.get("/indicators/<code>/rows.csv")
@allow("city")
def rows_csv(code: str) -> Response:
    indicators.series(session, code=code, on=today())
    rows = (
        (
            row.fiscal_year, row.agreed_on, row.project_title, row.group_name, row.company_name,
            row.people, _("yes") if row.first_time else "",
        )
        for row in indicators.participations(session, on=today())
    )  # fmt: skip
    return csv_download(f"{code}-rows", ROWS, rows)


@bp.post("/indicators/<code>/freeze")
@allow("city")
def freeze(code: str) -> AnyResponse:
    form = FreezeForm()
    indicators.freeze(
        session, actor=actor(), code=code, year=form.year.data or 0, today=today(), now=now()
    )
    flash(_("The figures of this year are kept as they are."), "success")
    return redirect(url_for("city.indicator", code=code), 303)
