"""For readers that are programs: a feed of needs, the site map, what crawlers may fetch."""

from __future__ import annotations

from email.utils import format_datetime

from flask import Response, render_template, url_for

from matchmaker.services import directory, group_directory
from matchmaker.services.public_search import GroupSearch
from web.access import allow
from web.db import session
from web.public import bp

NEWEST = 30
EXPLAINING = (
    "public.home",
    "public.how_it_works",
    "public.needs",
    "public.groups",
    "public.rules",
    "public.figures",
    "public.round_reports",
    "public.privacy",
    "public.contact",
    "public.accessibility",
)


@bp.get("/needs.rss")
@allow("public")
def needs_feed() -> Response:
    text = render_template(
        "public/needs.rss.xml",
        cards=directory.newest_needs(session, most=NEWEST, sort="newest"),
        rfc_date=format_datetime,
    )
    return Response(text, mimetype="application/rss+xml")


@bp.get("/sitemap.xml")
@allow("public")
def sitemap() -> Response:
    pages = [url_for(endpoint, _external=True) for endpoint in EXPLAINING]
    pages += [
        url_for("public.need", need_id=need_id, _external=True)
        for need_id in directory.open_need_ids(session)
    ]
    pages += [
        url_for("public.group", group_id=group_id, _external=True)
        for group_id in group_directory.listed_ids(session, search=GroupSearch())
    ]
    return Response(render_template("public/sitemap.xml", pages=pages), mimetype="application/xml")


@bp.get("/robots.txt")
@allow("public")
def robots() -> Response:
    closed = (
        "/account",
        "/professional",
        "/group/",
        "/coordinator",
        "/company",
        "/city",
        "/verify",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {url_for('public.sitemap', _external=True)}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
