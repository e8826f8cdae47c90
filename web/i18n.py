"""Which language a page speaks, and catalogues that are always up to date.

The order: ``?lang=`` (remembered in a cookie), that cookie, the account, what the browser asks
for, Japanese. The cookie stands before the account so that the language switch always works; the
account's language decides in a fresh browser and in mails.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale

from web.access import actor

LANGUAGES: Mapping[str, str] = {"ja": "日本語", "en": "English"}
DEFAULT = "ja"
COOKIE = "language"
ONE_YEAR = 365 * 24 * 3600
TRANSLATIONS = Path(__file__).parent / "translations"


def init_i18n(app: Flask) -> None:
    """Choose the language of every request and give it to the templates."""
    compile_catalogues(app)
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=app.config["SETTINGS"].time_zone,
        locale_selector=choose_language,
    )
    app.jinja_env.globals.update(
        language=language, languages=LANGUAGES, in_language=in_language, site_name=site_name
    )
    app.after_request(_remember)


def choose_language() -> str:
    """The language for this request, from the most to the least explicit wish."""
    if not has_request_context():
        return DEFAULT
    wishes = (request.args.get("lang"), request.cookies.get(COOKIE), _account_language())
    known = next((wish for wish in wishes if wish in LANGUAGES), None)
    return known or request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def _account_language() -> str | None:
    current = actor()
    return current.language if current.account_id is not None else None


def language() -> str:
    """The language now spoken: ``ja`` or ``en`` (``force_locale`` is followed)."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT


def site_name() -> str:
    """What the site is called in the reader's language."""
    settings = current_app.config["SETTINGS"]
    name: str = settings.site_name_ja if language() == "ja" else settings.site_name_en
    return name


def in_language(code: str) -> str:
    """The address of this same page in another language (for a POST: of the page it came from)."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{quote(request.path)}?{urlencode([*kept, ('lang', code)])}"


def remember_language(response: Response, code: str) -> Response:
    """Keep a chosen language in this browser for a year."""
    response.set_cookie(
        COOKIE,
        code,
        max_age=ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _remember(response: Response) -> Response:
    chosen = g.get("chosen_language") or request.args.get("lang")
    if chosen in LANGUAGES and not g.get("framed"):
        remember_language(response, chosen)
    return response


def choose(code: str) -> None:
    """Switch this browser to a language with the answer to this request (account details)."""
    if code in LANGUAGES:
        g.chosen_language = code


def compile_catalogues(app: Flask, directory: Path = TRANSLATIONS) -> None:
    """Make each ``.mo`` anew whose ``.po`` is younger, so that nobody can forget to."""
    for source in sorted(directory.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            _compile(source, target)
        except OSError as error:  # installed read-only: the English message ids still show
            app.logger.warning("cannot write %s: %s", target.name, error)


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, catalog)
    fresh.replace(target)
