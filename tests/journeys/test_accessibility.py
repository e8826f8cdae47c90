"""Every page in every role, both languages, narrow and wide: axe finds nothing, all fits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page

from tests import browser, tour
from tests.journeys.conftest import NewPage
from tests.live import LiveSite
from tests.places import Places, act, after_sending, enter, enter_as, look_around
from tests.tour import AFTER, BEFORE, Stop

WIDTHS = (1280, 320)
# Roles and colours depend neither on the language nor on the width: English is judged where it is
# tightest, and colours where there is most to see.
JUDGED = {"ja": WIDTHS, "en": WIDTHS[1:]}
A_WALK = 40  # pages, so that the walks of a role that has many go side by side
PARTS = [(role, at) for role, stops in tour.TOUR.items() for at in range(0, len(stops), A_WALK)]
FORM = "main form[method=post]:has(:is(input:not([type=hidden]), select, textarea))"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
NEWCOMER = "newcomer@example.jp"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("role", "part"), PARTS)
def test_every_page_is_open_to_everyone(
    site: LiveSite, visitor: NewPage, role: str, part: int, language: str
) -> None:
    stops = tour.TOUR[role][part : part + A_WALK]
    places = act(site, look_around)
    site.worker.work_off()
    window = visitor(language=language)
    _become(window, site, role)
    before = [stop for stop in stops if stop.when == BEFORE]
    after = [stop for stop in stops if stop.when == AFTER]
    found = [*_walk(window, site, before, places, language)]
    if after:
        places = after_sending(site, places)
        found += _walk(window, site, after, places, language)
    assert not found, "\n".join(found)


def test_the_tour_leaves_no_page_out(site: LiveSite) -> None:
    assert tour.visited() == tour.pages_of(site.app)


def test_a_control_without_its_label_and_a_grey_heading_are_caught(
    site: LiveSite, visitor: NewPage
) -> None:
    window = visitor()
    window.goto("/sign-in")
    assert browser.violations(window) == []
    window.eval_on_selector("main label", "label => label.remove()")
    assert any(line.startswith("label ") for line in browser.violations(window))
    window.goto("/sign-in")
    window.eval_on_selector("h1", "heading => { heading.style.color = '#ccc'; }")
    assert any(line.startswith("color-contrast ") for line in browser.violations(window))
    window.eval_on_selector("h1", "heading => { heading.style.minWidth = '2000px'; }")
    assert browser.scrolls_sideways(window)


def _become(window: Page, site: LiveSite, role: str) -> None:
    if role == "newcomer":
        enter(window, site, NEWCOMER)
    elif role != "visitor":
        enter_as(window, site, role)


def _walk(
    window: Page, site: LiveSite, stops: Sequence[Stop], places: Places, language: str
) -> list[str]:
    """What is wrong with these pages, a line each."""
    found: list[str] = []
    for stop in stops:
        address = tour.address_of(site.app, stop, places)
        joined = "&" if "?" in address else "?"
        window.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = window.goto(f"{address}{joined}lang={language}")
        assert answer is not None
        if answer.status != 200:
            found.append(f"{address}: {answer.status}")
            continue
        found += _judge(window, address, language)
        if stop.wrong:
            found += _judge_refused(window, stop, address, language)
    return found


def _judge(window: Page, name: str, language: str) -> list[str]:
    """The open page at the widths that its language is judged at."""
    found: list[str] = []
    for width in JUDGED[language]:
        colours = width == WIDTHS[0]
        window.set_viewport_size({"width": width, "height": 900})
        window.evaluate(DRAWN)
        found += [
            f"{name} at {width}: {line}" for line in browser.violations(window, colours=colours)
        ]
        if browser.scrolls_sideways(window):
            found.append(f"{name} at {width}: scrolls sideways")
        cut = browser.cut_tables(window)
        found += [f"{name} at {width}: the table “{table}” is cut" for table in cut]
    return found


def _judge_refused(window: Page, stop: Stop, address: str, language: str) -> list[str]:
    """The page after its form was sent empty."""
    empty = "form => { for (const c of form.elements) if (c.type !== 'hidden') c.value = '',"
    window.locator(FORM).first.evaluate(empty + " c.checked = false; form.requestSubmit(); }")
    window.wait_for_selector("main [role=alert], main .error-summary")
    return _judge(window, f"{address} refused", language)
