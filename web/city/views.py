"""The city's indicators: where they stand, how they are counted, the rows behind them."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.errors import Invalid
from matchmaker.services import indicators, plan_indicators, yearbook
from matchmaker.services.fiscal import fiscal_year
from web import charts
from web.access import actor, allow
from web.city import bp
from web.db import now, session, today
from web.downloads import csv_download
from web.forms import (
    BaseForm,
    BooleanField,
    DateField,
    IntegerField,
    Required,
    StringField,
    apply_errors,
)

FIGURES = (
    _l("Fiscal year"), _l("Gross"), _l("Distinct"), _l("New that year"), _l("Provisional"),
    _l("Kept on"), _l("Gross, counted today"), _l("Distinct, counted today"),
)  # fmt: skip
ROWS = (
    _l("Fiscal year"), _l("Agreed on"), _l("Project"), _l("Group"), _l("Employer"),
    _l("People"), _l("First time"),
)  # fmt: skip


class FreezeForm(BaseForm):
    """Which year's figures are to be kept."""

    year = IntegerField(_l("Fiscal year"))


class EntryForm(BaseForm):
    """A figure measured elsewhere."""

    year = StringField(_l("Fiscal year (the year in which it begins)"), [Required()])
    value = StringField(_l("Figure"), [Required()])
    provisional = BooleanField(_l("Provisional (★)"))
    source = StringField(_l("Where the figure comes from"), [Required()])
    measured_on = DateField(_l("Measured on"), [Required()])


@bp.get("")
@allow("city")
def home() -> str:
    return render_template(
        "city/home.html",
        sections=plan_indicators.overview(session, actor=actor(), on=today()),
        years=yearbook.years(session, on=today()),
    )


@bp.route("/indicators/<code>", methods=["GET", "POST"])
@allow("city")
def indicator(code: str) -> str | tuple[str, int] | AnyResponse:
    line = plan_indicators.line(session, actor=actor(), code=code, on=today())
    if not line.indicator.counted:
        return _entered(line)
    series = indicators.series(session, code=code, on=today())
    rows = indicators.participations(session, on=today())[::-1]
    years = sorted({row.fiscal_year for row in rows}, reverse=True)
    year = request.args.get("year", default=years[0] if years else 0, type=int)
    return render_template(
        "city/indicator.html",
        series=series,
        line=line,
        chart=charts.yearly(series),
        rows=[row for row in rows if row.fiscal_year == year],
        years=years,
        year=year,
        freezable=indicators.freezable(series),
        form=FreezeForm(),
    )


def _entered(line: plan_indicators.Line) -> str | tuple[str, int] | AnyResponse:
    """An indicator that is entered by hand: its figures, and the form for the next one."""
    code = line.indicator.code
    form = EntryForm(data={"year": str(fiscal_year(today())), "measured_on": today()})
    if actor().city and form.is_submitted():
        sound = form.validate()
        try:
            plan_indicators.check(session, actor=actor(), today=today(), code=code, data=form.data)
        except Invalid as refused:
            unsaid = [each for each in refused.errors if not form[each.field].errors]
            apply_errors(form, Invalid(unsaid))
            sound = False
        if sound:
            plan_indicators.enter(
                session, actor=actor(), now=now(), today=today(), code=code, data=form.data
            )
            flash(_("The figure is stored."), "success")
            return redirect(url_for("city.indicator", code=code), 303)
    page = render_template("city/entered-indicator.html", line=line, form=form)
    return (page, 422) if form.errors else page


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
            year.frozen_at.date() if year.frozen_at else None,
            *(year.recounted or (None, None)),
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
