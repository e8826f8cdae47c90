"""Writing a need: the menu, then step by step, each stored as a draft."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Conflict, Invalid
from matchmaker.services import (
    check_details,
    group_pages,
    groups,
    need_drafts,
    need_entries,
    need_wizard,
    needs,
)
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.group import bp
from web.group.forms import FormForm, ReadinessForm, ScheduleForm, StoryForm
from web.group.proxy import ask_first, note_for
from web.i18n import language
from web.need_words import problem_sentences, size_sentence
from web.page import Page
from web.refusals import sentence

STEPS = (
    ("form", _l("Form and size")),
    ("story", _l("Your story")),
    ("roles", _l("Roles")),
    ("schedule", _l("When and where")),
    ("readiness", _l("Are you ready?")),
    ("check", _l("Check your answers")),
)
CODES = [code for code, _word in STEPS]
FORMS: dict[str, tuple[Any, Any, Any]] = {
    "form": (FormForm, need_entries.FormAndSize, need_wizard.save_form),
    "story": (StoryForm, need_entries.Story, need_wizard.save_story),
    "schedule": (ScheduleForm, need_entries.Schedule, need_wizard.save_schedule),
    "readiness": (ReadinessForm, need_entries.Answers, need_wizard.save_readiness),
}


@bp.route("/<string:group_id>/needs/new", methods=["GET", "POST"])
@allow("group")
def new_need(group_id: str) -> Page:
    group = groups.find(session, actor=actor(), group_id=group_id)
    if request.method == "POST":
        need = need_wizard.start(
            session,
            actor=actor(),
            now=now(),
            group_id=group_id,
            menu=request.form.get("menu") or None,
            language=language(),
            on_behalf=note_for(group_id),
        )
        return redirect(step_address(need.id, "form"), 303)
    text = request.args.get("q", "")
    found = group_pages.menus_like(session, text=text)
    shown = render_template("group/need-menu.html", group=group, menus=found, text=text)
    return ask_first(group_id) or shown


@bp.route("/needs/<string:need_id>/<any(form, story, roles, schedule, readiness):step>",
          methods=["GET", "POST"])  # fmt: skip
@allow("group")
def need_step(need_id: str, step: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    if page.need.state not in need_drafts.WRITABLE:
        return redirect(url_for("group.need", need_id=need_id), 303)
    if step == "roles":
        return ask_first(page.group.id) or _show("roles", None, page)
    form_class, command, save = FORMS[step]
    form = form_class(data=_stored(page, step))
    if not form.is_submitted():
        return ask_first(page.group.id) or _show(step, form, page)
    if form.validate():
        try:
            save(
                session,
                actor=actor(),
                now=now(),
                need_id=need_id,
                command=validated(command, form.data),
                on_behalf=note_for(page.group.id),
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            _warn(step, need_id)
            return redirect(step_address(need_id, CODES[CODES.index(step) + 1]), 303)
    return _show(step, form, page), 422


@bp.route("/needs/<string:need_id>/check", methods=["GET", "POST"])
@allow("group")
def check_need(need_id: str) -> Page:
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    form = ConfirmForm(version=str(page.need.version))
    if form.validate_on_submit():
        try:
            needs.submit(
                session,
                actor=actor(),
                now=now(),
                need_id=need_id,
                version=form.seen(),
                on_behalf=note_for(page.group.id),
            )
        except Conflict as refused:
            if refused.code != "steps_missing":
                raise
            flash(sentence(refused.code), "warning")
            return redirect(step_address(need_id, str(refused.params["step"])), 303)
        flash(_("Thank you. We have your need and will check it."), "success")
        return redirect(url_for("group.need", need_id=need_id), 303)
    if page.need.state not in need_drafts.WRITABLE:
        return redirect(url_for("group.need", need_id=need_id), 303)
    return _show("check", form, page)


def step_address(need_id: str, step: str) -> str:
    """The address of a step of the wizard."""
    if step == "check":
        return url_for("group.check_need", need_id=need_id)
    return url_for("group.need_step", need_id=need_id, step=step)


def _show(step: str, form: Any, page: check_details.NeedDetail) -> str:
    return render_template(
        f"group/need-{step}.html",
        form=form,
        page=page,
        need=page.need,
        group=page.group,
        body=page.menu.body if page.menu else None,
        missing=need_drafts.missing_steps(page.need, [view.role for view in page.roles]),
        steps=[(word, step_address(page.need.id, code)) for code, word in STEPS],
        current=CODES.index(step) + 1,
        next_address=step_address(page.need.id, CODES[min(CODES.index(step) + 1, 5)]),
        size=size_sentence(page.form_check),
        problems=problem_sentences(page.form_check),
    )


def _warn(step: str, need_id: str) -> None:
    """Say at once, with numbers, when the work does not fit the form that was just chosen."""
    page = check_details.need(session, actor=actor(), need_id=need_id, today=today())
    if step == "form" and not page.form_check.fits:
        words = [size_sentence(page.form_check), *problem_sentences(page.form_check)]
        flash(" ".join(words), "warning")


def _stored(page: check_details.NeedDetail, step: str) -> dict[str, Any]:
    if step == "readiness":
        answers = {code: "yes" if ready else "no" for code, ready in page.need.readiness.items()}
        return {**answers, "version": page.need.version}
    stored = {**page.need.model_dump(), "fields": [field.code for field in page.fields]}
    if step == "form":
        stored["hours_per_week"] = (
            f"{page.need.hours_per_week:g}" if page.need.hours_per_week else ""
        )
    if step == "schedule" and not page.need.languages:
        stored["languages"] = ["ja"]
    return stored
