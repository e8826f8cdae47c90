"""Registering a group: who we are, eligibility, contact, check your answers, hand in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Conflict, Invalid
from matchmaker.models import Group
from matchmaker.services import group_pages, groups
from matchmaker.services.commands import validated
from web import on_behalf
from web.access import actor, allow
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.group import bp
from web.group.forms import ContactForm, EligibilityForm, WhoForm
from web.group.proxy import ask_first, note_for
from web.page import Page
from web.refusals import sentence

STEPS = (
    ("who", _l("Who we are")),
    ("eligibility", _l("Eligibility")),
    ("contact", _l("Contact details")),
    ("check", _l("Check your answers")),
)
FORMS: dict[str, tuple[Any, Any, Any]] = {
    "who": (WhoForm, groups.WhoWeAre, groups.save_who),
    "eligibility": (EligibilityForm, groups.Declaration, groups.declare),
    "contact": (ContactForm, groups.ContactDetails, groups.save_contact),
}


@bp.route("/register", methods=["GET", "POST"])
@allow("group")
def register() -> Page:
    form = WhoForm()
    if form.validate_on_submit():
        try:
            group = groups.register(
                session,
                actor=actor(),
                now=now(),
                command=validated(groups.WhoWeAre, {**form.data, "version": 1}),
                on_behalf=on_behalf.current() if actor().coordinator else None,
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            return redirect(_address(group.id, "eligibility"), 303)
    return _show("who", form, None), 422 if form.errors else 200


@bp.route("/<string:group_id>/register/<any(who, eligibility, contact):step>",
          methods=["GET", "POST"])  # fmt: skip
@allow("group")
def register_step(group_id: str, step: str) -> Page:
    group = groups.find(session, actor=actor(), group_id=group_id)
    form_class, command, save = FORMS[step]
    form = form_class(data=_stored(group, step))
    if not form.is_submitted():
        return ask_first(group_id) or _show(step, form, group)
    if form.validate():
        try:
            save(
                session,
                actor=actor(),
                now=now(),
                group_id=group_id,
                command=validated(command, form.data),
                on_behalf=note_for(group_id),
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            return redirect(_after(group, step), 303)
    return _show(step, form, group), 422


@bp.route("/<string:group_id>/register/check", methods=["GET", "POST"])
@allow("group")
def check(group_id: str) -> Page:
    group = groups.find(session, actor=actor(), group_id=group_id)
    form = ConfirmForm(version=str(group.version))
    if form.validate_on_submit():
        try:
            groups.submit(
                session,
                actor=actor(),
                now=now(),
                group_id=group_id,
                version=form.seen(),
                on_behalf=note_for(group_id),
            )
        except Conflict as refused:
            if refused.code != "steps_missing":
                raise
            flash(sentence(refused.code), "warning")
            return redirect(_address(group_id, str(refused.params["step"])), 303)
        flash(_("Thank you. We have your registration and will check it."), "success")
        return redirect(url_for("group.overview", group_id=group_id), 303)
    page = group_pages.overview(session, actor=actor(), group_id=group_id, on=today())
    return render_template(
        "group/register-check.html", form=form, page=page, group=group, steps=_links(group),
    )  # fmt: skip


def _show(step: str, form: Any, group: Group | None) -> str:
    return render_template(
        f"group/register-{step}.html",
        form=form,
        group=group,
        steps=_links(group),
        eligibility_items=groups.ELIGIBILITY,
        current=[code for code, _word in STEPS].index(step) + 1,
    )


def _links(group: Group | None) -> list[tuple[Any, str | None]]:
    return [(word, _address(group.id, step) if group else None) for step, word in STEPS]


def _address(group_id: str, step: str) -> str:
    if step == "check":
        return url_for("group.check", group_id=group_id)
    return url_for("group.register_step", group_id=group_id, step=step)


def _after(group: Group, step: str) -> str:
    """The next step of a registration; a group that is past it goes back to its page."""
    if group.state not in ("draft", "returned"):
        flash(_("The change was stored."), "success")
        return url_for("group.overview", group_id=group.id)
    codes = [code for code, _word in STEPS]
    return _address(group.id, codes[codes.index(step) + 1])


def _stored(group: Group, step: str) -> dict[str, Any]:
    if step == "eligibility":
        return {**group.eligibility, "version": group.version}
    return {**group.model_dump(), "fields": groups.fields_of(session, group.id)}
