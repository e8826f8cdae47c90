"""Papers of a round: letters for people without an address, match sheets, whom to recruit."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_babel import gettext as _

from matchmaker.errors import NotFound
from matchmaker.services import offers, proposals, recruiting, rounds
from web.access import actor, allow
from web.coordinator import bp
from web.db import session, today
from web.papers import letters
from web.papers import recruiting as recruiting_papers
from web.pdf import download

MOST_TEAMS = 1000


@bp.get("/rounds/<string:round_id>/letters.pdf")
@allow("coordinator")
def round_letters(round_id: str) -> Response:
    """Every letter, or only those to people without an address."""
    plan = offers.written(session, actor=actor(), round_id=round_id)
    chosen = plan.letters if request.args.get("all") else plan.unreachable
    if not chosen:
        raise NotFound("nothing_to_print")
    title = _("Letters of “%(name)s”", name=plan.round.name)
    paper = letters.offer_letters(current_app.config["SETTINGS"], title, chosen, on=today())
    return download(paper, f"letters-{round_id}")


@bp.get("/rounds/<string:round_id>/sheets.pdf")
@allow("coordinator")
def round_sheets(round_id: str) -> Response:
    """A page for each need with its team, to talk over and to write on."""
    row = rounds.find(session, actor=actor(), round_id=round_id)
    page = proposals.teams(
        session, actor=actor(), round_id=round_id, search=proposals.Search(), size=MOST_TEAMS
    )
    title = _("Match sheets of “%(name)s”", name=row.name)
    paper = letters.match_sheets(title, page.items, page.names, on=today())
    return download(paper, f"sheets-{round_id}", footer=_("Confidential: only for coordinators"))


@bp.get("/rounds/<string:round_id>/recruit.pdf")
@allow("coordinator")
def recruit_sheet(round_id: str) -> Response:
    report = recruiting.report(session, actor=actor(), round_id=round_id)
    home = rounds.policy_of(report.round).language
    paper = recruiting_papers.sheet(report, home=home, on=today())
    return download(paper, f"recruit-{round_id}")
