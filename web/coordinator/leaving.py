"""Somebody without an account asks for their data, or to be erased: on paper, by telephone."""

from __future__ import annotations

import io
import json
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.services import erasure, own_data
from web.access import actor, allow
from web.coordinator import bp
from web.db import leave_no_trace, now, session, today
from web.forms import (
    BaseForm,
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    Required,
    apply_errors,
)
from web.labels import choices
from web.page import Page
from web.refusals import sentence


class ErasePersonForm(BaseForm):
    version = HiddenField()
    channel = RadioField(_l("How did the person ask?"), [Required("not_chosen")])
    said_on = DateField(_l("When?"), [Required()])
    identity = BooleanField(_l("I made sure that it was really this person"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["channel"].choices = choices("channel")


@bp.post("/people/<string:professional_id>/data.json")
@allow("coordinator")
def person_data(professional_id: str) -> Response:
    found = own_data.export_person(
        session, actor=actor(), now=now(), professional_id=professional_id
    )
    body = json.dumps(found, ensure_ascii=False, indent=1).encode()
    return send_file(
        io.BytesIO(body), "application/json", as_attachment=True,
        download_name=f"data-{professional_id}.json",
    )  # fmt: skip


@bp.route("/people/<string:professional_id>/erase", methods=["GET", "POST"])
@allow("coordinator")
def erase_person(professional_id: str) -> Page:
    person, hindering = erasure.person_hindrances(
        session, actor=actor(), professional_id=professional_id
    )
    form = ErasePersonForm(data={"version": person.version, "said_on": today()})
    if form.validate_on_submit():
        try:
            erasure.erase_person(
                session, actor=actor(), now=now(), today=today(),
                professional_id=professional_id, data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Erased. Figures of past years stay as they are, without the name."), "success")
            answer = redirect(url_for("coordinator.people"), 303)
            answer.call_on_close(leave_no_trace())
            return answer
    page = render_template(
        "coordinator/erase-person.html", form=form, person=person,
        hindering=[sentence(code) for code in hindering],
    )  # fmt: skip
    return page, 422 if form.errors else 200
