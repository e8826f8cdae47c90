"""Cases: the list, a page each, its picture, and a list that other sites may show in a frame."""

from __future__ import annotations

from flask import Response, render_template, request

from matchmaker.services import case_directory, taxonomy
from matchmaker.services.pictures import SERVED_AS
from matchmaker.services.public_search import CaseSearch
from web.access import actor, allow
from web.db import session
from web.headers import let_be_framed
from web.public import bp
from web.public.case_data import article

MOST_EMBEDDED = 12


@bp.get("/cases")
@allow("public")
def cases() -> str:
    search = CaseSearch.read(request.args)
    return render_template(
        "public/cases.html",
        search=search,
        found=case_directory.published(session, search=search),
        fields=taxonomy.fields(session),
        districts=taxonomy.districts(session),
        years=case_directory.years(session),
    )


@bp.get("/cases/<string:case_id>")
@allow("public")
def case(case_id: str) -> str:
    seen = case_directory.public_case(session, case_id=case_id)
    return render_template("public/case.html", seen=seen, data=article(seen))


@bp.get("/cases/<string:case_id>/picture")
@allow("public")
def case_picture(case_id: str) -> Response:
    """A case's picture. For an hour only, so that a case taken off the site is soon gone."""
    row, public = case_directory.picture(session, actor=actor(), case_id=case_id)
    response = Response(row.content, mimetype=SERVED_AS)
    response.headers["Cache-Control"] = "public, max-age=3600" if public else "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    if public:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.set_etag(row.digest)
        response.make_conditional(request)
    return response


@bp.get("/cases/embed")
@allow("public")
def cases_embed() -> Response:
    """The newest cases for a frame on another site: no cookie, no script, nobody is signed in."""
    let_be_framed()
    most = min(max(request.args.get("most", 3, type=int), 1), MOST_EMBEDDED)
    search = CaseSearch.read(request.args)
    cards = case_directory.newest(session, most=most, search=search)
    response = Response(render_template("public/cases-embed.html", cards=cards))
    response.headers["Cache-Control"] = "public, max-age=600"
    return response
