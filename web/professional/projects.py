"""A professional's project: its steps, the hours given to it, what came of it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import certificates, commitments, hours, project_steps, thanks
from web.access import actor, allow
from web.case_pages import add_case_pages
from web.db import now, session, today
from web.forms import (
    BaseForm,
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

add_case_pages(bp, Side.PROFESSIONAL)


class HoursForm(BaseForm):
    worked_on = DateField(_l("On which day?"), [Required()])
    hours = StringField(_l("Hours"))
    minutes = StringField(_l("Minutes"))
    payer = RadioField(_l("In whose time?"), [Required("not_chosen")], default="own")
    place = RadioField(_l("Where?"), [Required("not_chosen")])
    travel = StringField(_l("Travel, in minutes"))
    note = StringField(_l("What did you do?"))


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
        seen=project_steps.seen(
            session, actor=actor(), side=Side.PROFESSIONAL, project_id=project_id, today=today()
        ),
        finished=sheet.project.state in commitments.FINISHED,
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
