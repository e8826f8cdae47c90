"""Before sending: every message that would go out. Then sending itself, and closing."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid
from matchmaker.models import RoundState
from matchmaker.services import offers
from matchmaker.services.letters import Letter
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import BaseForm, ConfirmForm, DateField, HiddenField, Required, apply_errors
from web.mail import letter
from web.page import Page
from web.reply_dates import attachment

TEAMS_A_PAGE = 20


class SendForm(BaseForm):
    version = HiddenField()
    shown = HiddenField()
    reply_by = DateField(_l("Replies until"), [Required()])


@bp.route("/rounds/<string:round_id>/send", methods=["GET", "POST"])
@allow("coordinator")
def send_round(round_id: str) -> Page:
    plan = offers.plan(session, actor=actor(), round_id=round_id)
    row = plan.round
    if row.state in (RoundState.SENT, RoundState.CLOSED):
        return redirect(url_for("coordinator.replies", round_id=round_id), 303)
    form = SendForm(data={"version": row.version, "shown": plan.digest, "reply_by": row.reply_by})
    if form.validate_on_submit() and "preview" in request.form:
        plan = offers.plan(session, actor=actor(), round_id=round_id, reply_by=form.reply_by.data)
    elif form.is_submitted() and not form.errors:
        try:
            offers.send_round(
                session, actor=actor(), now=now(), today=today(), round_id=round_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The round is sent. The mails are on their way."), "success")
            return redirect(url_for("coordinator.replies", round_id=round_id), 303)
    number = _page_number(len(plan.teams))
    page = render_template(
        "coordinator/send-round.html",
        plan=plan,
        form=form,
        teams=plan.teams[(number - 1) * TEAMS_A_PAGE : number * TEAMS_A_PAGE],
        number=number,
        pages=_pages(len(plan.teams)),
        written=_written,
    )
    return page, 422 if form.errors else 200


def _pages(teams: int) -> int:
    return max(1, -(-teams // TEAMS_A_PAGE))


def _page_number(teams: int) -> int:
    given = request.args.get("page", 1, type=int) or 1
    return min(max(given, 1), _pages(teams))


def _written(message: Letter) -> tuple[str, str, list[str]]:
    """Subject, text, and what comes with it, as its reader will get it."""
    told = letter(current_app.config["SETTINGS"], message.code, message.language, message.params)
    with force_locale(message.language):
        dates = attachment(message.code, message.params, now())
        return *told, dates.words if dates else []


@bp.post("/rounds/<string:round_id>/close")
@allow("coordinator")
def close_round(round_id: str) -> Page:
    given = str(ConfirmForm().version.data or "")
    offers.close_round(
        session,
        actor=actor(),
        now=now(),
        round_id=round_id,
        version=int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0,
    )
    flash(_("The round is closed."), "success")
    return redirect(url_for("coordinator.replies", round_id=round_id), 303)
