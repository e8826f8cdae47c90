"""A fiscal year for the committee: figures, words, and the pack as PDF and Excel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.errors import Invalid
from matchmaker.services import indicators, plan_indicators, taxonomy, yearbook
from matchmaker.services.indicators import EMPLOYERS
from web import charts
from web.access import actor, allow
from web.city import bp
from web.db import now, session, today
from web.downloads import xlsx_book
from web.formats import label
from web.forms import BaseForm, HiddenField, TextAreaField, apply_errors
from web.labels import word
from web.papers import pack
from web.pdf import download
from web.year_figures import CELL_HEADS, runs


class ReviewForm(BaseForm):
    version = HiddenField()
    changed = TextAreaField(_l("What changed in this year"))
    learned = TextAreaField(_l("What we learned"))
    questions = TextAreaField(_l("Open questions for the committee"))
    actions = TextAreaField(_l("What we do about it"))


def _year(year: int) -> yearbook.Year:
    if year not in yearbook.years(session, on=today()):
        abort(404)
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return yearbook.year(session, actor=actor(), fiscal_year=year, zone=zone)


def _before(year: int) -> yearbook.Year | None:
    """The year before, if there is anything to tell of it."""
    return _year(year - 1) if year - 1 in yearbook.years(session, on=today()) else None


@bp.get("/years/<int:year>", endpoint="year")
@allow("city")
def one_year(year: int) -> str:
    found = _year(year)
    return render_template(
        "city/year.html",
        year=found,
        figures=pack.programme(found, _before(year)),
        running=runs(year, today()),
        unmet=_unmet(found),
        years=yearbook.years(session, on=today()),
        review=yearbook.review(session, actor=actor(), fiscal_year=year),
        words=pack.WORDS,
    )


@bp.route("/years/<int:year>/review", methods=["GET", "POST"])
@allow("city")
def write_review(year: int) -> str | tuple[str, int] | AnyResponse:
    found = _year(year)
    said = yearbook.review(session, actor=actor(), fiscal_year=year)
    known = {name: getattr(said, name) for name in pack.WORDS} if said else {}
    form = ReviewForm(data={**known, "version": str(said.version if said else 0)})
    if form.validate_on_submit():
        try:
            yearbook.write_review(
                session, actor=actor(), now=now(), fiscal_year=year, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. It stands in the pack for the committee."), "success")
            return redirect(url_for("city.year", year=year), 303)
    page = render_template("city/write-review.html", form=form, year=found)
    return (page, 422) if form.errors else page


@bp.get("/years/<int:year>/pack.pdf")
@allow("city")
def pack_pdf(year: int) -> Response:
    found = _year(year)
    series = indicators.series(session, code=EMPLOYERS, on=today()).until(year)
    paper = pack.committee_pack(
        found,
        _before(year),
        plan_indicators.overview(session, actor=actor(), on=today(), until=year),
        _unmet(found),
        yearbook.review(session, actor=actor(), fiscal_year=year),
        chart=charts.yearly(series),
        title=label(series.indicator),
        on=today(),
    )
    return download(paper, f"committee-{year}")


@bp.get("/years/<int:year>/pack.xlsx")
@allow("city")
def pack_xlsx(year: int) -> Response:
    found = _year(year)
    sections = plan_indicators.overview(session, actor=actor(), on=today(), until=year)
    return xlsx_book(
        f"committee-{year}",
        [
            (
                _("Indicators"),
                (_("Policy"), _("Indicator"), _("Unit"), _("Fiscal year"), _("Figure"),
                 _("Provisional"), _("Goal"), _("Year of the goal"), _("Source")),
                _indicator_rows(sections),
            ),
            (_("The programme"), CELL_HEADS,
             [each.cells for each in pack.programme(found, _before(year))]),
            (_("Unmet needs"), (_("Field of skills"), _("Needs")), _unmet(found)),
            (_("Words for the committee"), (_("Question"), _("Answer")), _words(year)),
        ],
    )  # fmt: skip


def _indicator_rows(sections: dict[int, list[plan_indicators.Line]]) -> Iterator[tuple[Any, ...]]:
    """A row for every figure of every indicator, numbers as numbers."""
    for section, lines in sections.items():
        for line in lines:
            each = line.indicator
            scale = 10**each.decimals
            for year, figure in sorted(line.years.items()):
                value = figure.distinct if figure.distinct is not None else figure.gross
                yield (
                    word(str(section), "plan_section"), label(each), label(each, "unit"), year,
                    value / scale if each.decimals else value,
                    _("yes") if figure.provisional else "",
                    each.target / scale if each.decimals else each.target, each.target_year,
                    figure.source_ja or _("Counted from the projects"),
                )  # fmt: skip


def _words(year: int) -> list[tuple[str, str]]:
    review = yearbook.review(session, actor=actor(), fiscal_year=year)
    return [(str(name), getattr(review, field, "")) for field, name in pack.WORDS.items()]


def _unmet(year: yearbook.Year) -> list[tuple[str, int]]:
    skills = taxonomy.skills(session)
    return [(label(skills.get(code)) or code, count) for code, count in year.unmet.items()]
