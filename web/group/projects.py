"""A group's project: its steps, its people, what came of it."""

from __future__ import annotations

from flask import render_template

from matchmaker.models import Side
from matchmaker.services import project_steps, thanks
from web.access import actor, allow
from web.case_pages import Proxy, add_case_pages
from web.db import session, today
from web.group import bp
from web.group.proxy import ask_first, note_for
from web.page import Page

add_case_pages(bp, Side.GROUP, Proxy(ask_first, note_for))


@bp.get("/projects/<string:project_id>")
@allow("group")
def project(project_id: str) -> Page:
    seen = project_steps.seen(
        session, actor=actor(), side=Side.GROUP, project_id=project_id, today=today()
    )
    return render_template(
        "group/project.html", seen=seen, letters=thanks.of_project(session, project_id)
    )
