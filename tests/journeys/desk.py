"""A coordinator's window, and the board in it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.conftest import NewPage
from tests.journeys.counted import count_from_now
from tests.live import LiveSite
from tests.places import Places, enter_as


def desk(site: LiveSite, visitor: NewPage) -> Page:
    """A coordinator's window that counts."""
    window = count_from_now(visitor())
    enter_as(window, site, "coordinator")
    return window


def board(window: Page, places: Places) -> None:
    window.goto(f"/coordinator/rounds/{places.round}")
