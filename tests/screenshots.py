"""``make screenshots``: the main pages as pictures in docs/images, for the README and for us.

Every picture is of the sample city: before its round is sent, then after.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from matchmaker.db import open_engine
from matchmaker.settings import read_settings
from tests import browser, city, tour
from tests.live import LiveSite, live_site
from tests.places import Places, act, after_sending, enter_as, look_around
from tests.tour import AFTER, BEFORE, Stop

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"desktop": (1280, 860), "phone": (390, 780)}


@dataclass(frozen=True)
class Picture:
    """A page by name, who looks at it, and on what; both languages unless said otherwise."""

    name: str
    role: str
    stop: Stop
    sizes: tuple[str, ...] = ("desktop", "phone")
    times: float = 1.0  # how much taller than a window, where the point lies further down


def _picture(
    name: str, role: str, endpoint: str, *sizes: str, when: str = BEFORE, times: float = 1.0,
    **values: str,
) -> Picture:  # fmt: skip
    stop = Stop(endpoint, values, when)
    return Picture(name, role, stop, sizes or ("desktop", "phone"), times)


PICTURES = (
    _picture("home", "visitor", "public.home"),
    _picture("needs", "visitor", "public.needs"),
    _picture("need", "visitor", "public.need", need_id="{need}"),
    _picture("profile", "professional", "professional.skills", "phone"),
    _picture("menu", "group", "group.new_need", group_id="{group}"),
    _picture("today", "coordinator", "coordinator.today", "desktop"),
    _picture("board", "coordinator", "coordinator.round", round_id="{round}", times=1.6),
    _picture("why", "coordinator", "coordinator.why_proposal", "desktop", proposal_id="{seat}"),
    _picture("proof", "coordinator", "coordinator.round_proof", "desktop", round_id="{round}"),
    _picture("unstaffed", "coordinator", "coordinator.round_unstaffed", "desktop",
             round_id="{round}"),
    _picture("offer", "professional", "professional.offer", "desktop", when=AFTER, times=1.25,
             proposal_id="{seat}"),
    _picture("offer", "professional", "professional.offer", "phone", when=AFTER, times=2.4,
             proposal_id="{seat}"),
    _picture("team", "group", "group.team", when=AFTER, need_id="{matched_need}"),
    _picture("replies", "coordinator", "coordinator.replies", "desktop", when=AFTER,
             round_id="{round}"),
    _picture("company", "company", "company.report", "desktop", company_id="{company}"),
    _picture("city", "city", "city.indicator", "desktop", code="{indicator}"),
)  # fmt: skip


def main(names: Collection[str] = ()) -> None:
    """Take every picture again, or those named."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, browser.browser() as chromium:
        home = Path(folder)
        engine = open_engine(city.copy("sqlite", home))
        settings = read_settings(
            {}, home=home, environment="demo", secret_key="screenshots-" * 4,
            smtp_host="127.0.0.1", database_url=engine.url.render_as_string(hide_password=False),
        )  # fmt: skip
        with live_site(settings, engine) as site:
            for path in _take_all(chromium, site, names):
                print(path.relative_to(IMAGES.parent.parent), path.stat().st_size // 1024, "kB")
        engine.dispose()


def _take_all(chromium: Browser, site: LiveSite, names: Collection[str]) -> Iterator[Path]:
    wanted = [picture for picture in PICTURES if not names or picture.name in names]
    places: Places = act(site, look_around)
    for picture in wanted:
        if picture.stop.when == BEFORE:
            yield from _take(chromium, site, picture, places)
    places = after_sending(site, places)
    for picture in wanted:
        if picture.stop.when == AFTER:
            yield from _take(chromium, site, picture, places)


def _take(chromium: Browser, site: LiveSite, picture: Picture, places: Places) -> Iterator[Path]:
    address = tour.address_of(site.app, picture.stop, places)
    for size in picture.sizes:
        width, height = SIZES[size]
        for language, locale in (("ja", "ja-JP"), ("en", "en-GB")):
            window = chromium.new_page(
                base_url=site.url, locale=locale,
                viewport={"width": width, "height": round(height * picture.times)},
            )  # fmt: skip
            if picture.role != "visitor":
                enter_as(window, site, picture.role)
            window.goto(f"{address}?lang={language}")
            window.evaluate("document.querySelector('.demo-banner')?.remove()")
            path = IMAGES / f"{picture.name}-{language}-{size}.png"
            window.screenshot(path=path)
            window.close()
            yield path


if __name__ == "__main__":
    main(sys.argv[1:])
