"""A live site with the sample city, and a browser, for the journeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from matchmaker.db import open_engine
from matchmaker.settings import read_settings
from tests import city
from tests.conftest import require_postgres
from tests.live import LiveSite, live_site

NewPage = Callable[..., Page]


@pytest.fixture(params=["sqlite"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveSite]:
    """The sample city's site with worker and mail; ``on_both`` runs a journey on PostgreSQL too."""
    if request.param == "postgresql":
        require_postgres()
    engine = open_engine(city.copy(request.param, tmp_path))
    settings = read_settings(
        {}, home=tmp_path, environment="demo", secret_key="journeys-" * 4, smtp_host="127.0.0.1",
        database_url=engine.url.render_as_string(hide_password=False),
    )  # fmt: skip
    with live_site(settings, engine) as running:
        yield running
    engine.dispose()


on_both = pytest.mark.parametrize("site", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def visitor(chromium: Browser, site: LiveSite) -> Iterator[NewPage]:
    """Open a window: ``visitor()``, ``visitor(width=390, language="en", scripts=False)``.

    Every error a page reports, and every request to another address, fails the test.
    """
    faults: list[str] = []
    contexts = []

    def open_window(*, width: int = 1280, language: str = "ja", scripts: bool = True) -> Page:
        locale = "ja-JP" if language == "ja" else "en-GB"
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, locale=locale,
            java_script_enabled=scripts,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("request", lambda request: _note_foreign(request, site, faults))
        page.on("console", lambda message: _note_refused(message, faults))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []


def _note_foreign(request: Any, site: LiveSite, faults: list[str]) -> None:
    if not request.url.startswith((site.url, "data:", "blob:")):
        faults.append(f"request to {request.url}")


def _note_refused(message: Any, faults: list[str]) -> None:
    if "Content Security Policy" in message.text:
        faults.append(message.text)
