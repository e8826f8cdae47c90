"""Registration and needs on paper, for groups that do not use the site."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from web.access import allow
from web.db import today
from web.group import bp
from web.group.forms import (
    ContactForm,
    EligibilityForm,
    FormForm,
    ReadinessForm,
    ScheduleForm,
    StoryForm,
    WhoForm,
)
from web.labels import WORDS, word
from web.papers.blank_forms import paper, questions, skill_table
from web.pdf import download, items

LEAD_ROLES, ROWS = 2, 3


@bp.get("/registration-form.pdf")
@allow("public")
def registration_form() -> Response:
    """A registration to be filled in by hand."""
    parts = [
        (_("The group"), questions(WhoForm())),
        (_("Eligibility"), questions(EligibilityForm())),
        (_("Contact details"), [*questions(ContactForm()), items([_("Telephone")], "blanks")]),
    ]
    lead = _("Please fill in all of it. We enter it for you and call you back.")
    return download(paper(_("Registration of a group"), lead, parts, on=today()), "registration")


@bp.get("/need-form.pdf")
@allow("public")
def need_form() -> Response:
    """A need to be filled in by hand, step by step as on the pages."""
    levels = [str(word) for word in WORDS["level"].values()]
    roles = [
        block
        for number in range(1, LEAD_ROLES + 1)
        for block in (
            items([_("Role %(num)s: what, how many people", num=number)], "blanks"),
            *skill_table(ROWS, levels),
        )
    ]
    parts = [
        (_("The group"), [items([_("Name of the group"), _("Telephone")], "blanks")]),
        (_("Form and size"), questions(FormForm())),
        (_("Your story"), questions(StoryForm())),
        (_("Roles"), roles),
        (_("When and where"), questions(ScheduleForm())),
        (_("Are you ready?"), []),
        *(
            (word(test, "readiness_test"), questions(asked))
            for test, asked in ReadinessForm().tests()
        ),
    ]
    lead = _("Write as you would tell it. We call you back and put it in shape together.")
    return download(paper(_("A need"), lead, parts, on=today()), "need")
