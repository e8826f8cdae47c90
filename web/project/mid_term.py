"""The check half-way: three questions to each side."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import MidTermCheck, Side
from matchmaker.services import mid_terms
from web.access import actor
from web.db import now, session, today
from web.forms import BaseForm, BooleanField, RadioField, Required, TextAreaField, apply_errors
from web.labels import choices
from web.page import Page
from web.sides import address, both_sides, onward, speaking


class CheckForm(BaseForm):
    on_track = RadioField(_l("Does it go as planned?"), [Required("not_chosen")])
    hours = RadioField(_l("Is the time it takes right?"), [Required("not_chosen")])
    change = TextAreaField(_l("What should change?"))
    call = BooleanField(_l("Please call me about it"))

    def __init__(self, said: MidTermCheck | None) -> None:
        super().__init__(data=said.model_dump() if said else None)
        self["on_track"].choices = choices("on_track")
        self["hours"].choices = choices("hours_right")


@both_sides("/mid-term", methods=("GET", "POST"))
def mid_term(side: Side, project_id: str) -> Page:
    project, said = mid_terms.mine(session, actor=actor(), side=side, project_id=project_id)
    form = CheckForm(said)
    if form.validate_on_submit():
        try:
            mid_terms.say(
                session, now=now(), today=today(), data=form.data, **speaking(side, project_id)
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you. The other side and the coordinators read it."), "success")
            return onward(side, "project_plan", project_id)
    page = render_template(
        "project/mid-term.html", form=form, project=project,
        possible=project.state in mid_terms.OPEN, home=address(side, "project", project_id),
        back=address(side, "project_plan", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200
