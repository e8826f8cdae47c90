"""A professional's project: its steps, the hours given to it, what came of it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import certificates, hours, outcomes, project_steps, thanks
from matchmaker.services import project_messages as messages
from web.access import actor, allow
from web.case_pages import add_case_pages
from web.db import now, session, today
from web.forms import (
    BaseForm,
    ConfirmForm,
    DateField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)
from web.labels import choices
from web.page import Page
from web.papers.thanks import thanks_paper
from web.pdf import download
from web.professional import bp
from web.project_forms import MessageForm, evaluation_form, step_form

add_case_pages(bp, Side.PROFESSIONAL)
STEPS = {"begin": project_steps.begin, "deliver": project_steps.deliver}


class HoursForm(BaseForm):
    worked_on = DateField(_l("On which day?"), [Required()])
    hours = StringField(_l("Hours"))
    minutes = StringField(_l("Minutes"))
    payer = RadioField(_l("In whose time?"), [Required("not_chosen")], default="own")
    place = RadioField(_l("Where?"), [Required("not_chosen")])
    travel = StringField(_l("Travel, in minutes"))
    note = StringField(_l("What did you do?"))


def _seen(project_id: str) -> project_steps.Seen:
    return project_steps.seen(
        session, actor=actor(), side=Side.PROFESSIONAL, project_id=project_id, today=today()
    )


def _back(project_id: str) -> Page:
    return redirect(url_for(".project", project_id=project_id), 303)


@bp.route("/projects/<string:project_id>", methods=["GET", "POST"])
@allow("professional")
def project(project_id: str) -> Page:
    sheet = hours.my_sheet(session, actor=actor(), today=today(), project_id=project_id)
    form = HoursForm(data={"worked_on": today(), "payer": "own", "place": sheet.usual_place})
    form["place"].choices = choices("activity_place")
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
            return _back(project_id)
    page = render_template(
        "professional/project.html",
        form=form,
        sheet=sheet,
        seen=_seen(project_id),
        finished=sheet.project.state in certificates.FINISHED,
        certificate=certificates.mine(session, actor=actor(), project_id=project_id),
        thanked=thanks.received(session, actor=actor(), project_id=project_id),
    )
    return page, 422 if form.errors else 200


@bp.get("/projects/<string:project_id>/thanks.pdf")
@allow("professional")
def thanks_pdf(project_id: str) -> Response:
    """The group's letter of thanks, to print."""
    letter = thanks.mine(session, actor=actor(), project_id=project_id)
    return download(thanks_paper(letter), f"thanks-{project_id}")


@bp.post("/projects/<string:project_id>/certificate")
@allow("professional")
def make_certificate(project_id: str) -> Page:
    """A certificate as things stand today; the same one while nothing has changed."""
    made = certificates.issue(
        session, actor=actor(), now=now(), today=today(), project_id=project_id
    )
    return redirect(url_for("public.certificate", code=made.id), 303)


@bp.post("/hours/<int:entry_id>/take-back")
@allow("professional")
def take_back_hours(entry_id: int) -> Page:
    found = hours.take_back(session, actor=actor(), now=now(), today=today(), entry_id=entry_id)
    flash(_("The entry is removed."), "success")
    return _back(found.id)


@bp.route("/projects/<string:project_id>/<any(begin, deliver):step>", methods=["GET", "POST"])
@allow("professional")
def project_step(project_id: str, step: str) -> Page:
    seen = _seen(project_id)
    form = step_form(seen, step)
    if form.validate_on_submit():
        try:
            STEPS[step](
                session, actor=actor(), now=now(), today=today(), side=Side.PROFESSIONAL,
                project_id=project_id, data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. Everybody on the project sees it."), "success")
            return _back(project_id)
    page = render_template(
        "project/step.html", form=form, seen=seen, step=step,
        back=url_for(".project", project_id=project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/projects/<string:project_id>/reopen")
@allow("professional")
def reopen_project(project_id: str) -> Page:
    project_steps.reopen(
        session, actor=actor(), now=now(), side=Side.PROFESSIONAL, project_id=project_id,
        version=ConfirmForm().seen(),
    )  # fmt: skip
    flash(_("The work goes on."), "success")
    return _back(project_id)


@bp.route("/projects/<string:project_id>/evaluate", methods=["GET", "POST"])
@allow("professional")
def evaluate_project(project_id: str) -> Page:
    seen = _seen(project_id)
    form = evaluation_form(seen)
    if form.validate_on_submit():
        try:
            outcomes.evaluate(
                session, actor=actor(), now=now(), side=Side.PROFESSIONAL, project_id=project_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you. You read the others' words once everybody has answered."),
                  "success")  # fmt: skip
            return _back(project_id)
    page = render_template(
        "project/evaluate.html", form=form, seen=seen,
        back=url_for(".project", project_id=project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route("/projects/<string:project_id>/messages", methods=["GET", "POST"])
@allow("professional")
def project_messages(project_id: str) -> Page:
    form = MessageForm()
    if form.validate_on_submit():
        try:
            messages.write(
                session, actor=actor(), now=now(), side=Side.PROFESSIONAL, project_id=project_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your message is on its way."), "success")
            return redirect(url_for(".project_messages", project_id=project_id), 303)
    page = render_template(
        "project/messages.html",
        form=form,
        thread=messages.read(session, actor=actor(), side=Side.PROFESSIONAL, project_id=project_id),
        back=url_for(".project", project_id=project_id),
    )
    return page, 422 if form.errors else 200
