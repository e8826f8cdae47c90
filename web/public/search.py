"""One search over the whole public site, with the pages that explain among what is found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from matchmaker.services import site_search
from matchmaker.services.public_search import words_of
from matchmaker.text import search_key
from web.access import allow
from web.db import session, today
from web.i18n import language
from web.public import bp

MOST_LETTERS = 100
# Pages whose words stay as they are, and those that change, with what is said of them.
STEADY = {
    "public.how_it_works": _l("How it works"),
    "public.privacy": _l("Privacy"),
    "public.accessibility": _l("Accessibility"),
    "public.contact": _l("Contact"),
}
CHANGING = {
    "public.rules": (
        _l("How we decide"),
        _l("The rules, weights and order by which people and needs are brought together."),
    ),
    "public.figures": (
        _l("The programme in figures"),
        _l("Projects, hours, fields and districts, year by year, and the city's goal."),
    ),
    "public.round_reports": (
        _l("What came of the rounds"),
        _l("A report of every round: what was staffed, what was not, and why."),
    ),
    "public.check_certificate": (
        _l("Check a certificate"),
        _l("Whether a certificate of participation is genuine."),
    ),
}
MAIN = re.compile(r"(?s)<main.*?</main>")


@dataclass(frozen=True)
class SitePage:
    """A page that explains, with its words."""

    title: str
    href: str
    text: str


@bp.get("/search")
@allow("public")
def search() -> str:
    asked = request.args.get("q", "")[:MOST_LETTERS].strip()
    words = words_of(asked)
    return render_template(
        "public/search.html",
        asked=asked,
        words=words,
        found=site_search.find(session, text=asked, on=today()),
        pages=[page for page in _pages() if _says(page, words)] if words else [],
    )


def _says(page: SitePage, words: list[str]) -> bool:
    key = search_key(page.title, page.text)
    return all(word in key for word in words)


def _pages() -> list[SitePage]:
    """The explaining pages in the reader's language; the steady ones are read once."""
    kept: dict[str, list[SitePage]] = current_app.extensions.setdefault("site_pages", {})
    spoken = language()
    if spoken not in kept:
        kept[spoken] = [
            SitePage(str(title), url_for(endpoint), _text_of(endpoint))
            for endpoint, title in STEADY.items()
        ]
    changing = [
        SitePage(str(title), url_for(endpoint), str(text))
        for endpoint, (title, text) in CHANGING.items()
    ]
    return kept[spoken] + changing


def _text_of(endpoint: str) -> str:
    page = current_app.view_functions[endpoint]()
    main = MAIN.search(page) if isinstance(page, str) else None
    return Markup(main[0]).striptags() if main else ""  # noqa: S704 - a page of ours, as text
