"""The pages look as they should: in a real browser, for every reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests import tour
from tests.browser import scrolls_sideways, violations
from tests.pages import Pages
from web import assets
from web.labels import WORDS, fit_word, tone
from web.navigation import HATS, MENUS

LANGUAGES = ("ja", "en")


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The pages on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def opened(browser: Browser, address: str, *, width: int, **more: object) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, **more)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_component_makes_a_sound_page(app: Flask, language: str) -> None:
    pages = Pages(app.test_client())
    page = pages.get(f"/look?lang={language}")
    assert len(page.all("section.card")) >= 2
    wrong = pages.get(f"/look/form?lang={language}")
    assert wrong.title.startswith({"ja": "エラー：", "en": "Error:"}[language])
    assert len(wrong.errors) == 4


def test_the_style_guide_is_not_for_the_public(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, environment="production")
    pages = Pages(app.test_client())
    assert pages.get("/look", status=404).status == 404
    assert pages.get("/look/form", status=404).status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("ja", 320), ("en", 1280)])
def test_nothing_keeps_anybody_out(
    browser: Browser, site: str, language: str, width: int, scheme: str
) -> None:
    for path in ("/look", "/look/form"):
        page = opened(browser, f"{site}{path}?lang={language}", width=width, color_scheme=scheme)
        assert violations(page) == []
        assert not scrolls_sideways(page)
        page.context.close()


def test_a_missing_label_and_a_pale_heading_would_be_noticed(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/look/form?lang=ja", width=1280, bypass_csp=True)
    page.locator("label").first.evaluate("label => label.remove()")
    page.add_style_tag(content="h1 { color: #ccc }")
    found = "\n".join(violations(page))
    assert "label (" in found
    assert "color-contrast (" in found
    page.context.close()


def test_a_page_too_wide_for_a_phone_would_be_noticed(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/look?lang=ja", width=320, bypass_csp=True)
    page.add_style_tag(content="main { min-width: 400px }")
    assert scrolls_sideways(page)
    page.context.close()


def test_pages_ask_nobody_else_for_anything_and_stay_light(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    sizes: list[int] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.goto(f"{site}/look/form?lang=ja")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith(site)] == []
    assert [line for line in complaints if line.startswith("error")] == []
    assert sum(sizes) < 100_000
    context.close()


def test_the_first_tab_leads_past_the_menu_and_the_summary_takes_the_focus(
    browser: Browser, site: str
) -> None:
    page = opened(browser, f"{site}/look?lang=en", width=1280)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"
    page.goto(f"{site}/look/form?lang=en")
    assert page.locator(".error-summary:focus").count() == 1
    page.locator(".error-summary a").first.click()
    assert page.locator(":focus").get_attribute("name") == "wrong-name"
    page.context.close()


def test_the_menu_of_a_phone_opens_without_scripts(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/look?lang=ja", width=320, java_script_enabled=False)
    panel = page.locator(".menu-panel")
    assert not panel.is_visible()
    page.locator(".menu-phone summary").click()
    assert panel.is_visible()
    panel.get_by_text("English").click()
    page.wait_for_url("**lang=en")
    page.context.close()


def test_the_menu_stands_in_one_line_beside_long_names(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/look?lang=en", width=1120)
    page.locator(".brand span").evaluate(
        "e => e.textContent = 'よっかいち市民協働まちづくり'.repeat(2)"
    )
    tops = page.locator(".menu-wide a").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().top)"
    )
    assert len(tops) >= 5
    assert len(set(tops)) == 1
    assert not scrolls_sideways(page)
    page.context.close()


def test_what_is_touched_is_large_enough(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/look?lang=ja", width=320)
    targets = page.locator(
        "a.button, button, summary, .pagination a, select, input[type=text], .choice"
    )
    for box in (target.bounding_box() for target in targets.all() if target.is_visible()):
        assert box is not None
        assert box["height"] >= 44
    page.context.close()


def test_no_text_is_smaller_than_fourteen_and_sentences_are_sixteen(
    browser: Browser, site: str
) -> None:
    page = opened(browser, f"{site}/look?lang=ja", width=320)
    sizes = page.locator("p, li, dt, dd, td, label, .chip").evaluate_all(
        "all => all.filter(e => e.checkVisibility())"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 14
    sentences = page.locator(".why, .gap, .hint, .lead, .notice p, .note p").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sentences) >= 16
    page.context.close()


def test_the_style_sheet_asks_for_nothing_outside(app: Flask) -> None:
    text = assets.joined()
    assert "url(" not in text
    assert "@import" not in text
    assert len(text) < 60_000


def test_words_for_states_exist_in_the_tables() -> None:
    from matchmaker import models

    for kind in ("need_state", "round_state", "proposal_state", "project_state", "profile_state",
                 "need_form", "mode", "urgency", "relation", "group_kind", "reply", "payer",
                 "staff_role", "decision_act", "mark_kind", "member_role"):  # fmt: skip
        name = "".join(part.capitalize() for part in kind.split("_"))
        assert set(WORDS[kind]) == {member.value for member in getattr(models, name)}, kind


def test_a_score_is_a_word_first(app: Flask) -> None:
    with app.test_request_context("/?lang=ja"):
        words = [fit_word(score) for score in (9120, 6540, 4000, 1)]
    assert words == ["とても合う", "よく合う", "合う", "少し合う"]
    assert tone("failed") == "urgent"
    assert tone("whatever") == "plain"


def test_menus_lead_to_pages_that_exist(app: Flask) -> None:
    wanted = {endpoint for menu in MENUS.values() for endpoint, _text, _belonging in menu}
    wanted |= {endpoint for endpoint, _text, _name in HATS}
    assert sorted(wanted - set(app.view_functions)) == []


def test_the_menu_says_where_a_coordinator_is() -> None:
    belonging = {start for one, _text, more in MENUS["coordinator"] for start in (one, *more)}
    of_several = {"ask_check", "find_twin", "give_charge", "merge", "on_behalf", "import"}
    known = (*belonging, *(f"coordinator.{name}" for name in of_several))
    pages = {each for each in tour.visited() if each.startswith("coordinator.")}
    assert sorted(each for each in pages if not each.startswith(known)) == []
