"""How the coordinators share their work: how much each can take, who stands in, who has what."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.services import accounts, capacity, charge
from web.access import actor, allow
from web.act_words import SUBJECTS
from web.coordinator import bp
from web.db import now, session, today
from web.forms import (
    BaseForm,
    DateField,
    HiddenField,
    IntegerField,
    Required,
    SelectField,
    apply_errors,
    validators,
)
from web.page import Page

OPTIONAL = [validators.Optional()]
KINDS = {"people": "professional", "groups": "group", "needs": "need", "projects": "project"}
PAGES = {
    "professional": ("coordinator.person", "professional_id"),
    "group": ("coordinator.group", "group_id"),
    "need": ("coordinator.need", "need_id"),
    "project": ("coordinator.project", "project_id"),
}


class DeskForm(BaseForm):
    version = HiddenField()
    most_projects = IntegerField(
        _l("Projects I can accompany at a time"),
        OPTIONAL,
        description=_l("Those I accompany already count. Empty: I say nothing."),
    )
    most_until = DateField(
        _l("This holds until"), OPTIONAL, description=_l("Empty: until I say otherwise.")
    )
    stand_in = SelectField(_l("Somebody stands in for me"))
    away_until = DateField(_l("I am away until"), OPTIONAL)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["stand_in"].choices = [("", _("Nobody")), *colleagues()]


class HandOverForm(BaseForm):
    to = SelectField(_l("To whom?"), [Required("not_chosen")])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["to"].choices = [("", ""), *colleagues()]


class ChargeForm(BaseForm):
    account_id = SelectField(_l("In charge"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["account_id"].choices = [
            ("", _("Nobody")),
            *((each.id, each.name) for each in accounts.coordinators(session)),
        ]


def colleagues() -> list[tuple[str, str]]:
    """The other coordinators, as choices."""
    return [(each.id, each.name) for each in accounts.coordinators(session)
            if each.id != actor().account_id]  # fmt: skip


@bp.route("/desk", methods=["GET", "POST"])
@allow("coordinator")
def desk() -> Page:
    kept = capacity.desk_of(session, actor=actor())
    form = DeskForm(data=kept.model_dump())
    if form.validate_on_submit():
        try:
            capacity.say(session, actor=actor(), now=now(), today=today(), data=form.data)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for(".desk"), 303)
    page = render_template(
        "coordinator/desk.html",
        form=form,
        found=capacity.capacity(session, on=today()),
        mine=[(SUBJECTS[kind], title, _address(kind, row_id))
              for kind, row_id, title in charge.in_charge_of(session, actor=actor())],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route("/desk/hand-over", methods=["GET", "POST"])
@allow("coordinator")
def hand_over() -> Page:
    form = HandOverForm()
    if form.validate_on_submit():
        try:
            many = charge.hand_over(session, actor=actor(), now=now(), to=str(form.to.data))
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Handed over: %(num)s.", num=many), "success")
            return redirect(url_for(".desk"), 303)
    mine = charge.in_charge_of(session, actor=actor())
    page = render_template("coordinator/hand-over.html", form=form, mine=mine)
    return page, 422 if form.errors else 200


@bp.route("/<any(people, groups, needs, projects):kind>/<string:record_id>/charge",
          methods=["GET", "POST"])  # fmt: skip
@allow("coordinator")
def give_charge(kind: str, record_id: str) -> Page:
    owner = charge.owner(session, KINDS[kind], record_id)
    form = ChargeForm(data={"account_id": owner.id if owner else ""})
    if form.validate_on_submit():
        charge.give(
            session, actor=actor(), now=now(), kind=KINDS[kind], record_id=record_id,
            account_id=str(form.account_id.data or ""),
        )  # fmt: skip
        flash(_("Noted."), "success")
        return redirect(_address(KINDS[kind], record_id), 303)
    title = charge.title_of(session, actor=actor(), kind=KINDS[kind], record_id=record_id)
    page = render_template(
        "coordinator/charge.html", form=form, title=title, back=_address(KINDS[kind], record_id)
    )
    return page, 422 if form.errors else 200


def _address(kind: str, record_id: str) -> str:
    endpoint, name = PAGES[kind]
    return url_for(endpoint, **{name: record_id})
