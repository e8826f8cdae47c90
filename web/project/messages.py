"""What the people of a project write to each other."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import project_messages as messages
from web.access import actor
from web.db import now, session
from web.forms import apply_errors
from web.page import Page
from web.project_forms import MessageForm
from web.sides import address, both_sides, onward


@both_sides("/messages", methods=("GET", "POST"), asks=False)
def project_messages(side: Side, project_id: str) -> Page:
    form = MessageForm()
    given = {"actor": actor(), "side": side, "project_id": project_id}
    if form.validate_on_submit():
        try:
            messages.write(session, now=now(), data=form.data, **given)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your message is on its way."), "success")
            return onward(side, "project_messages", project_id)
    page = render_template(
        "project/messages.html", form=form, thread=messages.read(session, **given),
        back=address(side, "project", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200
