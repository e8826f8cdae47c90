"""A letter of thanks on paper, to be handed over or framed."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.services.thanks import Letter
from web.formats import full_date
from web.pdf import Paper, heading, text


def thanks_paper(letter: Letter) -> Paper:
    """The letter as its group wrote it."""
    written = letter.thanks
    assert written is not None
    title = _("Letter of thanks")
    return Paper(
        title,
        [
            text(full_date(written.at), "right"),
            heading(title, 1),
            text(_("To %(name)s", name=letter.person.name), "lead"),
            text(_("For your part in “%(title)s”", title=letter.project.title)),
            text(written.text),
            text("\n".join(filter(None, (letter.group.name, letter.signed))), "right"),
        ],
        written.at.date(),
        large=True,
    )
