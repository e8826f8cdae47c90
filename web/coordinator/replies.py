"""Replies of a round; one offer with its history; a reply by telephone; taking an offer back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.models import RoundState, Side
from matchmaker.services import bounces, offers, repairs, reply_lists, suggestions
from matchmaker.services import replies as answers
from matchmaker.services.commands import validated
from matchmaker.services.on_behalf import OnBehalf
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import (
    BaseForm,
    ConfirmForm,
    DateField,
    HiddenField,
    RadioField,
    Required,
    StringField,
    TextAreaField,
    apply_errors,
    validators,
)
from web.labels import choices
from web.move_words import moves
from web.page import Page


class WithdrawForm(BaseForm):
    version = HiddenField()
    reason = RadioField(_l("Why is it taken back?"), [Required("not_chosen")])
    note = TextAreaField(_l("Note for colleagues"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["reason"].choices = choices("withdraw_reason")


class ReplyForm(BaseForm):
    side = RadioField(_l("Who answered?"), [Required("not_chosen")])
    answer = RadioField(_l("What was the answer?"), [Required("not_chosen")])
    reason = RadioField(_l("If not: the main reason"), [validators.Optional()])
    again_from = DateField(
        _l("When could they be asked again?"),
        [validators.Optional()],
        description=_l("Needed where the reason is “Not before a certain day”."),
    )
    note = TextAreaField(_l("Note for colleagues"))
    said_by = StringField(_l("Who said so?"), [Required()])
    channel = RadioField(_l("How?"), [Required("not_chosen")])
    said_on = DateField(_l("When?"), [Required()])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["side"].choices = [("professional", _("The professional")), ("group", _("The group"))]
        self["answer"].choices = [("accepted", _("Yes")), ("declined", _("Not this time"))]
        both = {**dict(choices("professional_reason")), **dict(choices("group_reason"))}
        self["reason"].choices = list(both.items())
        self["channel"].choices = choices("channel")


@bp.get("/rounds/<string:round_id>/replies")
@allow("coordinator")
def replies(round_id: str) -> Page:
    found = reply_lists.replies(session, actor=actor(), round_id=round_id)
    sent = found.round.state == RoundState.SENT
    letters = offers.written(session, actor=actor(), round_id=round_id) if sent else None
    return render_template(
        "coordinator/replies.html",
        found=found,
        round=found.round,
        refused=bounces.behind(
            session, [seat.person for line in found.needs for seat in line.seats]
        ),
        unreachable=len({each.name for each in letters.unreachable}) if letters else 0,
    )


@bp.get("/offers/<string:proposal_id>")
@allow("coordinator")
def offer(proposal_id: str) -> Page:
    found = reply_lists.one(session, actor=actor(), proposal_id=proposal_id)
    refused = bounces.behind(session, [found.line.person, found.group])
    return render_template(
        "coordinator/offer.html", found=found, seat=found.line, refusals=list(refused.values())
    )


@bp.route("/offers/<string:proposal_id>/repair", methods=["GET", "POST"])
@allow("coordinator")
def repair_offer(proposal_id: str) -> Page:
    """The best way on after an offer that ended; a POST starts the small round."""
    if other := repairs.under_way(session, actor=actor(), proposal_id=proposal_id):
        return render_template(
            "coordinator/repair-under-way.html", found=other, proposal_id=proposal_id
        )
    report = repairs.report(session, actor=actor(), today=today(), proposal_id=proposal_id)
    if ConfirmForm().validate_on_submit():
        name = _("%(name)s, seats filled again", name=report.round.name)[:120]
        row = repairs.start(
            session, actor=actor(), now=now(), today=today(), proposal_id=proposal_id, name=name
        )
        return redirect(url_for("coordinator.round", round_id=row.id), 303)
    held = {move.person_id for move in report.found.disturbed}
    difference = report.found.difference
    gained, lost = difference.gained, difference.lost
    return render_template(
        "coordinator/repair.html",
        report=report,
        askable=suggestions.askable,
        moves=moves(
            [pair for pair in gained if pair[0] not in held],
            [pair for pair in lost if pair[0] not in held and pair in gained],
            report.names,
        ),
        disturbed=moves(
            [pair for pair in gained if pair[0] in held],
            [pair for pair in lost if pair[0] in held],
            report.names,
        ),
    )


@bp.post("/offers/<string:proposal_id>/repair/ask")
@allow("coordinator")
def ask_for_repair(proposal_id: str) -> Page:
    """Ask the group for a change that would bring somebody for the seat."""
    repairs.ask(
        session, actor=actor(), now=now(), today=today(), proposal_id=proposal_id,
        change=request.form.get("change", "")[:200],
    )  # fmt: skip
    flash(_("The group was asked. You will get a mail when it answers."), "success")
    return redirect(url_for("coordinator.repair_offer", proposal_id=proposal_id), 303)


def _listed(proposal_id: str) -> Response:
    return redirect(url_for("coordinator.offer", proposal_id=proposal_id), 303)


@bp.route("/offers/<string:proposal_id>/withdraw", methods=["GET", "POST"])
@allow("coordinator")
def withdraw_offer(proposal_id: str) -> Page:
    found = reply_lists.one(session, actor=actor(), proposal_id=proposal_id)
    form = WithdrawForm(data={"version": found.line.proposal.version})
    if form.validate_on_submit():
        try:
            answers.withdraw(
                session, actor=actor(), now=now(), today=today(), proposal_id=proposal_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The invitation was taken back. Both sides are told."), "success")
            return _listed(proposal_id)
    page = render_template("coordinator/withdraw-offer.html", form=form, found=found)
    return page, 422 if form.errors else 200


@bp.route("/offers/<string:proposal_id>/reply", methods=["GET", "POST"])
@allow("coordinator")
def enter_reply(proposal_id: str) -> Page:
    found = reply_lists.one(session, actor=actor(), proposal_id=proposal_id)
    form = ReplyForm(data={"said_on": today()})
    if form.validate_on_submit():
        try:
            _enter(found, form)
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The reply is recorded."), "success")
            return _listed(proposal_id)
    page = render_template("coordinator/enter-reply.html", form=form, found=found)
    return page, 422 if form.errors else 200


def _enter(found: reply_lists.OneReply, form: ReplyForm) -> None:
    proposal = found.line.proposal
    told = {"said_by": form.said_by.data, "channel": form.channel.data}
    said_on = form.said_on.data.isoformat() if form.said_on.data else ""
    note = validated(OnBehalf, {**told, "said_on": said_on})
    validated(answers.Remark, form.data)
    common = {"actor": actor(), "now": now(), "today": today(), "on_behalf": note}
    yes = form.answer.data == "accepted"
    if form.side.data == Side.PROFESSIONAL:
        one = {**common, "proposal_id": proposal.id}
        if yes:
            answers.accept_offer(session, **one)
        else:
            answers.decline_offer(session, **one, data=form.data)
    elif yes:
        answers.accept_team(session, **common, need_id=proposal.need_id, proposal_ids=[proposal.id])
    else:
        given = {**form.data, "proposal_ids": [proposal.id]}
        answers.decline_team(session, **common, need_id=proposal.need_id, data=given)
