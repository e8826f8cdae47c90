"""A company's fiscal year on paper: figures, years side by side, who took part, what came of it."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from matchmaker.services.company_reports import Report
from web import company_words
from web.company_words import time_of
from web.formats import fiscal_year, label, number, plain_date
from web.labels import word
from web.pdf import Block, Paper, beside, heading, items, picture, table, text
from web.year_figures import about_running, runs, table_columns, table_rows


def company_report(report: Report, *, on: date) -> Paper:
    """The report of a year, to be shown to a board as it is."""
    year = report.year
    title = _("Participation in %(year)s", year=fiscal_year(year.fiscal_year))
    blocks: list[Block] = [
        text(plain_date(on), "right"),
        heading(title, 1),
        text(year.company.name, "lead"),
        *_stages(report, on),
        *_years(report),
        heading(_("Who took part in what")),
        *_parts(report),
        *[text(line) for line in company_words.about_others(year)],
        text(
            _("Only employees who agreed that you may see their participation appear by name. They "
              "can change their mind at any time."),
            "small",
        ),
        *_results(report),
        *_where(report),
    ]  # fmt: skip
    return Paper(title, blocks, on)


def _stages(report: Report, on: date) -> list[Block]:
    told = company_words.stages(report)
    figures = table_rows(each.figure for each in told)
    remarks = [
        _("%(what)s: %(note)s", what=each.figure.what, note=each.figure.note)
        for each in told
        if each.figure.note
    ]
    if runs(report.year.fiscal_year, on):
        remarks.append(about_running())
    return [
        heading(_("Inputs, outputs, impacts")),
        table(
            [(_("Stage"), 2, False), *table_columns()],
            [[each.name, *row] for each, row in zip(told, figures, strict=True)],
        ),
        text("\n".join(remarks), "small"),
    ]


def _years(report: Report) -> list[Block]:
    if len(report.years) < 2:
        return []
    chart = company_words.hours(report)
    columns = [
        (_("Fiscal year"), 3, False), (_("Employees"), 3, True), (_("Groups"), 2, True),
        (_("Projects"), 3, True), (_("Company time"), 3, True), (_("Own time"), 3, True),
    ]  # fmt: skip
    rows = [
        [fiscal_year(each.fiscal_year), number(each.people), number(each.groups),
         number(each.projects), time_of(each.company_minutes), time_of(each.own_minutes)]
        for each in report.years
    ]  # fmt: skip
    return [
        heading(_("Year by year")),
        picture(chart.svg, chart.words, chart.wide),
        table(columns, rows),
    ]


def _parts(report: Report) -> list[Block]:
    if not report.year.parts:
        return [text(_("Nobody who agreed took part in this year."))]
    rows = [
        [part.professional_name, part.project_title,
         "\n".join(filter(None, [part.group_name, label(part.district)])),
         word(part.project_state, "project_state"), time_of(part.company_minutes),
         time_of(part.own_minutes)]
        for part in report.year.parts
    ]  # fmt: skip
    columns = [
        (_("Name"), 3, False), (_("Project"), 5, False), (_("Group"), 4, False),
        (_("State"), 3, False), (_("Company time"), 3, True), (_("Own time"), 3, True),
    ]  # fmt: skip
    return [table(columns, rows)]


def _where(report: Report) -> list[Block]:
    blocks: list[Block] = []
    for name, rows in company_words.tables(report):
        drawn = company_words.drawn(rows)
        blocks += [
            heading(name, 3),
            beside(
                picture(drawn.svg, f"{name}: {drawn.words}", drawn.wide),
                table([(name, 3, False), (_("Projects"), 2, True)],
                      [[place, number(count)] for place, count in rows]),
            ),
        ]  # fmt: skip
    if blocks:
        blocks.append(text(company_words.about_goals(), "small"))
    return blocks


def _results(report: Report) -> list[Block]:
    blocks = [heading(_("What came of it")), *map(text, company_words.results(report))]
    if report.quotes:
        blocks.append(items([company_words.quoted(each) for each in report.quotes]))
    return blocks
