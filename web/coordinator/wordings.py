"""Message texts in the city's own words: which there are, change one, see it before it holds."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import wordings as service
from web import notice_words
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import BaseForm, HiddenField, StringField, TextAreaField, apply_errors
from web.mail import in_force, letter_with
from web.page import Page
from web.papers import recruiting
from web.wording_words import LETTERS, MESSAGES, PLACEHOLDERS, by_kind, sample_of


class WordingForm(BaseForm):
    subject = StringField(_l("Subject"))
    opening = TextAreaField(_l("Opening"), description=_l("Stands before the facts."))
    closing = TextAreaField(_l("Closing"), description=_l("Stands after the facts."))
    based_on = HiddenField()


@bp.get("/wording")
@allow("coordinator")
def wordings() -> Page:
    return render_template(
        "coordinator/wordings.html",
        messages=MESSAGES,
        kinds=by_kind(),
        titles={kind: words[0] for kind, words in notice_words.KINDS.items()},
        own={spoken: in_force(spoken) for spoken in ("ja", "en")},
    )


@bp.route("/wording/<string:code>/<string:spoken>", methods=["GET", "POST"])
@allow("coordinator")
def wording(code: str, spoken: str) -> Page:
    service.check(session, actor=actor(), code=code, language=spoken)
    held = in_force(spoken).get(code)
    form = WordingForm(
        data={
            **{part: getattr(held, part, "") for part in service.PARTS},
            "based_on": held.number if held else 0,
        }
    )
    shown: service.Text | None = service.read(code, form.data) if not form.is_submitted() else None
    if form.validate_on_submit():
        try:
            shown = service.read(code, form.data)
            if "preview" not in request.form:
                service.write(
                    session, actor=actor(), now=now(), code=code, language=spoken, data=form.data
                )
                flash(_("Saved. The next message goes out in these words."), "success")
                return redirect(url_for(".wordings"), 303)
        except Invalid as refused:
            apply_errors(form, refused)
    title, when = MESSAGES[code]
    page = render_template(
        "coordinator/wording.html",
        form=form,
        title=title,
        when=when,
        spoken=spoken,
        code=code,
        names=[(f"{{{name}}}", PLACEHOLDERS[name]) for name in service.PLACEHOLDERS[code]],
        preview=_preview(code, spoken, shown) if shown else None,
        versions=service.versions(session, code=code, language=spoken),
    )
    return (page, 422) if form.errors else page


def _preview(code: str, spoken: str, text: service.Text) -> tuple[str, str]:
    with force_locale(spoken):
        values = sample_of(code, today())
        if code in LETTERS:
            return recruiting.words(code, service.filled(text, values))
    return letter_with(current_app.config["SETTINGS"], code, spoken, values, text)
