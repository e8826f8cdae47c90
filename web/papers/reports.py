"""Reports on paper: a round for the public, a company's fiscal year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.services.participation import CompanyYear
from matchmaker.services.round_reports import Counted, RoundReport
from web.fairness_words import promise_lines, rule_lines
from web.formats import fiscal_year, label, minutes, number, plain_date
from web.labels import word
from web.pdf import Block, Paper, facts, heading, items, table, text


def round_report(
    report: RoundReport, parts: Mapping[str, Any], why: Mapping[str, Any], other: Any
) -> Paper:
    """What the public page says of a sent round, as a document."""
    on = report.sent_at.date() if report.sent_at else date(2000, 1, 1)
    title = _("The round of %(day)s", day=plain_date(report.sent_at))
    counted = [
        (_("Groups"), report.groups),
        (_("Needs"), report.needs),
        (_("Professionals"), report.people),
    ]
    blocks: list[Block] = [
        heading(title, 1),
        text(_("The rules that held, what came of the round, and what was not possible."), "lead"),
        heading(_("How many were helped")),
        table(
            [(_("What is counted"), 3, False), (_("In the round"), 2, True),
             (_("Received an offer"), 2, True), (_("None this time"), 2, True)],
            [[name, _told(row.total), _told(row.parts["helped"]), _told(row.parts["without"])]
             for name, row in counted],
        ),
        text(
            _("“Not told” stands for a count of 1 to 4, and for a count that would give such a "
              "count away."),
            "small",
        ),
        heading(_("Who asked")),
        table([(_("Kind"), 4, False), (_("How many"), 1, True)], _who_asked(report, parts)),
        heading(_("What was not possible, and why")),
        *_why_not(report.why_not, why, other),
        heading(_("How fair it was")),
        text(_days(report)),
        heading(_("The rules that held")),
        items(rule_lines(report.policy), "ordered"),
        *_prices(report),
        text(
            _("When it was worked out, a second program confirmed that nothing better was possible "
              "under these rules. Coordinators then looked at every proposal.")
            if report.proven
            else _("When it was worked out, it could not be proven at every step that nothing "
                   "better was possible. Coordinators then looked at every proposal.")
        ),
    ]  # fmt: skip
    return Paper(title, blocks, on)


def _prices(report: RoundReport) -> list[Block]:
    lines = promise_lines(report.prices)
    if not lines:
        return []
    return [heading(_("What the promises cost the others"), 3), items(lines)]


def _told(value: int | None) -> str:
    return _("not told") if value is None else number(value)


def _who_asked(report: RoundReport, parts: Mapping[str, Any]) -> list[list[str]]:
    needs = [
        [_("Needs: %(kind)s", kind=parts[name]), _told(value)]
        for name, value in report.urgency.parts.items()
    ]
    groups = [
        [_("Groups: %(kind)s", kind=parts[name]), _told(value)]
        for name, value in report.kinds.parts.items()
    ]
    return needs + groups


def _why_not(found: Counted, why: Mapping[str, Any], other: Any) -> list[Block]:
    if found.parts:
        rows = [[str(why.get(code, other)), _told(value)] for code, value in found.parts.items()]
        return [table([(_("Reason"), 4, False), (_("Needs"), 1, True)], rows)]
    if found.total == 0:
        return [text(_("Every need received an offer."))]
    return [text(_("There are too few needs to tell the reasons without pointing at one of them."))]


def _days(report: RoundReport) -> str:
    if report.days is None:
        return _("Waiting times are told when at least five groups were helped and five were not.")
    return _(
        "Half of the groups that received an offer had waited %(helped)s days or more; of the "
        "others, %(others)s days or more.",
        helped=number(report.days[0]), others=number(report.days[1]),
    )  # fmt: skip


def company_year(year: CompanyYear, *, on: date) -> Paper:
    """A company's fiscal year: figures, then who took part in what, of those who agreed."""
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
        heading(_("Who took part in what")),
    ]
    if year.parts:
        rows = [
            [part.professional_name, part.project_title,
             "\n".join(filter(None, [part.group_name, label(part.district)])),
             word(part.project_state, "project_state"), minutes(part.company_minutes),
             minutes(part.own_minutes)]
            for part in year.parts
        ]  # fmt: skip
        columns = [
            (_("Name"), 3, False), (_("Project"), 5, False), (_("Group"), 4, False),
            (_("State"), 3, False), (_("Company time"), 3, True), (_("Own time"), 3, True),
        ]  # fmt: skip
        blocks.append(table(columns, rows))
    else:
        blocks.append(text(_("Nobody who agreed took part in this year.")))
    if year.others is None:
        blocks.append(
            text(_("Further employees took part without agreeing to be shown. Their number is too "
                   "small to be told without pointing at somebody."))
        )  # fmt: skip
    elif year.others:
        blocks.append(
            text(
                ngettext(
                    "%(count)s more employee took part without agreeing to be shown.",
                    "%(count)s more employees took part without agreeing to be shown.",
                    year.others, count=number(year.others),
                )
            )
        )  # fmt: skip
    blocks.append(
        text(
            _("Only employees who agreed that you may see their participation appear by name. They "
              "can change their mind at any time."),
            "small",
        )
    )  # fmt: skip
    return Paper(title, blocks, on)
