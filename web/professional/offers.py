"""Invitations: the list, one of them with its reasons, yes, not this time, ask first."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.errors import Invalid, NotFound
from matchmaker.models import ProposalState
from matchmaker.services import asking, fitting, offer_pages, replies
from web.access import actor, allow
from web.calendars import calendar, download
from web.db import now, session, today
from web.forms import (
    BaseForm,
    DateField,
    RadioField,
    Required,
    TextAreaField,
    apply_errors,
    validators,
)
from web.i18n import site_name
from web.labels import choices
from web.page import Page
from web.professional import bp
from web.refusals import sentence
from web.reply_dates import reply_event

ENDED = (ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN)


class DeclineForm(BaseForm):
    reason = RadioField(_l("What is the main reason?"), [Required("not_chosen")])
    again_from = DateField(
        _l("When could we ask you again?"),
        [validators.Optional()],
        description=_l(
            "No round proposes you before that day. Empty: at any time. Needed where you chose "
            "“Not before a certain day”."
        ),
    )
    note = TextAreaField(_l("Anything we should know for next time?"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self["reason"].choices = choices("professional_reason")


class QuestionForm(BaseForm):
    text = TextAreaField(_l("Your question"), [Required()])


def _seen(proposal_id: str) -> offer_pages.OfferSeen:
    return offer_pages.offer(session, actor=actor(), proposal_id=proposal_id, today=today())


@bp.get("/offers")
@allow("professional")
def offers() -> Page:
    return render_template(
        "professional/offers.html", offers=offer_pages.my_offers(session, actor=actor())
    )


@bp.get("/offers/<string:proposal_id>")
@allow("professional")
def offer(proposal_id: str) -> Page:
    seen = _seen(proposal_id)
    lack = seen.shortage
    return render_template(
        "professional/offer.html",
        seen=seen,
        shortage=sentence(lack.code, lack.params) if lack else "",
        today=today(),
        others=_others(seen),
    )


def _others(seen: offer_pages.OfferSeen) -> list[fitting.Suiting]:
    """Open needs that suit the person, once this invitation has come to nothing."""
    if seen.proposal.state not in ENDED:
        return []
    return fitting.suiting(session, professional_id=seen.person.id, today=today())


@bp.get("/offers/<string:proposal_id>/reply-by.ics")
@allow("professional")
def offer_date(proposal_id: str) -> Page:
    """The day to answer by, for one's own calendar."""
    seen = _seen(proposal_id)
    if not seen.can_answer or seen.proposal.reply_by is None:
        raise NotFound("proposal_not_found")
    event = reply_event(
        proposal_id=proposal_id, need_id=seen.need.id, round_id=seen.proposal.round_id,
        need=seen.need.title, reply_by=seen.proposal.reply_by,
        changed=seen.proposal.offered_at or now(),
    )  # fmt: skip
    return download("reply-by", calendar([event], name=site_name()))


@bp.post("/offers/<string:proposal_id>/accept")
@allow("professional")
def accept_offer(proposal_id: str) -> Page:
    answered = replies.accept_offer(
        session, actor=actor(), now=now(), today=today(), proposal_id=proposal_id
    )
    if answered.state == ProposalState.CONFIRMED:
        flash(_("Thank you. Both sides have said yes."), "success")
    else:
        flash(_("Thank you. We will write to you as soon as the group has answered."), "success")
    return redirect(url_for("professional.offer", proposal_id=proposal_id), 303)


@bp.route("/offers/<string:proposal_id>/decline", methods=["GET", "POST"])
@allow("professional")
def decline_offer(proposal_id: str) -> Page:
    seen = _seen(proposal_id)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            replies.decline_offer(
                session, actor=actor(), now=now(), today=today(), proposal_id=proposal_id,
                data=form.data,
            )  # fmt: skip
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Thank you for answering. We will look again another time."), "success")
            return redirect(url_for("professional.offer", proposal_id=proposal_id), 303)
    page = render_template("professional/offer-decline.html", form=form, seen=seen)
    return page, 422 if form.errors else 200


@bp.route("/offers/<string:proposal_id>/ask", methods=["GET", "POST"])
@allow("professional")
def ask_about_offer(proposal_id: str) -> Page:
    seen = _seen(proposal_id)
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            asking.ask_about_offer(
                session, actor=actor(), now=now(), proposal_id=proposal_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("Your question is on its way. A coordinator answers by mail."), "success")
            return redirect(url_for("professional.offer", proposal_id=proposal_id), 303)
    page = render_template("professional/offer-ask.html", form=form, seen=seen)
    return page, 422 if form.errors else 200
