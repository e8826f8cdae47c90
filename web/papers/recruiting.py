"""Whom to recruit, on paper: to be handed to companies, universities, the newsletter."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.services.recruiting import Report
from web.pdf import Block, Paper, heading, items, text
from web.recruit_words import skills, terms


def sheet(report: Report, *, home: str, on: date) -> Paper:
    """The profiles with the needs they would help; nobody's name."""
    title = _("We are looking for you")
    blocks: list[Block] = [
        heading(title, 1),
        text(
            _(
                "Working people of this city help neighbourhood associations and civic groups with "
                "what they do for a living. For the needs below, one more person is missing."
            ),
            "lead",
        ),
    ]
    for each in report.found.alone:
        blocks.append(heading(skills(each.profile, report.names)))
        blocks.append(text(" · ".join(terms(each.profile, home)), "small"))
        blocks.append(
            text(
                ngettext("You would help here:", "You would help at one of these:", len(each.needs))
            )
        )
        blocks.append(
            items(
                _("%(need)s (%(group)s)", need=report.names.needs.get(need, need),
                  group=report.groups.get(need, ""))
                for need in each.needs
            )
        )  # fmt: skip
    if not report.found.alone:
        blocks.append(text(_("No single person is missing.")))
    return Paper(title, blocks, on)
