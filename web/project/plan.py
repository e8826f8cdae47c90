"""The plan of a project: drawn from the menu, changed by either side, ticked as it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import PlanStep, Side, StepKind
from matchmaker.services import mid_terms, plan_steps, project_plans
from web.access import actor
from web.db import now, session, today
from web.forms import (
    BaseForm,
    BooleanField,
    ConfirmForm,
    DateField,
    HiddenField,
    Required,
    StringField,
    apply_errors,
)
from web.page import Page
from web.project_words import day_note, step_name
from web.sides import address, both_sides, onward, speaking

FORM = ("GET", "POST")
SOON = timedelta(days=14)


class DraftForm(BaseForm):
    begins_on = DateField(_l("On which day does the work begin?"), [Required()])


class StepForm(BaseForm):
    version = HiddenField()
    title = StringField(_l("What"))
    begins_on = DateField(_l("From"))
    due_on = DateField(_l("Day"), [Required()])
    at = StringField(_l("Time"), description=_l("Such as 18:30. You may leave this empty."))
    place = StringField(_l("Where"))
    shift = BooleanField(_l("Move everything that is planned later by as many days"))

    def __init__(self, kind: str, step: PlanStep | None = None) -> None:
        super().__init__(data=step.model_dump() if step else _usual())
        if kind != StepKind.PHASE:
            del self["begins_on"]
        if kind not in (*plan_steps.MEETINGS, StepKind.DELIVERY):
            del self["at"]
            del self["place"]
        if step is None:
            del self["version"]
            del self["shift"]


def _usual() -> dict[str, Any]:
    """Days to begin with, so that only what differs is typed."""
    return {"begins_on": today(), "due_on": today() + SOON}


@both_sides("/plan", methods=FORM, asks=False)
def project_plan(side: Side, project_id: str) -> Page:
    plan = project_plans.plan(session, actor=actor(), side=side, project_id=project_id)
    begins = plan.project.started_on or today()
    form = DraftForm(data={"begins_on": begins})
    if form.validate_on_submit():
        try:
            plan_steps.draw(session, now=now(), data=form.data, **speaking(side, project_id))
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The plan is drawn. Change whatever does not suit you."), "success")
            return onward(side, "project_plan", project_id)
    page = render_template(
        "project/plan.html", form=form, plan=plan, side=side, today=today(),
        checks=mid_terms.said(session, project_id), back=address(side, "project", project_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@both_sides(
    "/plan/new/<any(meeting, milestone, phase, kick_off, mid_term, delivery):kind>", methods=FORM
)
def new_step(side: Side, project_id: str, kind: str) -> Page:
    plan = project_plans.plan(session, actor=actor(), side=side, project_id=project_id)
    form = StepForm(kind)
    if form.validate_on_submit():
        try:
            made = plan_steps.add(
                session, now=now(), data={**form.data, "kind": kind}, **speaking(side, project_id)
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            _say_saved(made)
            return onward(side, "project_plan", project_id)
    return _step_page(form, plan.project, side, kind, None)


@both_sides("/plan/<string:step_id>", methods=FORM)
def change_step(side: Side, project_id: str, step_id: str) -> Page:
    plan = project_plans.plan(session, actor=actor(), side=side, project_id=project_id)
    step = plan_steps.step_of(
        session, actor=actor(), side=side, project_id=project_id, step_id=step_id
    )
    form = StepForm(step.kind, step)
    if form.validate_on_submit():
        try:
            plan_steps.change(
                session, now=now(), data=form.data, step_id=step_id, **speaking(side, project_id)
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            _say_saved(step)
            return onward(side, "project_plan", project_id)
    return _step_page(form, plan.project, side, step.kind, step)


@both_sides("/plan/<string:step_id>/<any(done, open, remove):act>", methods=("POST",))
def act_on_step(side: Side, project_id: str, step_id: str, act: str) -> Page:
    who = {**speaking(side, project_id), "step_id": step_id}
    if act == "remove":
        plan_steps.remove(session, now=now(), version=ConfirmForm().seen(), **who)
        flash(_("Taken out of the plan."), "success")
    else:
        plan_steps.mark(session, now=now(), today=today(), done=act == "done", **who)
    return onward(side, "project_plan", project_id)


def _say_saved(step: PlanStep) -> None:
    flash(_("Saved. Everybody on the project sees it."), "success")
    if note := day_note(step.due_on):
        flash(note, "info")


def _step_page(form: StepForm, project: Any, side: Side, kind: str, step: PlanStep | None) -> Page:
    heading = (
        _("Change: %(what)s", what=step_name(step))
        if step
        else _("New in the plan: %(what)s", what=step_name(PlanStep(kind=kind)))
    )
    page = render_template(
        "project/plan-step.html", form=form, project=project, side=side, kind=kind, step=step,
        heading=heading, home=address(side, "project", project.id),
        back=address(side, "project_plan", project.id),
    )  # fmt: skip
    return page, 422 if form.errors else 200
