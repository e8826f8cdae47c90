"""An address that takes no mail: who is behind it, what did not arrive, and the ways on."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matchmaker.errors import Invalid
from matchmaker.models import Notice
from matchmaker.services import bounces
from matchmaker.services.commands import validated
from matchmaker.services.on_behalf import OnBehalf
from web.access import actor, allow
from web.bounce_words import why
from web.coordinator import bp
from web.coordinator.letters import subject_of
from web.db import now, session, today
from web.forms import (
    BaseForm,
    DateField,
    EmailField,
    RadioField,
    Required,
    StringField,
    apply_errors,
)
from web.labels import choices
from web.page import Page


class AddressForm(BaseForm):
    email = EmailField(_l("The right address"), [Required()])
    said_by = StringField(_l("Who said so?"), [Required()])
    channel = RadioField(_l("How?"), [Required("not_chosen")])
    said_on = DateField(_l("When?"), [Required()])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["channel"].choices = choices("channel")


@bp.route("/addresses/<string:notice_id>", methods=["GET", "POST"])
@allow("coordinator")
def bounced_address(notice_id: str) -> Page:
    found = bounces.trouble(session, actor=actor(), notice_id=notice_id)
    form = AddressForm(data={"said_on": today()})
    if form.validate_on_submit():
        try:
            told = validated(OnBehalf, form.data)
            bounces.correct(
                session, actor=actor(), now=now(), notice_id=notice_id, data=form.data, told=told
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_done(found), "success")
            return redirect(url_for("coordinator.today"), 303)
    page = render_template(
        "coordinator/bounced-address.html", form=form, found=found, why=why(found.said),
        subject=_subject,
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _subject(notice: Notice) -> str:
    return subject_of(notice)


def _done(found: bounces.Trouble) -> str:
    if found.account is None:
        return _("The address was changed. What did not arrive goes there now.")
    return _(
        "A link is on its way to the new address. What did not arrive follows once it is used."
    )


ACTS = {
    "again": (bounces.try_again, lambda count: ngettext(
        "%(num)s message goes out again.", "%(num)s messages go out again.", count)),
    "paper": (bounces.to_paper, lambda count: ngettext(
        "%(num)s letter waits to be printed. From now on they get letters.",
        "%(num)s letters wait to be printed. From now on they get letters.", count)),
    "leave": (bounces.let_be, lambda count: ngettext(
        "%(num)s message was let be.", "%(num)s messages were let be.", count)),
}  # fmt: skip


@bp.post("/addresses/<string:notice_id>/<any(again, paper, leave):act>")
@allow("coordinator")
def act_on_address(notice_id: str, act: str) -> Page:
    do, said = ACTS[act]
    count = do(session, actor=actor(), now=now(), notice_id=notice_id)
    flash(said(count), "success")
    return redirect(url_for("coordinator.letters" if act == "paper" else "coordinator.today"), 303)
