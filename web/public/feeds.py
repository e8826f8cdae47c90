"""For readers that are programs: feeds of needs and cases, open data, the site map, what crawlers
may fetch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from flask import Response, json, render_template, request, url_for
from flask_babel import gettext as _

from matchmaker.services import case_directory, directory, group_directory, open_data
from matchmaker.services.public_search import CaseSearch, GroupSearch, NeedSearch
from web.access import allow
from web.db import session, today
from web.i18n import language, site_name
from web.page_meta import site_address
from web.public import bp, opportunities

NEWEST = 30
JSON_FEED = "application/feed+json"
EXPLAINING = (
    "public.home",
    "public.how_it_works",
    "public.needs",
    "public.groups",
    "public.cases",
    "public.rules",
    "public.figures",
    "public.round_reports",
    "public.privacy",
    "public.contact",
    "public.accessibility",
)


@dataclass(frozen=True)
class Entry:
    """One thing in a feed. ``image``: the address of its picture, or empty."""

    id: str
    title: str
    address: str
    text: str
    at: datetime | None
    tags: tuple[str, ...] = ()
    image: str = ""


def _needs() -> list[Entry]:
    search = NeedSearch.read({**request.args, "sort": "newest", "page": "1"})
    return [
        Entry(
            card.need.id,
            card.need.title,
            site_address(url_for("public.need", need_id=card.need.id)),
            card.need.summary,
            card.need.opened_at,
            tuple(skill.label_ja if language() == "ja" else skill.label_en
                  for skill in card.skills),
        )
        for card in directory.open_needs(session, search=search, on=today()).rows
    ]  # fmt: skip


def _cases() -> list[Entry]:
    cards = case_directory.newest(session, most=NEWEST, search=CaseSearch.read(request.args))
    return [
        Entry(
            card.case.id,
            card.case.title,
            site_address(url_for("public.case", case_id=card.case.id)),
            "\n\n".join((card.case.problem, card.case.work, card.case.result)),
            card.case.published_at,
            image=site_address(
                url_for("public.case_picture", case_id=card.case.id, v=card.picture.digest)
            ) if card.picture else "",
        )
        for card in cards
    ]  # fmt: skip


def _rss(title: str, text: str, home: str, entries: Iterable[Entry]) -> Response:
    page = render_template(
        "public/feed.rss.xml", title=title, text=text, home=home, entries=entries,
        rfc_date=format_datetime,
    )  # fmt: skip
    return Response(page, mimetype="application/rss+xml")


def _json_feed(title: str, text: str, home: str, entries: Iterable[Entry]) -> Response:
    """JSON Feed 1.1."""
    found: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{title} | {site_name()}",
        "description": text,
        "home_page_url": home,
        "feed_url": site_address(request.full_path.rstrip("?")),
        "language": language(),
        "items": [_item(entry) for entry in entries],
    }
    return Response(json.dumps(found, ensure_ascii=False), mimetype=JSON_FEED)


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.address,
        "url": entry.address,
        "title": entry.title,
        "content_text": entry.text,
    }
    if entry.at:
        item["date_published"] = entry.at.isoformat()
    if entry.tags:
        item["tags"] = list(entry.tags)
    if entry.image:
        item["image"] = entry.image
    return item


def _about_needs() -> tuple[str, str, str]:
    home = site_address(url_for("public.needs"))
    return _("Open needs"), _("What local groups are asking for now."), home


def _about_cases() -> tuple[str, str, str]:
    text = _("What came of finished projects, told by the groups and the professionals themselves.")
    return _("Cases"), text, site_address(url_for("public.cases"))


@bp.get("/needs.rss")
@allow("public")
def needs_feed() -> Response:
    return _rss(*_about_needs(), _needs())


@bp.get("/needs.json")
@allow("public")
def needs_json() -> Response:
    return _json_feed(*_about_needs(), _needs())


@bp.get("/cases.rss")
@allow("public")
def cases_feed() -> Response:
    return _rss(*_about_cases(), _cases())


@bp.get("/cases.json")
@allow("public")
def cases_json() -> Response:
    return _json_feed(*_about_cases(), _cases())


@bp.get("/opportunities.jsonld")
@allow("public")
def opportunities_data() -> Response:
    """Open needs in the shape of the Volunteering Data Standard."""
    needs = open_data.open_needs(session, search=NeedSearch.read(request.args), on=today())
    found = opportunities.document(needs, site=site_name(), on=today())
    return Response(json.dumps(found, ensure_ascii=False), mimetype="application/ld+json")


@bp.get("/sitemap.xml")
@allow("public")
def sitemap() -> Response:
    pages = [url_for(endpoint) for endpoint in EXPLAINING]
    pages += [
        url_for("public.need", need_id=need_id)
        for need_id in directory.open_need_ids(session, on=today())
    ]
    pages += [
        url_for("public.group", group_id=group_id)
        for group_id in group_directory.listed_ids(session, search=GroupSearch())
    ]
    pages += [
        url_for("public.case", case_id=case_id) for case_id in case_directory.published_ids(session)
    ]
    found = [site_address(page) for page in pages]
    return Response(render_template("public/sitemap.xml", pages=found), mimetype="application/xml")


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
    lines.append(f"Sitemap: {site_address(url_for('public.sitemap'))}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
