"""Which mails I want, and how often; and the way a mail program has to switch a kind off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from matchmaker.errors import Invalid
from matchmaker.services import notice_choices
from web.access import actor, allow
from web.account import bp
from web.db import now, session
from web.extensions import csrf, limiter
from web.forms import BaseForm, RadioField, apply_errors
from web.notice_words import KINDS, PACES
from web.page import Page
from web.stop_links import read_stop_token


def _form(found: Sequence[notice_choices.Choice]) -> BaseForm:
    """A form with one question for every kind somebody can choose about."""
    fields: dict[str, Any] = {
        each.code: RadioField(
            KINDS[each.code][0],
            description=KINDS[each.code][1],
            choices=[(str(pace), PACES[pace]) for pace in each.kind.paces],
            default=str(each.pace),
        )
        for each in found
        if each.kind.paces
    }
    form: BaseForm = type("NotificationsForm", (BaseForm,), fields)()
    return form


@bp.route("/account/notifications", methods=["GET", "POST"])
@allow("signed-in")
def notifications() -> Page:
    found = notice_choices.choices(session, actor=actor())
    form = _form(found)
    if form.validate_on_submit():
        try:
            notice_choices.choose(session, actor=actor(), now=now(), data=form.data)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Saved. The next mails follow it."), "success")
            return redirect(url_for("account.notifications"), 303)
    page = render_template(
        "account/notifications.html",
        form=form,
        asked=[form[each.code] for each in found if each.kind.paces],
        always=[KINDS[each.code] for each in found if not each.kind.paces],
    )
    return (page, 422) if form.errors else page


@bp.get("/mails/stop/<token>")
@allow("public")
def about_stop(token: str) -> Page:
    """A link never acts by being opened: it leads to the page, through sign-in."""
    return redirect(url_for("account.notifications"), 303)


@bp.post("/mails/stop/<token>")
@allow("public")
@csrf.exempt
@limiter.limit("30 per minute")
def stop_mails(token: str) -> Page:
    """What a mail program sends when its reader presses its own button (RFC 8058)."""
    account_id, kind = read_stop_token(current_app.config["SETTINGS"], token)
    notice_choices.stop(session, account_id=account_id, kind=kind, now=now())
    return redirect(url_for("account.notifications"), 303)
