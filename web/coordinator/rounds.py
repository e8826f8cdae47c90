"""Rounds: the list, a new one, its computation with progress, its review, its record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matchmaker.errors import Invalid
from matchmaker.models import Round, RoundState
from matchmaker.services import (
    approvals,
    capacity,
    closer_asks,
    closer_look,
    comparisons,
    hints,
    marks,
    overtaken,
    policies,
    proposals,
    questions,
    reason_names,
    receipts,
    rounds,
    suggestions,
)
from matchmaker.services.board_search import STATUS, SURENESS, Search
from matchmaker.services.proposals import Counts
from matchmaker.services.who_said import who_said
from web import compare_words, room_words, round_words
from web.access import actor, allow
from web.coordinator import bp
from web.db import now, session, today
from web.forms import (
    BaseForm,
    BooleanField,
    CheckboxesField,
    ConfirmForm,
    DateField,
    IntegerField,
    Required,
    StringField,
    apply_errors,
    validators,
)
from web.page import Page
from web.refusals import seat_link

RELOAD_SECONDS = 2
TABLE_PAGE = 50  # needs, a line each
MOST_NEEDS = 100  # to choose from on one page; the others come along or wait
OPTIONAL = [validators.Optional()]
URGENCIES = ("urgent", "important", "ordinary")


class RoundForm(BaseForm):
    name = StringField(_l("Name of the round"), [Required()], description=_l("Only we see it."))
    need_ids = CheckboxesField(_l("Needs in this round"), [Required("none_chosen")])
    others = BooleanField(_l("Take all other open needs in as well"), default=True)
    max_new_projects = IntegerField(
        _l("At most this many new projects"),
        OPTIONAL,
        description=_l("Empty: what the coordinators can accompany, where they said so."),
    )
    reply_by = DateField(_l("Replies until"), OPTIONAL)
    seed = IntegerField(
        _l("Number for the lot"),
        OPTIONAL,
        description=_l(
            "Decides only where everything else is equal. Whoever has it can repeat it."
        ),
    )


@bp.get("/rounds", endpoint="rounds")
@allow("coordinator")
def round_list() -> Page:
    return render_template(
        "coordinator/rounds.html",
        rounds=rounds.listing(session, actor=actor()),
        open_needs=rounds.open_need_count(session),
    )


@bp.route("/rounds/new", methods=["GET", "POST"])
@allow("coordinator")
def new_round() -> Page:
    every = rounds.open_needs(session)
    needs, rest = every[:MOST_NEEDS], every[MOST_NEEDS:]
    room = capacity.capacity(session, on=today())
    form = RoundForm(need_ids=[each.need.id for each in needs], max_new_projects=room.free)
    form.need_ids.choices = [
        (each.need.id, _("%(name)s (%(by)s)", name=each.need.title, by=each.group_name))
        for each in needs
    ]
    if not rest:
        del form.others
    if form.validate_on_submit():
        chosen = list(form.need_ids.data or ())
        if form.others and form.others.data:
            chosen += [each.need.id for each in rest]
        try:
            row = rounds.create(
                session, actor=actor(), now=now(), today=today(),
                data={**form.data, "need_ids": chosen},
            )  # fmt: skip
            rounds.request_computation(
                session, actor=actor(), now=now(), round_id=row.id, version=row.version
            )
            return redirect(url_for(".round", round_id=row.id), 303)
        except Invalid as refused:
            apply_errors(form, refused)
    page = render_template(
        "coordinator/new-round.html",
        form=form,
        needs=needs,
        more=len(rest),
        policy=policies.in_force(session),
        room=room,
    )
    return (page, 422) if form.errors else page


@bp.get("/rounds/<string:round_id>", endpoint="round")
@allow("coordinator")
def round_board(round_id: str) -> Page | Response:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    if row.state == RoundState.COMPUTING or not row.runs:
        return _progress(row)
    search, as_table = board_search(), request.args.get("view") == "table"
    page = proposals.teams(
        session,
        actor=actor(),
        round_id=round_id,
        search=search,
        size=TABLE_PAGE if as_table else proposals.PAGE,
        reasons=not as_table,
    )
    return render_template(
        "coordinator/round-table.html" if as_table else "coordinator/round.html",
        page=page,
        search=search,
        look=_look(row, [seat.proposal.sure for team in page.items for seat in team.seats]),
        **_common(row),
    )


@bp.get("/rounds/<string:round_id>/needs/<string:need_id>")
@allow("coordinator")
def round_need(round_id: str, need_id: str) -> Page | Response:
    """One need of the board by itself."""
    row = rounds.find(session, actor=actor(), round_id=round_id)
    team, names = proposals.team(session, actor=actor(), round_id=round_id, need_id=need_id)
    return render_template(
        "coordinator/round-need.html",
        round=row,
        team=team,
        names=names,
        look=_look(row, [seat.proposal.sure for seat in team.seats]),
        overtaken=overtaken.in_review(session, row),
        seat_link=seat_link,
        room_words=room_words,
        review=row.state == RoundState.READY,
        today=today(),
    )


@bp.get("/rounds/<string:round_id>/unstaffed")
@allow("coordinator")
def round_unstaffed(round_id: str) -> Page | Response:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    search = board_search()
    page = proposals.open_needs(session, actor=actor(), round_id=round_id, search=search)
    return render_template(
        "coordinator/round-unstaffed.html",
        page=page,
        search=search,
        askable=suggestions.askable,
        asked=suggestions.of_needs(session, [item.need.id for item in page.items]),
        **_common(row),
    )


@bp.get("/rounds/<string:round_id>/waiting")
@allow("coordinator")
def round_waiting(round_id: str) -> Page | Response:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    search = board_search()
    page = proposals.waiting(session, actor=actor(), round_id=round_id, search=search)
    return render_template(
        "coordinator/round-waiting.html",
        page=page,
        search=search,
        tellable=hints.tellable,
        look=_look(row, [item.openings is not None for item in page.items]),
        most_waiting=closer_look.MOST_WAITING,
        **_common(row),
    )


@bp.get("/rounds/<string:round_id>/record")
@allow("coordinator")
def round_record(round_id: str) -> Page:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    decisions = approvals.history(session, round_id=round_id)
    names = questions.names_of_changes(session, row, [each[1] for each in decisions])
    left_out = reason_names.names_for(session, people=row.left_out).people if row.left_out else {}
    return render_template(
        "coordinator/round-record.html",
        left_out=sorted(left_out.items(), key=lambda each: each[1]),
        names=names,
        decisions=decisions,
        said=who_said(session, [each[0] for each in decisions]),
        marks=marks.listing(session, round_id),
        changed=round_words.changed(row, names),
        ends=round_words.ENDS,
        origins=receipts.origins(session, row),
        trials=receipts.trials_kept(session, row),
        **_common(row),
    )


@bp.get("/rounds/<string:round_id>/questions")
@allow("coordinator")
def round_questions(round_id: str) -> Page | Response:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    if row.state == RoundState.COMPUTING or not row.runs:
        return _progress(row)
    return render_template("coordinator/round-questions.html", **_common(row))


@bp.get("/rounds/<string:round_id>/proof")
@allow("coordinator")
def round_proof(round_id: str) -> Page:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    return render_template(
        "coordinator/round-proof.html",
        round=row,
        levels=round_words.level_rows(row),
        policy=rounds.policy_of(row),
        stage=round_words.stage,
    )


@bp.post("/rounds/<string:round_id>/compute")
@allow("coordinator")
def compute_round(round_id: str) -> Response:
    rounds.request_computation(
        session, actor=actor(), now=now(), round_id=round_id, version=_version()
    )
    return redirect(url_for(".round", round_id=round_id), 303)


@bp.post("/rounds/<string:round_id>/stop")
@allow("coordinator")
def stop_round(round_id: str) -> Response:
    rounds.stop_computation(
        session, actor=actor(), now=now(), round_id=round_id, version=_version()
    )
    flash(_("The computation was stopped. Nothing was changed."), "success")
    return redirect(url_for(".round", round_id=round_id), 303)


@bp.route("/rounds/<string:round_id>/cancel", methods=["GET", "POST"])
@allow("coordinator")
def cancel_round(round_id: str) -> Page:
    row = rounds.find(session, actor=actor(), round_id=round_id)
    form = ConfirmForm(version=row.version)
    if form.validate_on_submit():
        rounds.cancel(session, actor=actor(), now=now(), round_id=round_id, version=_version())
        flash(_("The round was cancelled. Its needs are free for another round."), "success")
        return redirect(url_for(".rounds"), 303)
    return render_template("coordinator/cancel-round.html", round=row, form=form)


def _progress(row: Round) -> Response:
    """A draft, a running or a failed computation. A running one reloads itself."""
    names = questions.names_of_changes(session, row)
    page = render_template(
        "coordinator/round-progress.html",
        round=row,
        stage=round_words.stage(row.stage),
        failure=round_words.failure(row, names),
        marks=marks.listing(session, row.id),
    )
    response = make_response(page)
    if row.state == RoundState.COMPUTING:
        response.headers["Refresh"] = str(RELOAD_SECONDS)
    return response


def _look(row: Round, known: Iterable[Any]) -> closer_asks.Look | None:
    """How far the closer look has come, where a page shows something that is not known yet."""
    return None if all(known) else closer_asks.look(session, row)


def _common(row: Round) -> dict[str, Any]:
    """What every tab of the board shows."""
    counts: Counts = proposals.counts(session, row)
    names = questions.names_of_changes(session, row) if row.failure else None
    return {
        "round": row,
        "counts": counts,
        "open": row.state in (RoundState.READY, RoundState.FAILED),
        "review": row.state == RoundState.READY,
        "beside": _beside(row),
        "overtaken": overtaken.in_review(session, row),
        "seat_link": seat_link,
        "room_words": room_words,
        "failure": round_words.failure(row, names) if names and row.state == "failed" else [],
        "today": today(),
    }


def _beside(row: Round) -> list[str]:
    """How the round stands against what it first was, and against the last one that was sent."""
    first, last = comparisons.beside(session, row)
    now = comparisons.Figures(row.name, row.computed_at, row.levels, row.measures)
    told = [compare_words.against_first(now, first)] if first else []
    return [*told, *([compare_words.against_last(last)] if last else [])]


def board_search() -> Search:
    """What the address of a part of the board asks for."""
    given = request.args
    page = given.get("page", "1")
    return Search(
        text=given.get("text", "")[:80],
        urgency=given.get("urgency", "") if given.get("urgency") in URGENCIES else "",
        status=given.get("status", "") if given.get("status") in STATUS else "",
        sure=given.get("sure", "") if given.get("sure") in SURENESS else "",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
