"""Which language a reader gets."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlmodel import Session

from tests import factories
from tests.pages import Pages
from web.i18n import compile_catalogues


def test_japanese_is_spoken_to_whoever_asks_for_nothing(app: Flask) -> None:
    assert Pages(app.test_client()).get("/look").language == "ja"


def test_the_browsers_wish_is_heard(app: Flask) -> None:
    pages = Pages(app.test_client())
    assert pages.get("/look", headers={"Accept-Language": "en-GB,en;q=0.8"}).language == "en"
    assert pages.get("/look", headers={"Accept-Language": "pt-BR"}).language == "ja"


def test_the_switch_is_remembered_and_can_be_switched_back(app: Flask) -> None:
    pages = Pages(app.test_client())
    page = pages.get("/look")
    assert page.find("a.language").get("hreflang") == "en"
    assert pages.click("English").language == "en"
    assert pages.get("/look").language == "en"
    assert pages.click("日本語").language == "ja"
    assert pages.get("/look").language == "ja"


def test_an_unknown_language_changes_nothing(app: Flask) -> None:
    pages = Pages(app.test_client())
    page = pages.get("/look?lang=xx")
    assert page.language == "ja"
    assert not [line for line in page.headers.getlist("Set-Cookie") if "language=" in line]


def test_the_accounts_language_is_spoken_until_the_reader_switches(
    app: Flask, session: Session
) -> None:
    account = factories.account(session, language="en")
    pages = Pages(factories.signed_in(app, session, account))
    assert pages.get("/look").language == "en"
    assert pages.get("/look?lang=ja").language == "ja"
    assert pages.get("/look").language == "ja"


def test_the_switch_keeps_what_was_searched_for(app: Flask) -> None:
    page = Pages(app.test_client()).get("/look?sort=hours&page=3")
    assert page.link("English") == "/look?sort=hours&page=3&lang=en"


def test_a_younger_catalogue_is_compiled_at_the_start(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    source.write_text('msgid ""\nmsgstr "Language: ja\\n"\n\nmsgid "Yes"\nmsgstr "はい"\n')
    compile_catalogues(app, tmp_path)
    compiled = folder / "messages.mo"
    assert "はい".encode() in compiled.read_bytes()
    before = compiled.stat().st_mtime_ns
    compile_catalogues(app, tmp_path)
    assert compiled.stat().st_mtime_ns == before
