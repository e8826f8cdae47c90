"""Every answer carries the security headers, whatever it is."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import Session

from tests import factories
from tests.pages import Pages
from web.headers import ALWAYS

PATHS = ("/", "/nowhere", "/static/js/site.js", "/account", "/assets/app.css")


@pytest.mark.parametrize("path", PATHS)
def test_pages_errors_files_and_redirects_carry_the_headers(app: Flask, path: str) -> None:
    with app.test_client().get(path) as answer:
        seen = dict(answer.headers)
    for name, value in ALWAYS.items():
        assert seen[name] == value


def test_a_crash_carries_them_too_and_shows_no_traceback(own_app: Flask) -> None:
    from web.access import allow

    @allow("public")
    def crash() -> str:
        raise RuntimeError("secret detail")

    own_app.add_url_rule("/crash", "crash", crash)
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = own_app.test_client().get("/crash")
    assert answer.status_code == 500
    assert "secret detail" not in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == ALWAYS["Content-Security-Policy"]


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    policy = ALWAYS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    for part in ("script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy


def test_https_is_remembered_and_plain_http_is_not(app: Flask) -> None:
    client = app.test_client()
    assert (
        "max-age"
        in client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"]
    )
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_a_file_named_by_its_content_is_kept_and_a_page_is_not(app: Flask) -> None:
    pages = Pages(app.test_client())
    page = pages.get("/")
    style = page.find("link[rel=stylesheet]").get("href", "")
    assert re.search(r"\?v=[0-9a-f]{12}$", style)
    script = page.find("script[src]").get("src", "")
    for named in (style, script):
        with app.test_client().get(named) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
    with app.test_client().get("/static/js/site.js") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_what_a_signed_in_person_reads_is_not_stored(app: Flask, session: Session) -> None:
    account = factories.account(session)
    answer = factories.signed_in(app, session, account).get("/")
    assert answer.headers["Cache-Control"] == "no-store"
