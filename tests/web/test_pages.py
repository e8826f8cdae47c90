"""The page client refuses broken pages: each rule has its negative control."""

from __future__ import annotations

import pytest
from flask import Flask, request

from tests.page_rules import faults
from tests.pages import Pages
from web.access import allow

GOOD = """<!doctype html><html lang="en"><head><title>Wishes | Site</title></head><body>
<main id="main"><h1>Wishes</h1><h2>First</h2><p lang="ja">希望</p>
<form method="post" action="/echo"><input type="hidden" name="csrf_token" value="t">
<label for="name">Name</label><input id="name" name="name" value="Aki">
<label><input type="checkbox" name="days" value="mon" checked> Monday</label>
<label><input type="checkbox" name="days" value="tue"> Tuesday</label>
<label for="size">Size</label><select id="size" name="size"><option value="s">Small</option>
<option value="l" selected>Large</option></select>
<label for="why">Why</label><textarea id="why" name="why">Because</textarea>
<button name="act" value="save">Save</button></form>
<a href="/next">Next page</a><img src="/a.svg" alt="A bar">
<table><caption>Needs</caption><tbody><tr><td>1</td></tr></tbody></table></main></body></html>"""


def test_a_sound_page_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<!doctype html>", "", "doctype"),
        ('lang="en"', 'lang="fr"', "language of the page is 'fr'"),
        ("Wishes | Site", " | Site", "title is empty"),
        ("<h1>Wishes</h1>", "<p>Wishes</p>", "0 h1"),
        ("<h2>First</h2>", "<h1>First</h1>", "2 h1"),
        ("<h2>First</h2>", "<h3>First</h3>", "jumps from h1 to h3"),
        ("<h2>First</h2>", "<h2></h2>", "an empty h2"),
        ('<label for="name">Name</label>', "", "no label for input 'name'"),
        ('id="size"', 'id="name"', "not unique"),
        ('id="name" ', 'id="name" aria-describedby="gone" ', "'gone', which is not there"),
        ("<p lang", '<p style="color:red" lang', "attribute style"),
        ("<p lang", '<p onclick="go()" lang', "attribute onclick"),
        ("<p lang", "<script>go()</script><p lang", "inline script"),
        ("<p lang", '<script src="https://cdn.example/x.js"></script><p lang', "somebody else"),
        (' action="/echo"', "", "form without an action"),
        ('value="t"', 'value=""', "without a CSRF token"),
        ('method="post"', 'method="get"', "CSRF token in an address"),
        (' alt="A bar"', "", "no alt"),
        ("Next page", "", "a without words"),
        ('href="/next"', 'href="#"', "leads nowhere"),
        ('href="/next"', 'href="#gone"', "#gone, which is not there"),
        (">Save<", "><", "button without words"),
        ("<caption>Needs</caption>", "", "without a caption"),
        (">First<", ">{{ first }}<", "left unfilled"),
        (">First<", ">%(count)s needs<", "left unfilled"),
        (">First<", ">None<", "left unfilled"),
        ("</h2>", "</h3>", "end-tag-too-early"),
    ],
)
def test_a_broken_page_is_refused(before: str, after: str, said: str) -> None:
    assert before in GOOD
    found = "\n".join(faults(GOOD.replace(before, after, 1)))
    assert said in found


def test_a_page_in_another_language_than_asked_for_is_refused() -> None:
    assert "asked for ja" in "\n".join(faults(GOOD, "/wishes?lang=ja"))


def test_an_english_sentence_on_a_japanese_page_is_refused() -> None:
    japanese = GOOD.replace('lang="en"', 'lang="ja"', 1)
    assert faults(japanese.replace(">First<", ">Skip to the content<")) != []
    assert faults(japanese) == []
    quoted = japanese.replace("<h2>First", '<h2 lang="en">Skip to the content')
    assert faults(quoted) == []


@pytest.fixture
def echo(own_app: Flask) -> Pages:
    """A site with a form that says back what it was sent."""

    @allow("public")
    def form() -> str:
        return GOOD

    @allow("public")
    def answer() -> dict[str, list[str]]:
        return dict(request.form.lists())

    own_app.config["WTF_CSRF_ENABLED"] = False
    own_app.add_url_rule("/form", "form", form)
    own_app.add_url_rule("/echo", "echo", answer, methods=["POST"])
    return Pages(own_app.test_client())


def test_a_form_is_sent_with_what_stands_in_it_and_what_the_test_changes(echo: Pages) -> None:
    page = echo.get("/form")
    kept = echo.submit(page.form("/echo")).answer.json
    assert kept == {
        "csrf_token": ["t"], "name": ["Aki"], "days": ["mon"], "size": ["l"], "why": ["Because"],
    }  # fmt: skip
    changed = echo.submit(page.form(), press="act", days=["mon", "tue"], size="s", why=None)
    assert changed.answer.json == {
        "csrf_token": ["t"], "name": ["Aki"], "days": ["mon", "tue"], "size": ["s"],
        "act": ["save"],
    }  # fmt: skip


def test_a_name_that_the_form_does_not_have_is_the_tests_own_error(echo: Pages) -> None:
    page = echo.get("/form")
    with pytest.raises(AssertionError, match="no 'nmae'"):
        echo.submit(page.form(), nmae="Aki")


def test_the_client_reads_a_page_by_simple_selectors(echo: Pages) -> None:
    page = echo.get("/form")
    assert page.text("main h1") == "Wishes"
    assert page.text("p[lang=ja]") == "希望"
    assert page.link("Next") == "/next"
    assert page.texts("label")[1:3] == ["Monday", "Tuesday"]
    with pytest.raises(AssertionError, match="has no h4"):
        page.text("h4")


def test_a_broken_page_fails_the_test_that_fetches_it(own_app: Flask) -> None:
    @allow("public")
    def broken() -> str:
        return GOOD.replace("<h1>Wishes</h1>", "")

    own_app.add_url_rule("/broken", "broken", broken)
    with pytest.raises(AssertionError, match="0 h1 elements"):
        Pages(own_app.test_client()).get("/broken")


def test_an_unexpected_status_fails_the_test(app: Flask) -> None:
    with pytest.raises(AssertionError, match="404"):
        Pages(app.test_client()).get("/nowhere")
