"""The proposed team as its group sees it: skills and reasons first, names once both said yes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid, NotFound
from matchmaker.services import asking, offer_pages, replies
from web.access import actor, allow
from web.calendars import calendar, download
from web.db import now, session, today
from web.forms import BaseForm, CheckboxesField, RadioField, Required, TextAreaField, apply_errors
from web.group import bp
from web.group.proxy import ask_first, note_for
from web.i18n import site_name
from web.labels import choices
from web.page import Page
from web.reply_dates import reply_event


class TeamDeclineForm(BaseForm):
    proposal_ids = CheckboxesField(_l("Whom does it concern?"), [Required("none_chosen")])
    reason = RadioField(_l("What is the main reason?"), [Required("not_chosen")])
    note = TextAreaField(_l("Anything we should know for next time?"))

    def __init__(self, seats: list[offer_pages.TeamSeat], **given: Any) -> None:
        super().__init__(**given)
        self["reason"].choices = choices("group_reason")
        self["proposal_ids"].choices = [(each.proposal.id, each.role.title) for each in seats]


class QuestionForm(BaseForm):
    text = TextAreaField(_l("Your question"), [Required()])


def _seen(need_id: str) -> offer_pages.TeamSeen:
    return offer_pages.team(session, actor=actor(), need_id=need_id, today=today())


def _back(need_id: str) -> Response:
    return redirect(url_for("group.team", need_id=need_id), 303)


@bp.get("/needs/<string:need_id>/team")
@allow("group")
def team(need_id: str) -> Page:
    return render_template("group/team.html", seen=_seen(need_id), today=today())


@bp.get("/needs/<string:need_id>/team/reply-by.ics")
@allow("group")
def team_date(need_id: str) -> Page:
    """The day to answer by, for one's own calendar."""
    seen = _seen(need_id)
    if not seen.waiting or seen.reply_by is None:
        raise NotFound("need_not_found")
    asked = seen.waiting[0].proposal
    event = reply_event(
        proposal_id="", need_id=need_id, round_id=asked.round_id, need=seen.need.title,
        reply_by=seen.reply_by, changed=asked.offered_at or now(),
    )  # fmt: skip
    return download("reply-by", calendar([event], name=site_name()))


@bp.post("/needs/<string:need_id>/team/accept")
@allow("group")
def accept_team(need_id: str) -> Page:
    seen = _seen(need_id)
    if note := ask_first(seen.group.id):
        return note
    replies.accept_team(
        session,
        actor=actor(),
        now=now(),
        today=today(),
        need_id=need_id,
        proposal_ids=request.form.getlist("proposal_ids"),
        on_behalf=note_for(seen.group.id),
    )
    flash(_("Thank you. Names follow as soon as both sides have said yes."), "success")
    return _back(need_id)


@bp.route("/needs/<string:need_id>/team/decline", methods=["GET", "POST"])
@allow("group")
def decline_team(need_id: str) -> Page:
    seen = _seen(need_id)
    open_seats = [seat for seat in seen.seats if seat.proposal.state == "offered"]
    chosen = request.args.get("seat", "")
    every = [seat.proposal.id for seat in open_seats]
    form = TeamDeclineForm(
        open_seats, data={"proposal_ids": [chosen] if chosen in every else every}
    )
    if form.validate_on_submit():
        try:
            replies.decline_team(
                session,
                actor=actor(),
                now=now(),
                today=today(),
                need_id=need_id,
                data=form.data,
                on_behalf=note_for(seen.group.id),
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you for answering. The seat is free for the next round."), "success")
            return _back(need_id)
    page = render_template("group/team-decline.html", form=form, seen=seen)
    return (page, 422) if form.errors else (ask_first(seen.group.id) or page)


@bp.route("/needs/<string:need_id>/team/ask", methods=["GET", "POST"])
@allow("group")
def ask_about_team(need_id: str) -> Page:
    seen = _seen(need_id)
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            asking.ask_about_team(
                session, actor=actor(), now=now(), need_id=need_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your question is on its way. A coordinator answers by mail."), "success")
            return _back(need_id)
    page = render_template("group/team-ask.html", form=form, seen=seen)
    return page, 422 if form.errors else 200
