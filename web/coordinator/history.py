"""The history of everything: search, filter, take away, check that nothing was changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _

from matchmaker.services import history
from web.access import actor, allow
from web.act_words import ACT_WORDS, SUBJECTS, act_word
from web.coordinator import bp
from web.db import session
from web.downloads import csv_download, xlsx_download
from web.navigation import endpoint_url
from web.page import Page

# Kind of subject → the page about it, and the name of its id there.
PAGES = {
    "professional": ("coordinator.person", "professional_id"),
    "group": ("coordinator.group", "group_id"),
    "need": ("coordinator.need", "need_id"),
    "round": ("coordinator.round", "round_id"),
    "project": ("coordinator.project", "project_id"),
    "company": ("coordinator.company", "company_id"),
    "proposal": ("coordinator.offer", "proposal_id"),
    "consultation": ("coordinator.consultation", "consultation_id"),
    "import_batch": ("coordinator.import_batch", "batch_id"),
}
HEADER = ("id", "at", "by", "act", "words", "kind", "subject", "name", "details")


@bp.get("/history")
@allow("coordinator")
def history_page() -> Page:
    search = history.HistorySearch.read(request.args)
    found = history.page(session, actor=actor(), search=search, zone=_zone())
    checked = request.args.get("check") == "yes"
    return render_template(
        "coordinator/history.html",
        found=found,
        search=search,
        chain=history.check(session, actor=actor()) if checked else None,
        acts=_acts(),
        asked=".".join(search.acts),
        kinds=[(kind, str(SUBJECTS[kind])) for kind in history.SUBJECTS],
        subject=subject,
        people=[*history.authors(session, actor=actor()), ("system", _("the system"))],
        address=address,
    )  # fmt: skip


def _acts() -> list[tuple[str, str]]:
    """What was done, by the alphabet; acts of one name are asked for together."""
    codes: dict[str, list[str]] = {}
    for code in ACT_WORDS:
        codes.setdefault(act_word(code), []).append(code)
    return [(".".join(codes[name]), name) for name in sorted(codes)]


@bp.get("/history.<any(csv, xlsx):suffix>")
@allow("coordinator")
def history_file(suffix: str) -> Response:
    search = history.HistorySearch.read(request.args)
    lines = history.everything(session, actor=actor(), search=search, zone=_zone())
    write = csv_download if suffix == "csv" else xlsx_download
    return write("history", HEADER, (tuple(_cells(line)) for line in lines))


def address(line: history.Line) -> str | None:
    """The page of what an act was about, where there is one."""
    endpoint, name = PAGES.get(line.kind, ("", ""))
    return endpoint_url(endpoint, **{name: line.subject_id}) if line.title or endpoint else None


def subject(kind: str) -> str:
    """The word for a kind of subject; an unknown one as itself."""
    return str(SUBJECTS.get(kind, kind))


def _cells(line: history.Line) -> Iterable[Any]:
    moment = line.at.astimezone(_zone())
    details = json.dumps(line.details, ensure_ascii=False, sort_keys=True) if line.details else ""
    return (
        line.id, moment.isoformat(timespec="seconds"), line.by or _("the system"), line.act,
        act_word(line.act), subject(line.kind), line.subject_id, line.title, details,
    )  # fmt: skip


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["SETTINGS"].time_zone)
