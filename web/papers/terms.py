"""The agreed terms of a project on paper: what, how long, who pays, and everybody's yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from matchmaker.services.project_terms import Sheet, Yes
from web.formats import date_range, effort, moment, plain_date
from web.labels import word
from web.pdf import Block, Paper, facts, heading, items, table, text


def terms_paper(sheet: Sheet, words: str, *, on: date) -> Paper:
    """The terms as they hold on a day; ``words``: the text in the reader's language."""
    return Paper(_("The terms"), list(_blocks(sheet, words, on)), on)


def _blocks(sheet: Sheet, words: str, on: date) -> Iterator[Block]:
    seen, need = sheet.seen, sheet.need
    yield text(plain_date(on), "right")
    yield heading(_("The terms"), 1)
    yield facts(
        [
            (_("Project"), seen.project.title),
            (_("Group"), seen.group.name),
            (_("Dates"), date_range(need.starts_on, need.ends_on) or _("To be agreed")),
            (_("How much"), _much(sheet)),
            (_("How to work together"), word(need.mode, "mode")),
            (_("Version"), version(sheet)),
        ]
    )
    yield heading(_("The people"))
    yield items(
        " · ".join(filter(None, (each.person.name, each.role.title if each.role else "")))
        for each in seen.members
        if not each.stay.left_on
    )
    yield heading(_("Agreed results"))
    yield items(sheet.scope.deliverables or [_("To be agreed")])
    yield heading(_("Expenses"))
    yield text(sheet.scope.expenses or _("Nothing was agreed beside the text below."))
    yield heading(_("The text of the terms"))
    yield text(words)
    yield heading(_("Who accepted"))
    if not sheet.said:
        yield text(_("Nobody has accepted the terms yet."))
        return
    yield table(
        [(_("Name"), 4, False), (_("Side"), 3, False), (_("Version"), 3, False),
         (_("When"), 4, False)],
        [_row(each) for each in sheet.said],
    )  # fmt: skip
    if not sheet.agreed:
        yield text(_("Not everybody has accepted the newest version yet."), "note")


def _row(yes: Yes) -> list[str]:
    given = yes.acceptance
    return [
        yes.name or "–", word(given.side, "side"), numbers(given.number, given.scope),
        moment(given.accepted_at),
    ]  # fmt: skip


def version(sheet: Sheet) -> str:
    """Which versions hold now."""
    return numbers(sheet.words.number or 1, sheet.scope.number)


def numbers(text_number: int, scope: int) -> str:
    """The version of the text and, where the project wrote its own, of its results."""
    if not scope:
        return _("text %(number)s", number=text_number)
    return _("text %(number)s, results and expenses %(scope)s", number=text_number, scope=scope)


def _much(sheet: Sheet) -> str:
    need = sheet.need
    return effort(need.hours_per_week, need.form) if need.hours_per_week else _("To be agreed")
