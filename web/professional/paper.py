"""The profile on paper, for people who do not use the site."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from web.access import allow
from web.db import today
from web.labels import WORDS
from web.papers.blank_forms import paper, questions, skill_table
from web.pdf import download, items
from web.professional import bp
from web.professional.forms import InterestsForm, WhenForm, WhoForm

ROWS = 6


@bp.get("/paper-form.pdf")
@allow("public")
def paper_form() -> Response:
    """A profile to be filled in by hand, question by question as on the pages."""
    parts = [
        (_("Who you are"), [*questions(WhoForm()),
                            items([_("E-mail address")], "blanks")]),
        (_("What you can do"), skill_table(ROWS, map(str, WORDS["level"].values()))),
        (_("When and where"), questions(WhenForm())),
        (_("What matters to you"), questions(InterestsForm())),
    ]  # fmt: skip
    lead = _("Fill in what you like, leave the rest open. We enter it for you and call you back.")
    return download(paper(_("Profile of a professional"), lead, parts, on=today()), "profile")
