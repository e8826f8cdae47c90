"""Activities that an insurance may not cover: what the coordinators asked and heard."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import activity_logs, insurance
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session
from web.formats import listing, minutes, plain_date
from web.forms import (
    BaseForm,
    CheckboxesField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)
from web.labels import choices, word
from web.page import Page


class InsuranceForm(BaseForm):
    entry_ids = CheckboxesField(_l("Activities"), [Required("none_chosen")])
    insurance = RadioField(_l("What does the insurer say?"), [Required("not_chosen")])
    note = StringField(_l("Who said so, and when?"), [Required()])

    def __init__(self, days: list[activity_logs.Day]) -> None:
        super().__init__(data={"entry_ids": [str(day.entry_id) for day in days]})
        self["entry_ids"].choices = [(str(day.entry_id), _said(day)) for day in days]
        self["insurance"].choices = choices("insurance")


def _said(day: activity_logs.Day) -> str:
    why = listing(word(each, "insurance_doubt") for each in day.doubts)
    return " · ".join((plain_date(day.on), day.name, minutes(day.minutes), why))


@bp.route("/projects/<string:project_id>/insurance", methods=["GET", "POST"])
@allow("coordinator")
def project_insurance(project_id: str) -> Page:
    log = activity_logs.read(session, actor=actor(), project_id=project_id)
    form = InsuranceForm([day for day in log.days if day.open])
    if form.validate_on_submit():
        try:
            insurance.answer(
                session, actor=actor(), now=now(), project_id=project_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Noted. It stands in the activity log."), "success")
            return redirect(url_for(".project", project_id=project_id), 303)
    page = render_template(
        "coordinator/insurance.html", form=form, project=log.detail.project,
        known=[day for day in log.days if day.insurance],
        back=url_for(".project", project_id=project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200
