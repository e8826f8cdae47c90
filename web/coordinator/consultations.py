"""The consultation log as pages: look, write, hand on."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import accounts, consultations
from matchmaker.services.fiscal import fiscal_year
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import (
    BaseForm,
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    apply_errors,
    validators,
)
from web.labels import choices
from web.page import Page

OPTIONAL = [validators.Optional()]


class ConsultationForm(BaseForm):
    version = HiddenField()
    held_on = DateField(_l("When?"), [Required()])
    medium = RadioField(_l("How?"), [Required("not_chosen")])
    topic = SelectField(_l("About what?"), [Required("not_chosen")])
    name = StringField(_l("Who asked?"), description=_l("As far as they said. It can stay empty."))
    text = TextAreaField(_l("What was asked and answered"), [Required()])
    counted = BooleanField(
        _l("Somebody asked us for advice"),
        description=_l("Only these are counted. A note among ourselves is not."),
    )
    follow_up_on = DateField(
        _l("To be taken up again on"),
        OPTIONAL,
        description=_l("It then stands on the page of today."),
    )
    handed_to = SelectField(_l("Who goes on with it?"))
    done = BooleanField(_l("This is settled"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["medium"].choices = choices("medium")
        self["topic"].choices = [("", ""), *choices("topic")]
        self["handed_to"].choices = [
            ("", _("I do")),
            *((each.id, each.name) for each in accounts.coordinators(session)),
        ]


@bp.get("/consultations", endpoint="consultations")
@allow("coordinator")
def consultation_log() -> Page:
    topic = request.args.get("topic", "")
    known = dict(choices("topic"))
    topic = topic if topic in known else ""
    open_only = bool(request.args.get("open"))
    given = request.args.get("page", "1")
    page = consultations.log(
        session, actor=actor(), topic=topic, open_only=open_only,
        page=int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1,
    )  # fmt: skip
    year = fiscal_year(today())
    return render_template(
        "coordinator/consultations.html",
        page=page,
        topic=topic,
        open_only=open_only,
        topics=choices("topic"),
        year=year,
        counts=consultations.counts(session, year=year),
        today=today(),
    )


@bp.route("/consultations/new", methods=["GET", "POST"])
@allow("coordinator")
def new_consultation() -> Page:
    note = bool(request.args.get("need_id") or request.args.get("project_id"))
    form = ConsultationForm(
        data={
            "held_on": today(),
            "medium": "visit",
            "name": request.args.get("name", "")[:120],
            "topic": "pro_bono" if note else "",
            "counted": not note,
        }
    )
    del form.version  # nobody can have changed what is not there yet
    about = {name: request.args.get(name, "")[:64] for name in consultations.ABOUT}
    return _written(form, None, about)


@bp.route("/consultations/<string:consultation_id>", methods=["GET", "POST"])
@allow("coordinator")
def consultation(consultation_id: str) -> Page:
    line = consultations.find(session, actor=actor(), consultation_id=consultation_id)
    entry = line.entry
    known = {name: getattr(entry, name) for name in (
        "version", "held_on", "medium", "topic", "name", "text",
        "follow_up_on", "handed_to", "counted",
    )}  # fmt: skip
    form = ConsultationForm(data={**known, "done": entry.done_at is not None})
    about = {name: getattr(entry, name) for name in consultations.ABOUT}
    return _written(form, line, about)


def _written(
    form: ConsultationForm, line: consultations.Line | None, about: dict[str, str | None]
) -> Page:
    if form.validate_on_submit():
        try:
            consultations.write(
                session, actor=actor(), now=now(), today=today(),
                data={**form.data, **about},
                consultation_id=line.entry.id if line else None,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for(".consultations"), 303)
    page = render_template("coordinator/consultation.html", form=form, line=line)
    return (page, 422) if form.errors else page
