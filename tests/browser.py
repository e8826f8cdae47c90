"""Chromium for the tests: found on the machine, driven by Playwright, judged by axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Everything is judged; only what is wrong is reported node by node, which saves most of the time.
# Style sheets are not fetched once more: that serves rules for media, which the pages have none of.
OPTIONS = {
    "runOnly": {"type": "tag", "values": RULES},
    "resultTypes": ["violations"],
    "preload": False,
}


def executable() -> str | None:
    """Chromium's path: $CHROMIUM, or what the machine has."""
    named = os.environ.get("CHROMIUM", "")
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    return named or next((path for path in found if path), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium; skipped where there is none, failing in CI, where nothing is skipped."""
    path = executable()
    if path is None:
        message = "Chromium is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds on the page, a line each with the first places. Without ``colours`` contrast
    is left aside, the slowest of its rules."""
    options = OPTIONS if colours else {**OPTIONS, "rules": {"color-contrast": {"enabled": False}}}
    found: dict[str, Any] = Axe().run(page, options=options).response
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} — "
        + "; ".join(node["html"][:120] for node in rule["nodes"][:3])
        for rule in found["violations"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def cut_tables(page: Page) -> list[str]:
    """The captions of the tables of many columns that do not fit the window: what stands in their
    last columns is not seen there."""
    cut = "table => table.scrollWidth > table.parentElement.clientWidth"
    return list(
        page.eval_on_selector_all(
            "table.stacks", f"all => all.filter({cut}).map(table => table.caption.textContent)"
        )
    )
