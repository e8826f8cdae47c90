"""Half a year and a year later: what is in use, what changed, what was kept."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import deliverables, follow_ups
from web.access import actor
from web.db import now, session, today
from web.forms import BaseForm, RadioField, Required, TextAreaField, apply_errors
from web.labels import choices
from web.page import Page
from web.sides import address, both_sides, onward, speaking


class FollowUpForm(BaseForm):
    in_use = RadioField(_l("Is the result still in use?"), [Required("not_chosen")])
    text = TextAreaField("")
    again = RadioField(_l("Would you do it again?"), [Required("not_chosen")])

    def __init__(self, asked: follow_ups.Question) -> None:
        said = asked.mine
        known = said.model_dump() if said else {}
        if said and said.again is not None:
            known["again"] = "yes" if said.again else "no"
        super().__init__(data=known)
        self["in_use"].choices = choices("use")
        self["again"].choices = choices("yes_no")
        if asked.side == Side.PROFESSIONAL:
            del self["in_use"]


@both_sides("/follow-up", methods=("GET", "POST"))
def follow_up(side: Side, project_id: str) -> Page:
    asked = follow_ups.question(
        session, actor=actor(), today=today(), side=side, project_id=project_id
    )
    form = FollowUpForm(asked)
    if form.validate_on_submit():
        try:
            follow_ups.say(
                session, now=now(), today=today(), data=form.data, **speaking(side, project_id)
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you. This is how others learn what helps."), "success")
            return onward(side, "project", project_id)
    page = render_template(
        "project/follow-up.html", form=form, asked=asked, side=side.value,
        results=deliverables.of_project(session, project_id),
        back=address(side, "project", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200
