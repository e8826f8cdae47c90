"""What a group shows of itself: one page to decide on, with a preview."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import group_directory, group_publicity, groups
from web.access import actor, allow
from web.db import now, session, today
from web.forms import BaseForm, BooleanField, CheckboxesField, HiddenField, apply_errors
from web.group import bp
from web.group.proxy import ask_first, note_for
from web.labels import choices
from web.page import Page


class PublicityForm(BaseForm):
    version = HiddenField()
    public = BooleanField(_l("Show the group in the public directory"))
    parts = CheckboxesField(_l("What its page shows beside the name"))

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self["parts"].choices = choices("public_part")


@bp.route("/<string:group_id>/public", methods=["GET", "POST"])
@allow("group")
def publicity(group_id: str) -> Page:
    group = groups.find(session, actor=actor(), group_id=group_id)
    if note := ask_first(group_id):
        return note
    form = PublicityForm(data={"version": group.version, "public": group.public,
                               "parts": group.public_parts})  # fmt: skip
    if form.validate_on_submit() and "preview" not in request.form:
        try:
            group_publicity.save(
                session, actor=actor(), now=now(), group_id=group_id, data=form.data,
                on_behalf=note_for(group_id),
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. This is what everybody sees."), "success")
            return redirect(url_for(".publicity", group_id=group_id), 303)
    seen = group_directory.preview(
        session, group=group, public=True, on=today(),
        parts=[part for part in form["parts"].data or () if part in group_publicity.PARTS],
    )  # fmt: skip
    page = render_template("group/publicity.html", form=form, group=group, seen=seen)
    return page, 422 if form.errors else 200
