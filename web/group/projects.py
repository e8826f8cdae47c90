"""A group's project: its steps, its people, what came of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import outcomes, project_steps, thanks
from matchmaker.services import project_messages as messages
from web.access import actor, allow
from web.case_pages import Proxy, add_case_pages
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.group import bp
from web.group.proxy import ask_first, note_for
from web.page import Page
from web.project_forms import MessageForm, evaluation_form, step_form

add_case_pages(bp, Side.GROUP, Proxy(ask_first, note_for))
STEPS = {"begin": project_steps.begin, "deliver": project_steps.deliver}


def _seen(project_id: str) -> project_steps.Seen:
    return project_steps.seen(
        session, actor=actor(), side=Side.GROUP, project_id=project_id, today=today()
    )


def _back(project_id: str) -> Page:
    return redirect(url_for(".project", project_id=project_id), 303)


@bp.get("/projects/<string:project_id>")
@allow("group")
def project(project_id: str) -> Page:
    return render_template(
        "group/project.html", seen=_seen(project_id), letters=thanks.of_project(session, project_id)
    )


@bp.route("/projects/<string:project_id>/<any(begin, deliver):step>", methods=["GET", "POST"])
@allow("group")
def project_step(project_id: str, step: str) -> Page:
    seen = _seen(project_id)
    if note := ask_first(seen.group.id):
        return note
    form = step_form(seen, step)
    if form.validate_on_submit():
        try:
            STEPS[step](
                session, actor=actor(), now=now(), today=today(), side=Side.GROUP,
                project_id=project_id, data=form.data, on_behalf=note_for(seen.group.id),
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
@allow("group")
def reopen_project(project_id: str) -> Page:
    seen = _seen(project_id)
    if note := ask_first(seen.group.id):
        return note
    project_steps.reopen(
        session, actor=actor(), now=now(), side=Side.GROUP, project_id=project_id,
        version=ConfirmForm().seen(), on_behalf=note_for(seen.group.id),
    )  # fmt: skip
    flash(_("The work goes on."), "success")
    return _back(project_id)


@bp.route("/projects/<string:project_id>/evaluate", methods=["GET", "POST"])
@allow("group")
def evaluate_project(project_id: str) -> Page:
    seen = _seen(project_id)
    if note := ask_first(seen.group.id):
        return note
    form = evaluation_form(seen)
    if form.validate_on_submit():
        try:
            outcomes.evaluate(
                session, actor=actor(), now=now(), side=Side.GROUP, project_id=project_id,
                data=form.data, on_behalf=note_for(seen.group.id),
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
@allow("group")
def project_messages(project_id: str) -> Page:
    form = MessageForm()
    if form.validate_on_submit():
        try:
            messages.write(
                session, actor=actor(), now=now(), side=Side.GROUP, project_id=project_id,
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
        thread=messages.read(session, actor=actor(), side=Side.GROUP, project_id=project_id),
        back=url_for(".project", project_id=project_id),
    )
    return page, 422 if form.errors else 200
