"""What a company's officer sees: those who agreed, by fiscal year, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.errors import Invalid
from matchmaker.services import company_reports, participation
from web import company_words
from web.access import actor, allow
from web.company import bp
from web.db import now, session, today
from web.downloads import csv_download, xlsx_book
from web.formats import label
from web.forms import BaseForm, StringField, apply_errors
from web.labels import word
from web.papers.company import company_report
from web.pdf import download
from web.year_figures import CELL_HEADS, hours_of, runs

HEADER = (
    _l("Fiscal year"), _l("Name"), _l("Reading"), _l("Project"), _l("Group"), _l("District"),
    _l("Joined on"), _l("State"), _l("Company time (hours)"), _l("Own time (hours)"),
)  # fmt: skip
YEARS = (
    _l("Fiscal year"), _l("Employees"), _l("Groups"), _l("Projects"),
    _l("Company time (hours)"), _l("Own time (hours)"),
)  # fmt: skip


class HourValueForm(BaseForm):
    """What an hour in company time is worth."""

    value = StringField(_l("Yen an hour"))
    source = StringField(_l("Where the figure comes from"))


@bp.get("")
@allow("company")
def home() -> AnyResponse | str:
    companies = participation.companies_of(session, actor=actor())
    if len(companies) == 1:
        return redirect(url_for("company.report", company_id=companies[0].id))
    return render_template("company/home.html", companies=companies)


def asked(company_id: str) -> company_reports.Report:
    """The report of the year the reader asked for, else of the latest with anybody."""
    return company_reports.report(
        session,
        actor=actor(),
        company_id=company_id,
        year=request.args.get("year", type=int),
        today=today(),
    )


@bp.get("/<company_id>")
@allow("company")
def report(company_id: str) -> str:
    found = asked(company_id)
    return render_template(
        "company/report.html",
        found=found,
        report=found.year,
        words=company_words,
        hours_of=hours_of,
        running=runs(found.year.fiscal_year, today()),
        chart=company_words.hours(found),
    )


@bp.get("/<company_id>/participation.csv")
@allow("company")
def report_csv(company_id: str) -> Response:
    year = asked(company_id).year
    return csv_download(f"participation-{year.fiscal_year}", HEADER, lines(year))


@bp.get("/<company_id>/participation.xlsx")
@allow("company")
def report_xlsx(company_id: str) -> Response:
    found = asked(company_id)
    return xlsx_book(
        f"participation-{found.year.fiscal_year}",
        [
            (_("Participation"), HEADER, lines(found.year)),
            (_("Year by year"), YEARS, _years(found)),
            *((name, (name, _("Projects")), rows) for name, rows in company_words.tables(found)),
            (_("Inputs, outputs, impacts"), (_("Stage"), *CELL_HEADS, _("Remarks")),
             [(each.name, *each.figure.cells, each.figure.note)
              for each in company_words.stages(found)]),
        ],
    )  # fmt: skip


@bp.get("/<company_id>/participation.pdf")
@allow("company")
def report_pdf(company_id: str) -> Response:
    found = asked(company_id)
    return download(company_report(found, on=today()), f"participation-{found.year.fiscal_year}")


@bp.route("/<company_id>/hour-value", methods=["GET", "POST"])
@allow("company")
def hour_value(company_id: str) -> str | tuple[str, int] | AnyResponse:
    company = asked(company_id).year.company
    known = {"value": company.hour_value or "", "source": company.hour_value_source}
    form = HourValueForm(data=known)
    if form.validate_on_submit():
        try:
            company_reports.set_hour_value(
                session, actor=actor(), now=now(), company_id=company_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. It stands beside the hours in the report."), "success")
            return redirect(url_for("company.report", company_id=company_id), 303)
    page = render_template("company/hour-value.html", form=form, company=company)
    return (page, 422) if form.errors else page


def _years(found: company_reports.Report) -> Iterator[tuple[Any, ...]]:
    for each in found.years:
        yield (
            each.fiscal_year, each.people, each.groups, each.projects,
            hours_of(each.company_minutes), hours_of(each.own_minutes),
        )  # fmt: skip


def lines(year: participation.CompanyYear) -> Iterator[tuple[Any, ...]]:
    """A row for every part in a project."""
    for part in year.parts:
        yield (
            year.fiscal_year, part.professional_name, part.professional_kana, part.project_title,
            part.group_name, label(part.district), part.joined_on,
            word(part.project_state, "project_state"),
            hours_of(part.company_minutes), hours_of(part.own_minutes),
        )  # fmt: skip
