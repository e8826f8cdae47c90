"""What a company's officer sees: those who agreed, by fiscal year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.services import participation
from web.access import actor, allow
from web.company import bp
from web.db import session, today
from web.downloads import csv_download, xlsx_download
from web.labels import word
from web.papers.reports import company_year as company_paper
from web.pdf import download

HEADER = (
    _l("Fiscal year"), _l("Name"), _l("Reading"), _l("Project"), _l("Group"), _l("District"),
    _l("Joined on"), _l("State"), _l("Hours in company time"), _l("Hours in own time"),
)  # fmt: skip


@bp.get("")
@allow("company")
def home() -> AnyResponse | str:
    companies = participation.companies_of(session, actor=actor())
    if len(companies) == 1:
        return redirect(url_for("company.report", company_id=companies[0].id))
    return render_template("company/home.html", companies=companies)


def asked_year(company_id: str) -> participation.CompanyYear:
    """The year the reader asked for, the running one when they asked for none."""
    return participation.company_year(
        session,
        actor=actor(),
        company_id=company_id,
        year=request.args.get("year", type=int),
        today=today(),
    )


@bp.get("/<company_id>")
@allow("company")
def report(company_id: str) -> str:
    return render_template("company/report.html", report=asked_year(company_id))


@bp.get("/<company_id>/participation.csv")
@allow("company")
def report_csv(company_id: str) -> Response:
    year = asked_year(company_id)
    return csv_download(f"participation-{year.fiscal_year}", HEADER, lines(year))


@bp.get("/<company_id>/participation.xlsx")
@allow("company")
def report_xlsx(company_id: str) -> Response:
    year = asked_year(company_id)
    return xlsx_download(f"participation-{year.fiscal_year}", HEADER, lines(year))


@bp.get("/<company_id>/participation.pdf")
@allow("company")
def report_pdf(company_id: str) -> Response:
    year = asked_year(company_id)
    return download(company_paper(year, on=today()), f"participation-{year.fiscal_year}")


def lines(year: participation.CompanyYear) -> Iterator[tuple[Any, ...]]:
    """A row for every part in a project."""
    for part in year.parts:
        yield (
            year.fiscal_year, part.professional_name, part.professional_kana, part.project_title,
            part.group_name, part.district.label_ja if part.district else "", part.joined_on,
            word(part.project_state, "project_state"),
            round(part.company_minutes / 60, 2), round(part.own_minutes / 60, 2),
        )  # fmt: skip
