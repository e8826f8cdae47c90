"""Questions to a whole round: whom to recruit, who would rather be together, how fair it is."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.services import (
    closer_asks,
    comparisons,
    fairness,
    hints,
    rather,
    recruiting,
    rounds,
    suggestions,
)
from web import compare_words, fairness_words, recruit_words, round_words
from web.access import actor, allow
from web.coordinator import bp
from web.coordinator.rounds import board_search
from web.db import now, session
from web.move_words import moves
from web.page import Page
from web.papers.recruiting import CHANNELS


@bp.get("/rounds/<string:round_id>/fairness")
@allow("coordinator")
def round_fairness(round_id: str) -> Page:
    """Solved again for each price, so it is asked for on a page of its own."""
    page = board_search().page
    report = fairness.report(session, actor=actor(), round_id=round_id, page=page)
    return render_template(
        "coordinator/round-fairness.html",
        round=report.round,
        report=report,
        price=fairness_words.price,
        levels={**round_words.LEVELS, "limit": _("No more new projects than can be accompanied")},
    )


@bp.get("/rounds/<string:round_id>/compared")
@allow("coordinator")
def round_compared(round_id: str) -> Page:
    found = comparisons.compared(session, actor=actor(), round_id=round_id)
    since, words = found.since, compare_words
    return render_template(
        "coordinator/round-compared.html",
        round=found.round,
        compared=found,
        lines=words.lines(found),
        heads=words.heads(found),
        against_first=words.against_first(found.now, found.first) if found.first else "",
        against_last=words.against_last(found.last) if found.last else "",
        again_line=words.again_line(found.again) if found.again else "",
        since_lines=words.since_lines(since, found.names) if since else [],
        moves=moves(since.gained, since.lost, found.names) if since else [],
    )


@bp.get("/rounds/<string:round_id>/recruit")
@allow("coordinator")
def round_recruit(round_id: str) -> Page:
    report = recruiting.report(session, actor=actor(), round_id=round_id)
    return render_template(
        "coordinator/round-recruit.html",
        round=report.round,
        report=report,
        skills=recruit_words.skills,
        terms=recruit_words.terms,
        home=rounds.policy_of(report.round).language,
        channels=CHANNELS.items(),
    )


@bp.get("/rounds/<string:round_id>/rather")
@allow("coordinator")
def round_rather(round_id: str) -> Page:
    report = rather.report(session, actor=actor(), round_id=round_id)
    return render_template("coordinator/round-rather.html", round=report.round, report=report)


@bp.post("/rounds/<string:round_id>/waiting/<string:professional_id>/tell")
@allow("coordinator")
def tell_opening(round_id: str, professional_id: str) -> Response:
    """Write to somebody who waits about one change that would open a seat."""
    hints.tell(
        session,
        actor=actor(),
        now=now(),
        round_id=round_id,
        professional_id=professional_id,
        opening=request.form.get("opening", "")[:200],
    )
    flash(_("A mail was written. It names no need and nobody else."), "success")
    return redirect(
        url_for(".round_waiting", round_id=round_id, _anchor=f"person-{professional_id}"), 303
    )


@bp.post("/rounds/<string:round_id>/waiting/<string:professional_id>/try")
@allow("coordinator")
def try_openings(round_id: str, professional_id: str) -> Response:
    """Have it worked out what would open a seat to one person who waits."""
    closer_asks.ask_openings(
        session, actor=actor(), now=now(), round_id=round_id, professional_id=professional_id
    )
    flash(_("It is being worked out. Please look again in a moment."), "info")
    kept = {name: request.form[name] for name in ("text", "page") if request.form.get(name)}
    anchor = f"person-{professional_id}"
    return redirect(url_for(".round_waiting", round_id=round_id, **kept, _anchor=anchor), 303)


@bp.post("/proposals/<string:proposal_id>/how-sure")
@allow("coordinator")
def try_how_sure(proposal_id: str) -> Response:
    """Have it worked out how sure one seat is."""
    closer_asks.ask_how_sure(session, actor=actor(), now=now(), proposal_id=proposal_id)
    flash(_("It is being worked out. Please look again in a moment."), "info")
    return redirect(url_for(".why_proposal", proposal_id=proposal_id, _anchor="sure"), 303)


@bp.post("/rounds/<string:round_id>/needs/<string:need_id>/ask")
@allow("coordinator")
def ask_change(round_id: str, need_id: str) -> Response:
    """Ask the group of an unstaffed need for exactly one change."""
    suggestions.ask(
        session,
        actor=actor(),
        now=now(),
        round_id=round_id,
        need_id=need_id,
        change=request.form.get("change", "")[:200],
    )
    flash(_("The group was asked. You will get a mail when it answers."), "success")
    return redirect(url_for(".round_unstaffed", round_id=round_id, _anchor=f"need-{need_id}"), 303)
