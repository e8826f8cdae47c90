"""Signing in with one press in the demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from matchmaker.services import demo_people
from matchmaker.settings import read_settings
from tests import factories as f
from tests.pages import Pages
from web import create_app


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_signs_in_from_a_page_stays_in_its_language(
    session: Session, engine: Engine, tmp_path: Path, language: str
) -> None:
    f.account(
        session, email=demo_people.address("professional"), language="ja",
        name="水野 陽子",
    )  # fmt: skip
    session.commit()
    app = create_app(read_settings({}, home=tmp_path, environment="demo"), engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    spoken = {"Accept-Language": language}
    page = Pages(browser).get("/demo", headers=spoken)
    assert page.language == language
    form = page.form("/demo/enter/")
    browser.post(form.action, data={"next": "/account"}, headers=spoken)
    assert Pages(browser).get("/account", headers=spoken).language == language
