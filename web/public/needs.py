"""Open needs: search, page, download."""

from __future__ import annotations

from flask import Response, render_template, request

from matchmaker.services import directory, taxonomy
from matchmaker.services.public_search import NeedSearch
from web.access import actor, allow
from web.db import session, today
from web.downloads import csv_download
from web.public import bp
from web.public.job_posting import job_posting

COLUMNS = (
    "id", "title", "group", "district", "form", "mode", "urgency", "starts_on", "ends_on",
    "hours_per_week", "skills", "summary",
)  # fmt: skip


@bp.get("/needs")
@allow("public")
def needs() -> str:
    search = NeedSearch.read(request.args)
    return render_template(
        "public/needs.html",
        search=search,
        found=directory.open_needs(session, search=search, on=today()),
        fields=taxonomy.fields(session),
        districts=taxonomy.districts(session),
        families=taxonomy.families(session),
        today=today(),
    )


@bp.get("/needs.csv")
@allow("public")
def needs_csv() -> Response:
    cards = directory.all_open_needs(session, search=NeedSearch.read(request.args), on=today())
    return csv_download("needs", COLUMNS, map(_row, cards))


def _row(card: directory.NeedCard) -> tuple[object, ...]:
    need = card.need
    return (
        need.id,
        need.title,
        card.group_name,
        card.district.code if card.district else "",
        need.form,
        need.mode,
        need.urgency,
        need.starts_on,
        need.ends_on,
        need.hours_per_week,
        ";".join(skill.code for skill in card.skills),
        need.summary,
    )


@bp.get("/needs/<need_id>")
@allow("public")
def need(need_id: str) -> str:
    seen = directory.public_need(session, actor=actor(), need_id=need_id, on=today())
    return render_template(
        "public/need.html", seen=seen, data=job_posting(seen) if seen.open else None, today=today()
    )
