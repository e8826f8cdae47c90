"""The pack for the yearly review: indicators in the plan's layout, the programme, PDCA words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.models import YearReview
from matchmaker.services.plan_indicators import Line
from matchmaker.services.yearbook import Year
from web import charts
from web.charts import Chart
from web.formats import fiscal_year, label, number, plain_date, scaled
from web.labels import word
from web.pdf import Block, Paper, beside, heading, picture, table, text
from web.year_figures import (
    Figure,
    about_running,
    hours_of,
    runs,
    table_columns,
    table_rows,
    unit,
)

WORDS: Mapping[str, Any] = {
    "changed": _l("What changed in this year"),
    "learned": _l("What we learned"),
    "questions": _l("Open questions for the committee"),
    "actions": _l("What we do about it"),
}
# What is counted, in which unit, and where it stands in a year.
COUNTED: tuple[tuple[Any, str, Callable[[Year], float | None]], ...] = (
    (_l("Matching rounds sent"), "rounds", lambda year: year.rounds),
    (_l("Needs in these rounds"), "needs", lambda year: year.asked),
    (_l("Needs that received an offer"), "needs", lambda year: year.offered),
    (_l("Projects agreed"), "projects", lambda year: year.projects),
    (_l("Projects that ended"), "projects", lambda year: year.delivered),
    (_l("Groups with a project agreed"), "groups", lambda year: year.groups),
    (_l("People who took part"), "people", lambda year: year.people),
    (_l("Employers, every participation"), "employers", lambda year: year.employers[0]),
    (_l("Employers for the first time"), "employers", lambda year: year.employers[1]),
    (_l("Confirmed hours in own time"), "hours", lambda year: hours_of(year.own_minutes)),
    (_l("Confirmed hours in company time"), "hours", lambda year: hours_of(year.company_minutes)),
    (_l("Evaluations"), "evaluations", lambda year: year.evaluations),
    (_l("Consultations"), "consultations", lambda year: sum(year.consultations.values())),
    (_l("Goal reached, mean of 1 to 5"), "points",
     lambda year: None if year.goal is None else round(year.goal, 2)),
)  # fmt: skip


def programme(year: Year, before: Year | None) -> list[Figure]:
    """What the programme did in a year, beside the year before."""
    return [
        Figure(str(name), told(year), unit(of), told(before) if before else None)
        for name, of, told in COUNTED
    ]


def committee_pack(
    year: Year,
    before: Year | None,
    sections: Mapping[int, Sequence[Line]],
    unmet: Sequence[tuple[str, int]],
    review: YearReview | None,
    *,
    chart: Chart,
    title: str,
    on: date,
) -> Paper:
    """The pack of a fiscal year, as it stands on a day."""
    name = _("Review of %(year)s", year=fiscal_year(year.fiscal_year))
    blocks: list[Block] = [
        text(_("As of %(day)s", day=plain_date(on)), "right"),
        heading(name, 1),
        heading(_("The plan's indicators")),
    ]
    for section, lines in sections.items():
        blocks += _section(section, lines)
    blocks += [
        text(_("★ marks a provisional figure. An expectation assumes that every coming year brings "
               "as much as the years since the baseline did on average."), "small"),
        heading(title, 3),
        picture(chart.svg, chart.words, chart.wide),
        heading(_("The programme in this year")),
        table(table_columns(), table_rows(programme(year, before))),
        *([text(about_running(), "small")] if runs(year.fiscal_year, on) else []),
        heading(_("Needs that were not met, by the skills that were missing")),
        *_unmet(unmet),
    ]  # fmt: skip
    for field, words in WORDS.items():
        said = getattr(review, field) if review else ""
        blocks += [heading(str(words)), text(said or _("Nothing was written."))]
    return Paper(name, blocks, on)


def _unmet(unmet: Sequence[tuple[str, int]]) -> list[Block]:
    if not unmet:
        return [text(_("None."))]
    drawn = charts.amounts(unmet, unit("needs"))
    return [
        beside(
            picture(drawn.svg, drawn.words, drawn.wide),
            table([(_("Field of skills"), 4, False), (_("Needs"), 2, True)],
                  [[skill, number(count)] for skill, count in unmet]),
        ),
        text(_("What was missing most often suggests what a course could teach."), "small"),
    ]  # fmt: skip


def _section(section: int, lines: Sequence[Line]) -> list[Block]:
    columns = [
        (_("Indicator"), 6, False), (_("Baseline"), 3, True), (_("Latest"), 3, True),
        (_("Goal"), 3, True), (_("Expected"), 3, True),
    ]  # fmt: skip
    return [
        heading(word(str(section), "plan_section"), 3),
        table(columns, [_row(line) for line in lines]),
    ]


def _row(line: Line) -> list[str]:
    each = line.indicator
    unit = label(each, "unit")

    def shown(value: float | None) -> str:
        return "–" if value is None else f"{scaled(value, each.decimals)}{unit}"

    star = "★" if each.baseline_provisional else ""
    latest = "–"
    if line.latest:
        mark = "★" if line.latest.provisional else ""
        latest = f"{mark}{shown(line.value)}\n{fiscal_year(line.latest.fiscal_year)}"
    return [
        label(each),
        f"{star}{shown(each.baseline)}\n{fiscal_year(each.baseline_year)}",
        latest,
        f"{shown(each.target)}\n{fiscal_year(each.target_year)}",
        shown(line.outlook.expected),
    ]
