"""The search box of the public pages, and how hits are shown."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.services.site_search import words_of
from tests import factories as f
from tests.pages import Pages
from web.highlight import excerpt, marked


def test_hits_stand_by_kind_with_the_words_marked_and_the_rest_one_link_away(
    app: Flask, session: Session
) -> None:
    group = f.group(session, name="ひだまり食堂", about="こどもの食堂です")
    for number in range(7):
        f.need(session, group, title=f"食堂のチラシ {number}")
    session.commit()
    pages = Pages(app.test_client())
    page = pages.get("/groups?lang=en")
    page = pages.get(f"{page.find('header form').get('action')}?q=ショクドウ食堂&lang=en")
    assert "Nothing was found." in page.text("main")
    page = pages.submit(page.form("/search"), q="食堂　チラシ")
    assert page.texts("h2") == ["Open needs"]
    assert page.texts("article mark")[:2] == ["食堂", "チラシ"]
    page = pages.click("All 7")
    assert page.text(".result-count") == "7 needs"


def test_a_district_leads_to_what_is_in_it(app: Flask, session: Session) -> None:
    f.district(session, "shiohama", label_ja="塩浜地区", label_en="Shiohama", kana="しおはまちく")
    f.group(session, name="海辺の会", public=True, district="shiohama")
    f.group(session, name="山の会", public=True)
    session.commit()
    pages = Pages(app.test_client())
    page = pages.get("/search?q=塩浜&lang=ja")
    assert page.texts("article mark") == ["塩浜"]
    page = pages.get(page.link("団体: 塩浜地区"))
    assert "海辺の会" in page.text("main")
    assert "山の会" not in page.text("main")


def test_the_pages_that_explain_are_found_in_the_readers_language(app: Flask) -> None:
    pages = Pages(app.test_client())
    page = pages.get("/search?q=ＰＲＩＶＡＣＹ&lang=en")
    assert "Privacy" in page.texts("article h3")
    page = pages.get("/search?q=個人情報&lang=ja")
    assert page.texts("h2") == ["このサイトのページ"]


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("会計ソフトの移し替え", "ｿﾌﾄ", "会計<mark>ソフト</mark>の移し替え"),
        ("ｶﾞｲﾄﾞと本", "がいど", "<mark>ｶﾞｲﾄﾞ</mark>と本"),
        ("㈱と<b>", "(株)", "<mark>㈱</mark>と&lt;b&gt;"),
        ("Excel と excel", "EXCEL", "<mark>Excel</mark> と <mark>excel</mark>"),
        ("会計の会計士", "会計 会計士", "<mark>会計</mark>の<mark>会計士</mark>"),
        ("なし", "会計", "なし"),
    ],
)
def test_what_is_marked_is_what_was_found(text: str, asked: str, shown: str) -> None:
    assert marked(text, words_of(asked)) == shown


def test_an_excerpt_shows_the_place_and_says_where_it_was_cut() -> None:
    shown = excerpt("あ" * 300 + "会計" + "い" * 300, ["会計"])
    assert shown.startswith("…あ")
    assert "<mark>会計</mark>い" in shown
    assert shown.endswith("い…")
