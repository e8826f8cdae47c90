"""The project board: what runs, what is quiet, and the acts that only a coordinator takes."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid, NotFound
from matchmaker.models import ProjectState
from matchmaker.services import (
    charge,
    consultations,
    mid_terms,
    project_desk,
    project_list,
    project_terms,
)
from matchmaker.services import project_messages as messages
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.downloads import csv_download, xlsx_download
from web.forms import BaseForm, BooleanField, HiddenField, Required, TextAreaField, apply_errors
from web.labels import choices, word
from web.page import Page
from web.project_forms import MessageForm

COLUMNS = (
    "id", "title", "group", "state", "people", "agreed_on", "started_on", "ended_on",
    "last_hours_on", "hours_to_confirm", "overdue", "evaluations", "evaluations_expected",
)  # fmt: skip
# Act: the states it is possible in, the question, what follows, the button, what is said after.
ACTS: dict[str, tuple[Any, ...]] = {
    "pause": (
        project_desk.pause,
        project_desk.PAUSABLE,
        _l("Let this project rest?"),
        _l("Everybody is told. Hours can still be noted, and it goes on when you say so."),
        _l("Let it rest"),
        _l("The project rests now."),
    ),
    "resume": (
        project_desk.resume,
        (ProjectState.PAUSED,),
        _l("Let this project go on?"),
        _l("Everybody is told that the work goes on."),
        _l("Let it go on"),
        _l("The project goes on."),
    ),
    "cancel": (
        project_desk.cancel,
        project_desk.CANCELLABLE,
        _l("Give this project up?"),
        _l("It ends for good and no longer counts for the indicator. Hours stay as they are."),
        _l("Give it up"),
        _l("The project was given up."),
    ),
    "conclude": (
        project_desk.conclude,
        (ProjectState.DELIVERED,),
        _l("End the evaluation?"),
        _l(
            "Nobody is waited for any more. Both sides are asked again half a year and a year "
            "after the delivery."
        ),
        _l("End the evaluation"),
        _l("The evaluation is over."),
    ),
    "close": (
        project_desk.close,
        project_desk.CLOSABLE,
        _l("Close this project?"),
        _l("Nobody is asked for anything any more. What was said stays readable."),
        _l("Close it"),
        _l("The project is closed."),
    ),
}


class ReasonForm(BaseForm):
    version = HiddenField()
    reason = TextAreaField(
        _l("Reason"), [Required()], description=_l("Everybody on the project reads this.")
    )


class LeaveForm(ReasonForm):
    replace = BooleanField(
        _l("Look for somebody else"),
        description=_l("The need is open again, and a small round can fill the seat."),
    )


@bp.get("/projects")
@allow("coordinator")
def projects() -> Page:
    asked = _asked()
    return render_template(
        "coordinator/projects.html",
        board=project_list.board(
            session,
            actor=actor(),
            today=today(),
            asked=asked,
            page=min(request.args.get("page", 1, type=int), 1_000_000),
        ),
        asked=asked,
        args={key: text for key, text in (("q", asked.text), ("state", asked.state)) if text},
        states=choices("project_state"),
        today=today(),
    )


@bp.get("/projects.<any(csv, xlsx):suffix>")
@allow("coordinator")
def projects_download(suffix: str) -> Response:
    rows = project_list.every(session, actor=actor(), today=today(), asked=_asked())
    write = csv_download if suffix == "csv" else xlsx_download
    return write("projects", COLUMNS, map(_cells, rows))


def _asked() -> project_list.Asked:
    """What the address asks the list for; a state that is none asks for nothing."""
    state = request.args.get("state", "")
    text = request.args.get("q", "")[:100].replace("\x00", "").strip()
    return project_list.Asked(text, state if state in dict(choices("project_state")) else "")


def _cells(line: project_list.Line) -> tuple[Any, ...]:
    project = line.project
    return (
        project.id, project.title, line.group.name, word(project.state, "project_state"),
        line.members, project.agreed_on, project.started_on, project.ended_on, line.last,
        line.waiting, line.late, line.said, line.voices,
    )  # fmt: skip


@bp.get("/projects/<string:project_id>")
@allow("coordinator")
def project(project_id: str) -> Page:
    found = project_desk.detail(session, actor=actor(), project_id=project_id)
    possible = [(act, words[4]) for act, words in ACTS.items() if found.project.state in words[1]]
    return render_template(
        "coordinator/project.html",
        found=found,
        project=found.project,
        possible=possible,
        running=found.project.state in project_desk.CANCELLABLE,
        agreed=project_terms.said(session, project_id),
        notes=consultations.log(session, actor=actor(), project_id=project_id),
        charge=charge.owner(session, "project", project_id),
        today=today(),
    )


@bp.post("/projects/<string:project_id>/called")
@allow("coordinator")
def called_about_project(project_id: str) -> Page:
    mid_terms.note_call(session, actor=actor(), now=now(), today=today(), project_id=project_id)
    flash(_("Noted that you called."), "success")
    return redirect(url_for(".project", project_id=project_id), 303)


@bp.route(
    "/projects/<string:project_id>/<any(pause, resume, cancel, conclude, close):act>",
    methods=["GET", "POST"],
)
@allow("coordinator")
def act_on_project(project_id: str, act: str) -> Page:
    found = project_desk.detail(session, actor=actor(), project_id=project_id)
    do, _states, question, follows, button, done = ACTS[act]
    form = ReasonForm(version=str(found.project.version))
    if form.validate_on_submit():
        try:
            do(
                session, actor=actor(), now=now(), today=today(), project_id=project_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(str(done), "success")
            return redirect(url_for(".project", project_id=project_id), 303)
    page = render_template(
        "coordinator/act-on-project.html", form=form, project=found.project, question=question,
        follows=follows, act_word=button, danger=act == "cancel",
    )  # fmt: skip
    return (page, 422) if form.errors else page


@bp.route("/projects/<string:project_id>/members/<string:member_id>", methods=["GET", "POST"])
@allow("coordinator")
def leave_project(project_id: str, member_id: str) -> Page:
    """Somebody leaves a running project."""
    found = project_desk.detail(session, actor=actor(), project_id=project_id)
    stay = next((each for each in found.stays if each.member.id == member_id), None)
    if stay is None:
        raise NotFound("member_not_found")
    form = LeaveForm(version=str(found.project.version))
    if form.validate_on_submit():
        try:
            project_desk.leave(
                session, actor=actor(), now=now(), today=today(), project_id=project_id,
                member_id=member_id, data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("%(name)s is no longer on the project.", name=stay.person.name), "success")
            return redirect(url_for(".project", project_id=project_id), 303)
    page = render_template(
        "coordinator/act-on-project.html", form=form, project=found.project,
        question=_("%(name)s leaves the project?", name=stay.person.name),
        follows=_("Their hours stay. Everybody is told."), act_word=_("Take them off the project"),
        danger=True,
    )  # fmt: skip
    return (page, 422) if form.errors else page


@bp.route("/projects/<string:project_id>/messages", methods=["GET", "POST"])
@allow("coordinator")
def project_messages(project_id: str) -> Page:
    form = MessageForm()
    if form.validate_on_submit():
        try:
            messages.write(
                session, actor=actor(), now=now(), side=None, project_id=project_id,
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
        thread=messages.read(session, actor=actor(), side=None, project_id=project_id),
        back=url_for(".project", project_id=project_id),
    )
    return page, 422 if form.errors else 200
