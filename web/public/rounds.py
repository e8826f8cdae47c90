"""What came of each round that was sent, for everybody. No person, and no small count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, render_template
from flask_babel import get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services import round_reports
from web.access import allow
from web.db import session
from web.fairness_words import promise_lines, rule_lines
from web.formats import plain_date
from web.papers.reports import round_report
from web.pdf import download
from web.public import bp

PARTS: Mapping[str, Any] = {
    "urgent": _l("Urgent"),
    "important": _l("Important"),
    "ordinary": _l("Not in a hurry"),
    "neighbourhood": _l("Neighbourhood associations"),
    "other": _l("Other groups"),
}
WHY_NOT: Mapping[str, Any] = {
    "nobody_has": _l("Nobody offers an essential skill at the level that is needed"),
    "nobody_has_all": _l("Nobody brings all essential skills together"),
    "too_few": _l("Too few people for the seats"),
    "refused": _l("Those with the skills have other times, places or conditions"),
    "team_clash": _l("Not enough different people for all roles"),
    "needed_elsewhere": _l("The people who could help were needed more elsewhere"),
    "limit_reached": _l("The limit of new projects was reached"),
}
ANOTHER_REASON = _l("Another reason")


@bp.get("/rounds", endpoint="round_reports")
@allow("public")
def report_list() -> str:
    rounds, numbers = round_reports.listing(session), _numbers()
    titles = [(each.id, _title(each.sent_at, numbers[each.id])) for each in rounds]
    return render_template("public/round-reports.html", rounds=titles)


@bp.get("/rounds/<string:round_id>/report.pdf")
@allow("public")
def round_report_pdf(round_id: str) -> Response:
    found = round_reports.report(session, round_id=round_id)
    paper = round_report(
        found, _title(found.sent_at, _numbers()[round_id]), PARTS, WHY_NOT, ANOTHER_REASON
    )
    return download(paper, f"round-{round_id}")


@bp.get("/rounds/<string:round_id>", endpoint="round_report")
@allow("public")
def one_report(round_id: str) -> str:
    found = round_reports.report(session, round_id=round_id)
    return render_template(
        "public/round-report.html",
        report=found,
        title=_title(found.sent_at, _numbers()[round_id]),
        parts=PARTS,
        why=WHY_NOT,
        other=ANOTHER_REASON,
        rules=rule_lines(found.policy),
        prices=promise_lines(found.prices),
    )


def _numbers() -> Mapping[str, int]:
    return round_reports.numbers(session, zone=get_timezone())


def _title(sent_at: datetime | None, number: int) -> str:
    """A round by its day, as its name is for the desk alone; a later one of the day is numbered,
    so that the first keeps the title people know."""
    day = plain_date(sent_at)
    if number == 1:
        return _("The round of %(day)s", day=day)
    return _("Round %(number)s of %(day)s", number=number, day=day)
