"""The profile, one short step a page; skills have a page of their own."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Conflict, Invalid
from matchmaker.models import Professional
from matchmaker.services import employers, joining, profile_pages, profiles
from matchmaker.services.commands import validated
from web.access import actor, allow
from web.db import now, session
from web.forms import ConfirmForm, apply_errors
from web.need_words import language_name
from web.page import Page
from web.professional import bp
from web.professional.forms import InterestsForm, VersionedForm, WhenForm, WhoForm
from web.refusals import sentence

STEPS = (
    ("who", _l("Who I am")),
    ("skills", _l("What I can do")),
    ("when", _l("When and where")),
    ("interests", _l("What I care about")),
    ("check", _l("Check your answers")),
)
FORMS: dict[str, tuple[type[VersionedForm], Any, Any]] = {
    "who": (WhoForm, profiles.Who, profiles.save_who),
    "when": (WhenForm, profiles.When, profiles.save_when),
    "interests": (InterestsForm, profiles.Interests, profiles.save_interests),
}


@bp.route("/profile/<string:step>", methods=["GET", "POST"])
@allow("professional")
def profile(step: str) -> Page:
    if step not in FORMS:
        abort(404)
    person = mine()
    if person is None and step != "who":
        return redirect(url_for(".profile", step="who"), 303)
    form_class, command, save = FORMS[step]
    form = form_class(data=stored(person, step))
    if form.validate_on_submit():
        try:
            save(
                session,
                actor=actor(),
                now=now(),
                command=validated(command, form.data),
                professional_id=actor().professional_id,
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            return redirect(after(step, settled=settled(person)), 303)
    if isinstance(form, WhoForm) and (form.company_id.errors or form.company_id.data):
        form.offer(list(employers.alike(session, str(form.employer.data or ""))))
    return show(step, form, person), 422 if form.is_submitted() else 200


@bp.route("/profile/check", methods=["GET", "POST"])
@allow("professional")
def profile_check() -> Page:
    person = mine()
    if person is None:
        return redirect(url_for(".profile", step="who"), 303)
    form = ConfirmForm(version=str(person.version))
    if form.validate_on_submit():
        try:
            profiles.submit(
                session,
                actor=actor(),
                now=now(),
                professional_id=person.id,
                version=version_of(form),
            )
        except Conflict as refused:
            if refused.code != "steps_missing":
                raise
            flash(sentence(refused.code), "warning")
            return redirect(step_url(str(refused.params["step"])), 303)
        flash(_("Thank you. We have your profile and will check it within a few days."), "success")
        return redirect(url_for(".home"), 303)
    page = profile_pages.profile(session, actor=actor(), professional_id=person.id)
    spoken = [language_name(code) for code in person.languages]
    return show("check", form, person, page=page, languages_spoken=spoken)


def mine() -> Professional | None:
    """The reader's own profile, when it was begun."""
    if actor().professional_id is None:
        return None
    return profiles.find(session, actor=actor(), professional_id=actor().professional_id)


def step_url(step: str) -> str:
    """The address of a step. From "check your answers" one comes back there."""
    here = request.endpoint == "professional.profile_check"
    return url_for(".profile", step=step, back="check" if here else None)


def after(step: str, *, settled: bool = False) -> str:
    """Where a saved step leads: back to "check your answers" if one came from there, else on.

    A ``settled`` profile is changed one page at a time, not step by step.
    """
    codes = [code for code, _word in STEPS]
    back = request.args.get("back") == "check" or settled
    return step_url("check" if back else codes[codes.index(step) + 1])


def show(step: str, form: Any, person: Professional | None, **more: Any) -> str:
    """A step's page with the list of steps."""
    links = [
        (word, step_url(code) if person is not None or code == "who" else None)
        for code, word in STEPS
    ]
    current = [code for code, _word in STEPS].index(step) + 1
    return render_template(
        f"professional/profile-{step}.html",
        form=form,
        person=person,
        steps=links,
        current=current,
        step_url=step_url,
        **more,
    )


def settled(person: Professional | None) -> bool:
    """Whether the profile was handed in, so that its steps are over."""
    return person is not None and person.state not in ("draft", "returned")


def version_of(form: Any) -> int:
    """The version a form was made from; 0, which never is, for anything else."""
    given = str(form.version.data or "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def stored(person: Professional | None, step: str) -> dict[str, Any]:
    """What is known for a step's form."""
    if person is None:
        joined = joining.employer_of(session, actor=actor())
        return {"name": actor().name, "version": 1, "employer": joined.name if joined else ""}
    version = {"version": person.version}
    if step == "who":
        page = profile_pages.profile(session, actor=actor(), professional_id=person.id)
        names = ("name", "kana", "relation", "district", "phone")
        employer = page.company.name if page.company else ""
        return version | {name: getattr(person, name) for name in names} | {"employer": employer}
    if step == "when":
        names = ("available_from", "available_until", "slots")
        return (
            version
            | {name: getattr(person, name) for name in names}
            | {
                "hours_per_week": f"{person.hours_per_week:g}" if person.hours_per_week else "",
                "reach_km": "" if person.reach_km is None else f"{person.reach_km:g}",
                "capacity": str(person.capacity),
                "modes": [mode for mode in ("remote", "onsite") if getattr(person, mode)],
            }
        )
    names = ("any_project", "languages", "about")
    fields = profiles.fields_of(session, person.id)
    return version | {name: getattr(person, name) for name in names} | {"fields": fields}
