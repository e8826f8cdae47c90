"""Clicks and pages of a task, counted by the browser, held against docs/workbench.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

WORKBENCH = Path(__file__).parents[2] / "docs" / "workbench.md"
# A click is a press on a link, a button or something that folds; typing and ticking are not.
COUNTING = """
const more = name => sessionStorage.setItem(name, 1 + Number(sessionStorage.getItem(name)));
addEventListener('click', event => {
  if (event.isTrusted && event.target.closest('a[href], button, summary')) more('clicks');
}, true);
const here = location.pathname + location.search;
if (window === top && location.protocol !== 'about:' && sessionStorage.getItem('page') !== here) {
  sessionStorage.setItem('page', here);  // a page that renews itself counts once
  more('pages');
}
"""
COUNTED = "() => ['clicks', 'pages'].map(name => Number(sessionStorage.getItem(name)))"
COUNT = """([clicks, pages]) =>
  Object.entries({clicks, pages}).forEach(each => sessionStorage.setItem(...each))"""


@cache
def documented() -> dict[str, tuple[int, int]]:
    """What docs/workbench.md says: task → clicks, pages."""
    cells = (line.split("|")[1:4] for line in WORKBENCH.read_text("utf-8").splitlines())
    rows = [[cell.strip() for cell in row] for row in cells if len(row) == 3]
    return {row[0]: (int(row[1]), int(row[2])) for row in rows if row[1].isdigit()}


def count_from_now(window: Page) -> Page:
    """Let a window count; before its first page."""
    window.add_init_script(COUNTING)
    return window


@contextmanager
def task(window: Page, name: str) -> Iterator[None]:
    """A task of the table: what is done within takes exactly as many clicks and pages."""
    before = window.evaluate(COUNTED)
    yield
    window.wait_for_load_state()
    clicks, pages = (now - then for now, then in zip(window.evaluate(COUNTED), before, strict=True))
    assert (clicks, pages) == documented()[name], f"{name}: {clicks} clicks, {pages} pages"


@contextmanager
def aside(window: Page) -> Iterator[None]:
    """A slip and what follows from it: no part of the way that is counted."""
    before = window.evaluate(COUNTED)
    yield
    window.evaluate(COUNT, before)
