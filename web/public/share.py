"""Passing a page on: its code for telephones, and a poster for a need."""

from __future__ import annotations

from flask import Response, abort, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from matchmaker.errors import NotFound
from matchmaker.services import directory
from web.access import actor, allow, policy_of
from web.db import session, today
from web.page_meta import site_address
from web.papers.poster import SIZES, poster
from web.pdf import PDF
from web.public import bp
from web.qr import code

LONGEST = 300


@bp.get("/code.svg")
@allow("public")
def page_code() -> Response:
    """The code of a public page of this site (``at``: its path); of nothing else."""
    path = request.args.get("at", "")
    if not _public_page(path):
        abort(404)
    response = Response(code(site_address(path)), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _public_page(path: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or len(path) > LONGEST:
        return False
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return str(endpoint).startswith("public.") and policy_of(current_app, endpoint) == "public"


@bp.get("/needs/<string:need_id>/poster.pdf")
@allow("public")
def need_poster(need_id: str) -> Response:
    """A poster for an open need, in A4 or A3 (``size``)."""
    seen = directory.public_need(session, actor=actor(), need_id=need_id, on=today())
    if not seen.open:
        raise NotFound("need_not_found")
    size = request.args.get("size", "")
    address = site_address(url_for("public.need", need_id=need_id))
    content = poster(seen, address=address, on=today(), size=size if size in SIZES else SIZES[0])
    response = Response(content, mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="poster-{need_id}.pdf"'
    return response
