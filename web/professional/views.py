"""The professional's start page, and resting, leaving, coming back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.services import person_entry, profile_pages, profiles
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session, today
from web.forms import ConfirmForm, apply_errors
from web.page import Page
from web.professional import bp, home_tasks
from web.professional.forms import PauseForm
from web.professional.profile import mine, version_of


@bp.get("")
@allow("professional")
def home() -> Page:
    found = profile_pages.home(session, actor=actor(), today=today())
    return render_template(
        "professional/home.html",
        home=found,
        person=found.person,
        lead=home_tasks.lead(found),
        tasks=home_tasks.tasks(found),
        entered=person_entry.waiting(session, actor=actor()),
    )


@bp.route("/pause", methods=["GET", "POST"])
@allow("professional")
def pause() -> Page:
    person = mine()
    if person is None:
        return redirect(url_for(".home"), 303)
    form = PauseForm(data={"version": person.version, "until": person.paused_until})
    if form.validate_on_submit():
        try:
            command = validated(profiles.Pause, form.data)
            profiles.pause(session, actor=actor(), now=now(), today=today(), command=command)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("You will not be proposed for anything while you rest."), "success")
            return redirect(url_for(".home"), 303)
    return render_template("professional/pause.html", form=form), 422 if form.errors else 200


@bp.route("/leave", methods=["GET", "POST"])
@allow("professional")
def leave() -> Page:
    person = mine()
    if person is None:
        return redirect(url_for(".home"), 303)
    form = ConfirmForm(version=str(person.version))
    if form.validate_on_submit():
        profiles.leave(session, actor=actor(), now=now(), version=version_of(form))
        flash(_("You have left. Thank you for having been with us."), "success")
        return redirect(url_for(".home"), 303)
    return render_template("professional/leave.html", form=form, person=person)


@bp.post("/come-back")
@allow("professional")
def come_back() -> Page:
    form = ConfirmForm()
    profiles.come_back(session, actor=actor(), now=now(), version=version_of(form))
    flash(_("Welcome back."), "success")
    return redirect(url_for(".home"), 303)
