"""A sent round on paper, for the public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from matchmaker.services.round_reports import Counted, RoundReport
from web.fairness_words import promise_lines, rule_lines
from web.formats import number
from web.pdf import Block, Paper, heading, items, table, text


def round_report(
    report: RoundReport, title: str, parts: Mapping[str, Any], why: Mapping[str, Any], other: Any
) -> Paper:
    """What the public page says of a sent round, as a document."""
    on = report.sent_at.date() if report.sent_at else date(2000, 1, 1)
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
