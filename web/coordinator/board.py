"""Decisions on the review board: approve, set aside, replace, fix, undo, and the question why."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from matchmaker.errors import Conflict, Invalid
from matchmaker.models import MarkKind, RoundState
from matchmaker.services import approvals, bulk, closer_asks, marks, proposals, questions
from web import room_words, round_words
from web.access import actor, allow
from web.coordinator import bp
from web.coordinator.rounds import board_search
from web.db import now, session
from web.forms import (
    BaseForm,
    ConfirmForm,
    HiddenField,
    RadioField,
    Required,
    TextAreaField,
    apply_errors,
)
from web.move_words import moves
from web.page import Page
from web.refusals import seat_link, told

KEPT = ("text", "urgency", "status", "sure", "view", "page")
MOST_CHOSEN = 100  # needs ticked on one page


class RejectForm(BaseForm):
    version = HiddenField()
    reason = RadioField(
        _l("Reason for passing it over"),
        [Required("not_chosen")],
        choices=list(round_words.REJECT_REASONS.items()),
    )
    note = TextAreaField(_l("Note for colleagues"), description=_l("Nobody else sees it."))


class ReplaceForm(BaseForm):
    version = HiddenField()
    professional_id = HiddenField()


@bp.post("/proposals/<string:proposal_id>/approve")
@allow("coordinator")
def approve_proposal(proposal_id: str) -> Response:
    def act() -> str:
        done = approvals.approve(
            session, actor=actor(), now=now(), proposal_id=proposal_id, version=_version()
        )
        return _to_board(done.round_id, done.need_id)

    return _told(act, proposal_id)


@bp.post("/proposals/<string:proposal_id>/undo")
@allow("coordinator")
def undo_proposal(proposal_id: str) -> Response:
    def act() -> str:
        done = approvals.undo(
            session, actor=actor(), now=now(), proposal_id=proposal_id, version=_version()
        )
        flash(_("The decision was taken back."), "success")
        return _to_board(done.round_id, done.need_id)

    return _told(act, proposal_id)


@bp.post("/rounds/<string:round_id>/needs/<string:need_id>/approve")
@allow("coordinator")
def approve_team(round_id: str, need_id: str) -> Response:
    def act() -> str:
        approvals.approve_team(
            session, actor=actor(), now=now(), round_id=round_id, need_id=need_id, seen=_seen()
        )
        flash(_("The team was approved. Nothing has been sent yet."), "success")
        return _to_board(round_id, need_id)

    return _told(act, round_id=round_id)


@bp.route("/rounds/<string:round_id>/approve-all", methods=["GET", "POST"])
@allow("coordinator")
def approve_all(round_id: str) -> Page:
    """Everything, what a search finds, or the needs that were ticked, after a look at it."""
    search = board_search()
    chosen = [each[:64] for each in request.values.getlist("need")[:MOST_CHOSEN]]
    if request.args.get("ticked") and not chosen:
        flash(_("Please tick at least one team."), "error")
        return redirect(url_for(".round", round_id=round_id, view="table"), 303)
    planned = bulk.plan(session, actor=actor(), round_id=round_id, search=search, need_ids=chosen)
    form = ConfirmForm(version=planned.round.version)
    if form.validate_on_submit():
        done, left = bulk.approve(
            session, actor=actor(), now=now(), planned=planned, version=form.seen()
        )
        text = ngettext("%(num)s proposal was approved.", "%(num)s proposals were approved.", done)
        flash(text + _(" Nothing has been sent yet."), "success")
        if left:
            flash(room_words.left_out(left, round_id), "warning")
        return redirect(url_for(".round", round_id=round_id), 303)
    return render_template(
        "coordinator/approve-all.html",
        round=planned.round,
        form=form,
        plan=planned,
        room_words=room_words,
        seat_link=seat_link,
        chosen=chosen,
        search=search,
    )


@bp.get("/proposals/<string:proposal_id>/why")
@allow("coordinator")
def why_proposal(proposal_id: str) -> Page:
    told = questions.why(
        session,
        actor=actor(),
        proposal_id=proposal_id,
        other=request.args.get("person", "")[:64],
        text=request.args.get("text", "")[:80],
    )
    answer = told.answer
    return render_template(
        "coordinator/why.html",
        told=told,
        look=None if told.seat.proposal.sure else closer_asks.look(session, told.round),
        ending=round_words.ending(told.seat) if told.seat.ended else "",
        text=request.args.get("text", "")[:80],
        cost=round_words.cost(answer.difference, told.names) if answer else [],
        levels=round_words.level_costs(told.round, answer.difference) if answer else [],
        moves=_moves(told),
        costs=round_words.costs(told.others),
        without=round_words.cost_text(told.others.without, told.others.names),
        form=ReplaceForm(),
    )


def _moves(told: questions.Why) -> list[str]:
    if told.answer is None:
        return []
    difference = told.answer.difference
    first = (told.answer.person.id, told.seat.person.id)
    return moves(difference.gained, difference.lost, told.names, first)


@bp.route("/proposals/<string:proposal_id>/change", methods=["GET", "POST"])
@allow("coordinator")
def change_proposal(proposal_id: str) -> Page:
    row, team, seat, names = proposals.seat(session, actor=actor(), proposal_id=proposal_id)
    if seat.ended:  # nothing can be changed about it; why it was proposed can still be read
        return redirect(url_for(".why_proposal", proposal_id=proposal_id), 303)
    form = RejectForm(version=seat.proposal.version)
    if form.validate_on_submit():
        try:
            approvals.reject(
                session, actor=actor(), now=now(), proposal_id=proposal_id, data=form.data
            )
        except Invalid as refused:
            apply_errors(form, refused)
        else:
            flash(_("The proposal was set aside. The seat is empty until you work out anew."))
            return redirect(_to_board(row.id, team.need.id), 303)
    ready = row.state == RoundState.READY
    others = questions.others(session, row, seat) if ready else None
    page = render_template(
        "coordinator/change.html",
        round=row,
        team=team,
        seat=seat,
        names=names,
        form=form,
        others=others,
        costs=round_words.costs(others) if others else {},
    )
    return (page, 422) if form.errors else page


@bp.post("/proposals/<string:proposal_id>/replace")
@allow("coordinator")
def replace_proposal(proposal_id: str) -> Response:
    def act() -> str:
        row = approvals.replace(
            session, actor=actor(), now=now(), proposal_id=proposal_id, data=request.form
        )
        return url_for(".round", round_id=row.id)

    return _told(act, proposal_id)


@bp.post("/rounds/<string:round_id>/marks")
@allow("coordinator")
def mark_pair(round_id: str) -> Response:
    def act() -> str:
        row = marks.mark(session, actor=actor(), now=now(), round_id=round_id, data=request.form)
        line = marks.line(session, row)
        said = {"person": line.person_name, "role": line.role_title}
        flash(
            _("%(person)s is fixed for “%(role)s”. Work the round out again to see it.", **said)
            if row.kind == MarkKind.PIN
            else _(
                "%(person)s is kept apart from “%(role)s” from the next computation on.", **said
            ),
            "success",
        )
        return _to_board(round_id, line.need_id)

    return _told(act, round_id=round_id)


@bp.post("/rounds/<string:round_id>/marks/remove")
@allow("coordinator")
def unmark_pair(round_id: str) -> Response:
    def act() -> str:
        marks.remove(
            session,
            actor=actor(),
            now=now(),
            round_id=round_id,
            professional_id=request.form.get("professional_id", "")[:64],
            role_id=request.form.get("role_id", "")[:64],
        )
        flash(_("The mark was removed."), "success")
        return url_for(".round_record", round_id=round_id)

    return _told(act, round_id=round_id)


def _told(act: Callable[[], str], proposal_id: str = "", round_id: str = "") -> Response:
    """Do ``act`` and go where it says; when somebody else was first, say so on the board."""
    try:
        return redirect(act(), 303)
    except Conflict as refusal:
        session.rollback()
        flash(told(refusal), "error")
    if proposal_id:
        row, team, _seat, _names = proposals.seat(session, actor=actor(), proposal_id=proposal_id)
        return redirect(_to_board(row.id, team.need.id), 303)
    return redirect(_to_board(round_id), 303)


def _to_board(round_id: str, need_id: str = "") -> str:
    """The board as it was being read, at the need that was decided about."""
    kept = {name: request.form[name] for name in KEPT if request.form.get(name)}
    if need_id and kept.get("view") == "need":
        return url_for(".round_need", round_id=round_id, need_id=need_id)
    anchor = {"_anchor": f"need-{need_id}"} if need_id else {}
    return url_for(".round", round_id=round_id, **kept, **anchor)


def _version() -> int:
    return _whole(request.form.get("version", ""))


def _seen() -> dict[str, int]:
    """Proposal → version, as the page with the team had them."""
    shown = (each.rpartition(".") for each in request.form.getlist("seen"))
    return {proposal: _whole(version) for proposal, _dot, version in shown}


def _whole(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
