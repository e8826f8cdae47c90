"""The activity log of a project on paper: roster and days, for an insurance claim or the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.activity_logs import ActivityLog, Day
from matchmaker.services.expenses import Line
from web.formats import date_range, listing, minutes, plain_date, yen
from web.labels import word
from web.pdf import Block, Paper, facts, heading, table, text
from web.project_words import yes_line


def log_paper(log: ActivityLog, *, on: date) -> Paper:
    """Who took part from when until when, and every day with its hours."""
    title = _("Activity log")
    return Paper(title, list(_blocks(log, title, on)), on)


def _blocks(log: ActivityLog, title: str, on: date) -> Iterator[Block]:
    project, group = log.detail.project, log.detail.group
    contact = listing(filter(None, [group.contact_name, group.contact_email]))
    yield text(plain_date(on), "right")
    yield heading(title, 1)
    yield facts(
        [
            (_("Project"), project.title),
            (_("Group"), group.name),
            (_("Contact details"), contact or "–"),
            (_("Agreed on"), plain_date(project.agreed_on)),
            (_("From and until"), date_range(project.started_on, project.ended_on) or "–"),
            (_("How to work together"), word(log.detail.need.mode, "mode")),
            (_("The terms"), _terms(log)),
        ]
    )
    if project.goal:
        yield heading(_("What we want to reach"))
        yield text(project.goal)
    yield heading(_("Who took part"))
    yield table(
        [(_("Name"), 4, False), (_("Role"), 4, False), (_("From and until"), 5, False)],
        [
            [each.person.name, each.role.title if each.role else "–",
             date_range(each.member.joined_on, each.member.left_on or project.ended_on)]
            for each in log.detail.stays
        ],
    )  # fmt: skip
    yield heading(_("Days"))
    if log.days:
        columns = [
            (_("Day"), 3, False), (_("Name"), 3, False), (_("What"), 4, False),
            (_("Where"), 3, False), (_("Whose time"), 3, False), (_("Hours"), 2, True),
            (_("State"), 3, False),
        ]  # fmt: skip
        yield table(columns, [_row(day) for day in log.days])
    else:
        yield text(_("No hours were noted."))
    if any(day.doubts for day in log.days):
        yield heading(_("Days to ask the insurer about"))
        yield text(
            _("At home, online, outside the city or in company time it is for the insurer to say "
              "whether a day is covered."),
            "small",
        )  # fmt: skip
        yield table(
            [(_("Day"), 3, False), (_("Name"), 3, False), (_("Why"), 4, False),
             (_("What the insurer says"), 5, False)],
            [_doubt(day) for day in log.days if day.doubts],
        )  # fmt: skip
    if log.expenses:
        yield heading(_("Expenses"))
        yield table(
            [(_("Day"), 3, False), (_("Name"), 3, False), (_("What for"), 5, False),
             (_("Who bears it"), 3, False), (_("Amount"), 2, True), (_("State"), 2, False)],
            [_spent(line) for line in log.expenses],
        )  # fmt: skip


def _doubt(day: Day) -> list[str]:
    why = listing(word(each, "insurance_doubt") for each in day.doubts)
    known = [word(day.insurance, "insurance"), day.insurance_note] if day.insurance else []
    return [plain_date(day.on), day.name, why, " · ".join(known) or _("not asked yet")]


def _spent(line: Line) -> list[str]:
    spent = line.expense
    return [
        plain_date(spent.spent_on), line.person.name, spent.purpose,
        word(spent.payer, "expense_payer"), yen(spent.yen),
        _("confirmed") if spent.confirmed_at else _("not confirmed"),
    ]  # fmt: skip


def _row(day: Day) -> list[str]:
    return [
        plain_date(day.on), day.name, day.note or day.role or "–",
        word(day.place, "activity_place") if day.place else "–", word(day.payer, "payer"),
        minutes(day.minutes), _("confirmed") if day.confirmed else _("not confirmed"),
    ]  # fmt: skip


HEADS = (
    _l("Day"), _l("Name"), _l("Role"), _l("Activity in minutes"), _l("Whose time"),
    _l("What was done"), _l("State"), _l("Where"), _l("Travel, in minutes"),
    _l("What to ask the insurer about"), _l("What the insurer says"), _l("Who answered, and when"),
)  # fmt: skip


def cells(day: Day) -> tuple[Any, ...]:
    """A day in the order of ``HEADS``."""
    return (
        day.on, day.name, day.role, day.minutes, word(day.payer, "payer"), day.note,
        _("confirmed") if day.confirmed else _("not confirmed"),
        word(day.place, "activity_place") if day.place else "", day.travel_minutes,
        ";".join(word(each, "insurance_doubt") for each in day.doubts),
        word(day.insurance, "insurance") if day.insurance else "", day.insurance_note,
    )  # fmt: skip


def _terms(log: ActivityLog) -> str:
    if not log.agreed:
        return _("Nobody has accepted the terms yet.")
    return "\n".join(yes_line(each) for each in log.agreed)
