"""The text of the terms that both sides of a project accept: read it, publish a next one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import project_terms
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session
from web.forms import BaseForm, HiddenField, Required, StringField, TextAreaField, apply_errors
from web.page import Page


class TextForm(BaseForm):
    text_ja = TextAreaField(_l("Japanese"), [Required()])
    text_en = TextAreaField(_l("English"), [Required()])
    note = StringField(_l("Why do you change this?"), [Required()])
    based_on = HiddenField()


@bp.route("/terms", methods=["GET", "POST"])
@allow("coordinator")
def terms() -> Page:
    versions = project_terms.versions(session, actor=actor())
    words = project_terms.in_force(session)
    form = TextForm(data={"text_ja": words.ja, "text_en": words.en, "based_on": words.number})
    if form.validate_on_submit():
        try:
            project_terms.publish(session, actor=actor(), now=now(), data=form.data)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Published. New projects are asked to accept this text."), "success")
            return redirect(url_for(".terms"), 303)
    page = render_template("coordinator/terms.html", form=form, words=words, versions=versions)
    return (page, 422) if form.errors else page
