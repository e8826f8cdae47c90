"""Papers of a round: letters for people without an address, match sheets, whom to recruit."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.errors import NotFound
from matchmaker.services import activity_logs, company_list, offers, proposals, recruiting, rounds
from matchmaker.services.accounts import LANGUAGES
from matchmaker.services.board_search import Search
from matchmaker.services.wordings import filled
from web.access import actor, allow
from web.coordinator import bp
from web.db import session, today
from web.downloads import csv_download
from web.mail import in_force, site_name
from web.papers import activity, letters
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
        session, actor=actor(), round_id=round_id, search=Search(), size=MOST_TEAMS
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


@bp.get("/rounds/<string:round_id>/recruit-letters.pdf")
@allow("coordinator")
def recruit_letters(round_id: str) -> Response:
    """A letter to one channel (``to``), or one to every employer of the list."""
    report = recruiting.report(session, actor=actor(), round_id=round_id)
    to, spoken = request.args.get("to", ""), request.args.get("spoken", "ja")
    spoken = spoken if spoken in LANGUAGES else "ja"
    with force_locale(spoken):
        if to in recruiting_papers.CHANNELS:
            code, names = "recruit_channel", [str(recruiting_papers.CHANNELS[to])]
        else:
            code = "recruit_company"
            names = company_list.names(session, actor=actor(), company_id=to)
        if not names:
            raise NotFound("no_employer_to_write_to")
        own = in_force(spoken).get(code)
        paper = recruiting_papers.letters(
            report,
            [(name, filled(own, {"company": name})) for name in names],
            code,
            home=rounds.policy_of(report.round).language,
            on=today(),
            sender=site_name(current_app.config["SETTINGS"], spoken),
        )
        return download(replace(paper, language=spoken), f"recruit-letters-{round_id}")


@bp.get("/projects/<string:project_id>/activity.pdf")
@allow("coordinator")
def activity_pdf(project_id: str) -> Response:
    """Roster and days of a project, as an insurance claim asks for them."""
    log = activity_logs.read(session, actor=actor(), project_id=project_id)
    paper = activity.log_paper(log, on=today())
    footer = _("Confidential: names and days of private persons")
    return download(paper, f"activity-{project_id}", footer=footer)


@bp.get("/projects/<string:project_id>/activity.csv")
@allow("coordinator")
def activity_csv(project_id: str) -> Response:
    """The days alone, for whoever checks a claim: in words, one row a day and person."""
    log = activity_logs.read(session, actor=actor(), project_id=project_id)
    return csv_download(f"activity-{project_id}", activity.HEADS, map(activity.cells, log.days))
