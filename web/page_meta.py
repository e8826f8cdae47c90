"""What a public page says of itself to search engines and to whoever shows a link to it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, current_app, request

from web.i18n import LANGUAGES


def init_page_meta(app: Flask) -> None:
    """Give the templates a page's own address."""
    app.jinja_env.globals.update(own_address=own_address, site_address=site_address)


def site_address(path: str) -> str:
    """A path of this site in full, as the installation is known, whatever host was asked for."""
    base: str = current_app.config["SETTINGS"].base_url
    return f"{base}{path}"


def own_address(language: str | None = None) -> str:
    """This page's one address: without filters and pages of a list, in the language that was asked
    for, in another, or in none (the reader's)."""
    asked = request.args.get("lang", "")
    spoken = (asked if asked in LANGUAGES else "") if language is None else language
    return site_address(quote(request.path)) + (f"?lang={spoken}" if spoken else "")
