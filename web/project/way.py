"""The way of a project: begun with a goal, handed over, evaluated by both sides."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.models import Side
from matchmaker.services import outcomes, project_steps
from web.access import actor
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.page import Page
from web.project_forms import evaluation_form, step_form
from web.sides import address, both_sides, onward, speaking

STEPS = {"begin": project_steps.begin, "deliver": project_steps.deliver}


@both_sides("/<any(begin, deliver):step>", methods=("GET", "POST"))
def project_step(side: Side, project_id: str, step: str) -> Page:
    seen = _seen(side, project_id)
    form = step_form(seen, step)
    if form.validate_on_submit():
        try:
            STEPS[step](
                session, now=now(), today=today(), data=form.data, **speaking(side, project_id)
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. Everybody on the project sees it."), "success")
            return onward(side, "project", project_id)
    page = render_template(
        "project/step.html", form=form, seen=seen, step=step,
        back=address(side, "project", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@both_sides("/reopen", methods=("POST",))
def reopen_project(side: Side, project_id: str) -> Page:
    project_steps.reopen(
        session, now=now(), version=ConfirmForm().seen(), **speaking(side, project_id)
    )
    flash(_("The work goes on."), "success")
    return onward(side, "project", project_id)


@both_sides("/evaluate", methods=("GET", "POST"))
def evaluate_project(side: Side, project_id: str) -> Page:
    seen = _seen(side, project_id)
    form = evaluation_form(seen)
    if form.validate_on_submit():
        try:
            outcomes.evaluate(session, now=now(), data=form.data, **speaking(side, project_id))
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you. You read the others' words once everybody has answered."),
                  "success")  # fmt: skip
            return onward(side, "project", project_id)
    page = render_template(
        "project/evaluate.html", form=form, seen=seen, back=address(side, "project", project_id)
    )
    return page, 422 if form.errors else 200


def _seen(side: Side, project_id: str) -> project_steps.Seen:
    return project_steps.seen(
        session, actor=actor(), side=side, project_id=project_id, today=today()
    )
