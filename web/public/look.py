"""The style guide: every component in every state, in both languages. Demo and tests only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import abort, current_app, render_template

from web.access import allow
from web.forms import (
    BaseForm,
    BooleanField,
    CheckboxesField,
    DateField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from web.i18n import language
from web.labels import choices
from web.public import bp
from web.public.look_words import WORDS

CONTRIBUTIONS = {"skills": 4800, "time": 1800, "interest": 1400, "wishes": 1120}
FEWER = {"skills": 3600, "time": 1600, "place": 640, "interest": 700}
MOMENT = datetime(2026, 11, 2, 5, 5, tzinfo=UTC)
DAY = date(2026, 11, 30)


def look_form(words: dict[str, Any], prefix: str) -> BaseForm:
    """A form with a field of every kind; its labels are the guide's own words."""

    class LookForm(BaseForm):
        name = StringField(words["name"], [Required()])
        kana = StringField(words["kana"], description=words["kana_hint"])
        password = PasswordField(words["password"], description=words["password_hint"])
        hours = IntegerField(words["hours"])
        starts_on = DateField(words["starts_on"])
        district = SelectField(words["district"], choices=[("", "—"), *words["districts"]])
        story = TextAreaField(words["story"], description=words["story_hint"])
        form_of_need = RadioField(words["form"], choices=choices("need_form"))
        slots = CheckboxesField(words["slots"], choices=words["slot_choices"])
        proof = FileField(words["file"])
        agreed = BooleanField(words["agreed"])

    return LookForm(formdata=None, prefix=prefix)


def wrong_form(words: dict[str, Any]) -> BaseForm:
    """The same form after it was not accepted: answers kept, a sentence beside each field."""
    form = look_form(words, "wrong-")
    for field in form:
        if field.short_name in ("name", "hours", "form_of_need", "agreed"):
            field.errors = [words["error"]]
    form["story"].data = words["long_text"]
    return form


@bp.get("/look")
@allow("public")
def look() -> str:
    """Every component on one page."""
    if current_app.config["SETTINGS"].environment == "production":
        abort(404)
    words = WORDS[language()]
    return render_template(
        "public/look.html",
        w=words,
        form=look_form(words, ""),
        wrong=wrong_form(words),
        contributions=CONTRIBUTIONS,
        fewer=FEWER,
        moment=MOMENT,
        day=DAY,
        today=date(2026, 11, 2),
    )


@bp.get("/look/form")
@allow("public")
def look_form_page() -> str:
    """A form page that was not accepted, with its summary."""
    if current_app.config["SETTINGS"].environment == "production":
        abort(404)
    words = WORDS[language()]
    return render_template("public/look-form.html", w=words, form=wrong_form(words))
