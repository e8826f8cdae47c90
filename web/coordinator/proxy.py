"""Writing for people who use paper or the telephone: first, who said so, how and when."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from web import on_behalf as note
from web.access import allow
from web.coordinator import bp
from web.db import today
from web.forms import (
    BaseForm,
    DateField,
    HiddenField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)
from web.labels import choices
from web.page import Page


class OnBehalfForm(BaseForm):
    said_by = StringField(_l("Who said so?"), [Required()])
    channel = RadioField(_l("How?"), [Required("not_chosen")])
    said_on = DateField(_l("When?"), [Required()])
    next = HiddenField()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["channel"].choices = choices("channel")


@bp.route("/on-behalf", methods=["GET", "POST"])
@allow("coordinator")
def on_behalf() -> Page:
    kept = note.current()
    stored = kept.model_dump() if kept else {"said_on": today()}
    form = OnBehalfForm(data={**stored, "next": request.args.get("next", "")})
    if form.validate_on_submit():
        try:
            note.begin({**form.data, "said_on": form.said_on.data.isoformat()})
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            return redirect(_inside(form.next.data), 303)
    shown = render_template("coordinator/on-behalf.html", form=form, kept=kept)
    return shown, 422 if form.errors else 200


@bp.post("/on-behalf/end")
@allow("coordinator")
def end_on_behalf() -> Page:
    note.end()
    flash(_("You no longer write for others."), "success")
    return redirect(url_for("coordinator.groups"), 303)


def _inside(address: str | None) -> str:
    """Only the group pages of this site; anything else leads to registering a group."""
    if address and address.startswith("/group/") and "\\" not in address and "//" not in address:
        return address
    return url_for("group.register")
