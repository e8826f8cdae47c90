"""The pack for the yearly review: indicators in the plan's layout, the programme, PDCA words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.models import YearReview
from matchmaker.services.plan_indicators import Line
from matchmaker.services.yearbook import Year
from web import charts
from web.charts import Chart
from web.formats import fiscal_year, label, minutes, number, plain_date, scaled
from web.labels import word
from web.pdf import Block, Paper, facts, heading, picture, table, text

WORDS: Mapping[str, Any] = {
    "changed": _l("What changed in this year"),
    "learned": _l("What we learned"),
    "questions": _l("Open questions for the committee"),
    "actions": _l("What we do about it"),
}
NAMES: Mapping[str, Any] = {
    "rounds": _l("Matching rounds sent"),
    "asked": _l("Needs in these rounds"),
    "offered": _l("Needs that received an offer"),
    "projects": _l("Projects agreed"),
    "delivered": _l("Projects that ended"),
    "groups": _l("Groups with a project agreed"),
    "people": _l("People who took part"),
    "participations": _l("Employers, every participation"),
    "new_employers": _l("Employers for the first time"),
    "own": _l("Confirmed hours in own time"),
    "company": _l("Confirmed hours in company time"),
    "evaluations": _l("Evaluations"),
    "consultations": _l("Consultations"),
    "goal": _l("Goal reached, mean of 1 to 5"),
}


def programme_values(year: Year) -> list[tuple[str, Any]]:
    """What the programme did in a year, numbers as numbers; hours with two decimals."""
    values = {
        "rounds": year.rounds,
        "asked": year.asked,
        "offered": year.offered,
        "projects": year.projects,
        "delivered": year.delivered,
        "groups": year.groups,
        "people": year.people,
        "participations": year.employers[0],
        "new_employers": year.employers[1],
        "own": round(year.own_minutes / 60, 2),
        "company": round(year.company_minutes / 60, 2),
        "evaluations": year.evaluations,
        "consultations": sum(year.consultations.values()),
        "goal": None if year.goal is None else round(year.goal, 2),
    }
    return [(str(NAMES[name]), value) for name, value in values.items()]


def programme_rows(year: Year) -> list[tuple[str, str]]:
    """The same in words."""
    rows = []
    for name, value in programme_values(year):
        if name == str(NAMES["own"]):
            rows.append((name, minutes(year.own_minutes)))
        elif name == str(NAMES["company"]):
            rows.append((name, minutes(year.company_minutes)))
        else:
            rows.append((name, "–" if value is None else number(value)))
    return rows


def committee_pack(
    year: Year,
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
        picture(chart.svg, chart.words, 120),
        heading(_("The programme in this year")),
        facts(programme_rows(year), width=6),
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
    drawn = charts.amounts(unmet)
    return [
        picture(drawn.svg, drawn.words, 120),
        table([(_("Field of skills"), 4, False), (_("Needs"), 1, True)],
              [[skill, number(count)] for skill, count in unmet]),
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
