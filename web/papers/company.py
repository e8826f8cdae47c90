"""A company's fiscal year on paper: figures, years side by side, who took part, what came of it."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from matchmaker.services.company_reports import Report
from web import company_words
from web.formats import fiscal_year, label, minutes, number, plain_date
from web.labels import word
from web.pdf import Block, Paper, facts, heading, items, picture, table, text


def company_report(report: Report, *, on: date) -> Paper:
    """The report of a year, to be shown to a board as it is."""
    year = report.year
    title = _("Participation in %(year)s", year=fiscal_year(year.fiscal_year))
    blocks: list[Block] = [
        text(plain_date(on), "right"),
        heading(title, 1),
        text(year.company.name, "lead"),
        facts(
            [
                (_("Employees shown by name"), number(year.people)),
                (_("Groups helped"), number(year.groups)),
                (_("Projects"), number(year.projects)),
                (_("Hours in company time"), minutes(year.company_minutes)),
                (_("Hours in own time"), minutes(year.own_minutes)),
            ],
            width=4,
        ),
        *_years(report),
        heading(_("Who took part in what")),
        *_parts(report),
        *[text(line) for line in company_words.about_others(year)],
        *_where(report),
        *_results(report),
        heading(_("Inputs, outputs, impacts")),
        table(
            [(_("Stage"), 2, False), (_("What is counted"), 4, False), (_("Figure"), 3, True),
             (_("Remarks"), 6, False)],
            [list(row) for row in company_words.stages(report)],
        ),
        text(
            _("Only employees who agreed that you may see their participation appear by name. They "
              "can change their mind at any time."),
            "small",
        ),
    ]  # fmt: skip
    return Paper(title, blocks, on)


def _years(report: Report) -> list[Block]:
    if len(report.years) < 2:
        return []
    chart = company_words.hours(report)
    columns = [
        (_("Fiscal year"), 3, False), (_("Employees"), 2, True), (_("Groups"), 2, True),
        (_("Projects"), 3, True), (_("Company time"), 3, True), (_("Own time"), 3, True),
    ]  # fmt: skip
    rows = [
        [fiscal_year(each.fiscal_year), number(each.people), number(each.groups),
         number(each.projects), minutes(each.company_minutes), minutes(each.own_minutes)]
        for each in report.years
    ]  # fmt: skip
    return [heading(_("Year by year")), picture(chart.svg, chart.words, 110), table(columns, rows)]


def _parts(report: Report) -> list[Block]:
    if not report.year.parts:
        return [text(_("Nobody who agreed took part in this year."))]
    rows = [
        [part.professional_name, part.project_title,
         "\n".join(filter(None, [part.group_name, label(part.district)])),
         word(part.project_state, "project_state"), minutes(part.company_minutes),
         minutes(part.own_minutes)]
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
            picture(drawn.svg, f"{name}: {drawn.words}", 120),
            table([(name, 4, False), (_("Projects"), 1, True)],
                  [[place, number(count)] for place, count in rows]),
        ]  # fmt: skip
    if blocks:
        blocks.append(text(company_words.about_goals(), "small"))
    return blocks


def _results(report: Report) -> list[Block]:
    blocks = [heading(_("What came of it")), *map(text, company_words.results(report))]
    if report.quotes:
        blocks.append(items([company_words.quoted(each) for each in report.quotes]))
    return blocks
