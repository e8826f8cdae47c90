"""The policy of the rounds: what counts how much, published for everybody."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import policies
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session
from web.forms import (
    BaseForm,
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    Required,
    TextAreaField,
    apply_errors,
    validators,
)
from web.labels import WORDS, choices
from web.page import Page

OPTIONAL = [validators.Optional()]


class TermsForm(BaseForm):
    skills = IntegerField(_l("Skills"))
    time = IntegerField(_l("Time"))
    place = IntegerField(_l("Place"))
    interest = IntegerField(_l("Interests"))
    wishes = IntegerField(_l("Wishes"))
    continuity_weight = IntegerField(_l("Earlier work together"))
    continuity = RadioField(
        _l("Which partners come first?"),
        choices=choices("partners"),
    )
    floor = IntegerField(
        _l("Proposals begin at this many points"), description=_l("From 1 to 10,000.")
    )
    groups = BooleanField(WORDS["rule"]["groups"])
    needs = BooleanField(WORDS["rule"]["needs"])
    urgency = BooleanField(WORDS["rule"]["urgency"])
    worst_fit = BooleanField(WORDS["rule"]["worst_fit"])
    waiting = BooleanField(WORDS["rule"]["waiting"])
    new_employers = BooleanField(
        WORDS["rule"]["new_employers"],
        description=_l(
            "Off by default. It helps the number of employers and may cost others a better fit; "
            "the proof of each round says how much."
        ),
    )
    first_time = IntegerField(_l("Groups that get support for the first time"), OPTIONAL)
    neighbourhood = IntegerField(_l("Neighbourhood associations"), OPTIONAL)
    longest_waiting = IntegerField(
        _l("Groups that have waited longest"),
        OPTIONAL,
        description=_l("The quarter of the round's groups with the longest waiting."),
    )


class PolicyForm(TermsForm):
    note = TextAreaField(_l("Why do you change this?"), [Required()])
    based_on = HiddenField()


@bp.route("/policy", methods=["GET", "POST"])
@allow("coordinator")
def policy() -> Page:
    versions = policies.history(session)
    in_force = policies.in_force(session)
    form = PolicyForm(data={**policies.entries(in_force), "based_on": _newest(versions)})
    if form.validate_on_submit():
        try:
            policies.publish(session, actor=actor(), now=now(), data=form.data)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The policy is published. The next new round uses it."), "success")
            return redirect(url_for(".policy"), 303)
    page = render_template(
        "coordinator/policy.html", form=form, versions=versions, in_force=in_force
    )
    return (page, 422) if form.errors else page


def _newest(versions: list[Any]) -> int:
    return versions[0].version.id if versions else 0
