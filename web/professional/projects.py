"""A professional's project: what was agreed, and the hours given to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import hours
from web.access import actor, allow
from web.db import now, session, today
from web.forms import (
    BaseForm,
    DateField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)
from web.labels import choices
from web.page import Page
from web.professional import bp


class HoursForm(BaseForm):
    worked_on = DateField(_l("On which day?"), [Required()])
    hours = StringField(_l("Hours"))
    minutes = StringField(_l("Minutes"))
    payer = RadioField(_l("In whose time?"), [Required("not_chosen")], default="own")
    note = StringField(_l("What did you do?"))


@bp.route("/projects/<string:project_id>", methods=["GET", "POST"])
@allow("professional")
def project(project_id: str) -> Page:
    sheet = hours.my_sheet(session, actor=actor(), today=today(), project_id=project_id)
    form = HoursForm(data={"worked_on": today(), "payer": "own"})
    form["payer"].choices = choices("payer") if sheet.employed else choices("payer")[:1]
    if form.validate_on_submit():
        try:
            hours.log(
                session, actor=actor(), now=now(), today=today(), project_id=project_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your hours are noted. They count once the group has confirmed them."),
                  "success")  # fmt: skip
            return redirect(url_for(".project", project_id=project_id), 303)
    page = render_template("professional/project.html", form=form, sheet=sheet)
    return page, 422 if form.errors else 200


@bp.post("/hours/<int:entry_id>/take-back")
@allow("professional")
def take_back_hours(entry_id: int) -> Page:
    found = hours.take_back(session, actor=actor(), now=now(), today=today(), entry_id=entry_id)
    flash(_("The entry is removed."), "success")
    return redirect(url_for(".project", project_id=found.id), 303)
