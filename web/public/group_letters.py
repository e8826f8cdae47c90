"""Writing to a group through the site: its address stays with the site."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid, NotFound
from matchmaker.services import group_directory, group_letters
from web.access import allow
from web.db import now, session, today
from web.extensions import limiter
from web.field_errors import field_sentence
from web.forms import (
    BaseForm,
    EmailField,
    Required,
    StringField,
    TextAreaField,
    apply_errors,
    validators,
)
from web.page import Page
from web.public import bp


class LetterForm(BaseForm):
    name = StringField(_l("Your name"), [Required()])
    email = EmailField(_l("Your e-mail address"), [Required()])
    text = TextAreaField(_l("Your letter"), [Required()])
    homepage = StringField(  # hidden: only machines fill it in
        _l("Please leave this empty"), render_kw={"tabindex": "-1", "autocomplete": "off"}
    )

    def validate_homepage(self, field: StringField) -> None:
        """Refuse a letter with the trap filled in, and say so: a person may have done it."""
        if field.data:
            raise validators.ValidationError(field_sentence("leave_empty"))


@bp.route("/groups/<string:group_id>/letter", methods=["GET", "POST"])
@allow("public")
@limiter.limit("10 per hour", methods=["POST"])
def write_to_group(group_id: str) -> Page:
    seen = group_directory.public_group(session, group_id=group_id, on=today())
    if not seen.letters:
        raise NotFound("group_takes_no_letters")
    form = LetterForm()
    if form.validate_on_submit():
        try:
            group_letters.write(
                session, now=now(), group_id=group_id, data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your letter is on its way to the group. It answers you by mail."), "success")
            return redirect(url_for(".group", group_id=group_id), 303)
    page = render_template("public/group-letter.html", form=form, seen=seen)
    return page, 422 if form.errors else 200
