"""The activity log of a project on paper: roster and days, for an insurance claim or the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from matchmaker.services.activity_logs import ActivityLog, Day
from web.formats import date_range, listing, minutes, plain_date
from web.labels import word
from web.pdf import Block, Paper, facts, heading, table, text


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
    if not log.days:
        yield text(_("No hours were noted."))
        return
    columns = [
        (_("Day"), 3, False), (_("Name"), 3, False), (_("What"), 5, False),
        (_("Whose time"), 3, False), (_("Hours"), 2, True), (_("State"), 2, False),
    ]  # fmt: skip
    yield table(columns, [_row(day) for day in log.days])
    yield text(
        _("Whether an insurance covers work at home, online or in company time is for the insurer "
          "to say; please ask before a claim."),
        "small",
    )  # fmt: skip


def _row(day: Day) -> list[str]:
    return [
        plain_date(day.on), day.name, day.note or day.role or "–", word(day.payer, "payer"),
        minutes(day.minutes), _("confirmed") if day.confirmed else _("not confirmed"),
    ]  # fmt: skip


def _terms(log: ActivityLog) -> str:
    if not log.agreed:
        return _("Nobody has accepted the terms yet.")
    return "\n".join(
        _("%(name)s accepted version %(number)s on %(date)s.", name=each.name or _("The group"),
          number=each.acceptance.number, date=plain_date(each.acceptance.accepted_at.date()))
        for each in log.agreed
    )  # fmt: skip
