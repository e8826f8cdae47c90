"""The public pages: what a visitor reads, searches, downloads; what programs fetch."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session

from matchmaker.models import Account, Group, Need
from matchmaker.services import notices
from tests import factories
from tests.pages import Page, Pages

PAGES = (
    "/",
    "/how-it-works",
    "/needs",
    "/groups",
    "/rules",
    "/privacy",
    "/contact",
    "/accessibility",
    "/sign-in",
    "/sign-up",
    "/sign-up/sent",
    "/forgot-password",
    "/forgot-password/sent",
)


@pytest.fixture
def pages(app: Flask) -> Pages:
    return Pages(app.test_client())


@pytest.fixture
def group(session: Session) -> Group:
    factories.district(session, "tokiwa", label_ja="常磐地区", label_en="Tokiwa")
    factories.field(session, "npo-03", label_ja="まちづくり")
    return factories.group(
        session, name="ひだまり食堂", district="tokiwa", website="https://hidamari.example.jp/"
    )


@pytest.fixture
def need(session: Session, group: Group) -> Need:
    need = factories.need(session, group, title="寄付管理を楽にしたい", urgency="urgent")
    factories.role(session, need, ("accounting",), title="会計の相談役")
    session.commit()
    return need


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_stands_in_both_languages_before_there_is_any_data(
    pages: Pages, path: str, language: str
) -> None:
    page = pages.get(f"{path}?lang={language}")
    assert page.language == language
    japanese = re.search("[ぁ-ん]", page.text("main")) is not None
    assert japanese == (language == "ja")


def test_the_first_page_has_three_doors_needs_and_the_way_decisions_are_made(
    pages: Pages, need: Need
) -> None:
    page = pages.get("/?lang=en")
    assert len(page.all(".door")) == 3
    assert need.title in page.text("main")
    assert "waited longest" in page.text("main")


def test_searching_and_filtering_keep_what_was_asked(
    pages: Pages, session: Session, need: Need, group: Group
) -> None:
    factories.need(session, group, title="まつりのチラシ", form="session", mode="onsite")
    session.commit()
    page = pages.get("/needs?lang=en")
    page = pages.submit(page.form("/needs"), q="ﾁﾗｼ")
    assert page.texts(".need-card h3") == ["まつりのチラシ"]
    page = pages.get("/needs?skill=accounting&lang=en")
    assert page.texts(".need-card h3") == [need.title]
    page = pages.get("/needs?q=宇宙&lang=en")
    assert "Nothing fits this search." in page.text("main")


def test_a_need_is_told_with_a_way_to_answer(pages: Pages, need: Need) -> None:
    page = pages.get(f"/needs/{need.id}?lang=en")
    assert page.text("h1").startswith(need.title)
    assert "会計の相談役" in page.text("main")
    assert page.link("Sign up").endswith("/sign-up?door=professional")
    assert f'href="/sign-in?next=/needs/{need.id}"' in page.html


def structured(page: Page) -> dict[str, object]:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.html)
    found = json.loads(block)
    assert isinstance(found, dict)
    return found


def test_a_need_is_readable_by_search_engines(pages: Pages, need: Need) -> None:
    data = structured(pages.get(f"/needs/{need.id}"))
    assert data["@type"] == "JobPosting"
    assert data["employmentType"] == "VOLUNTEER"
    assert data["title"] == need.title
    assert data["hiringOrganization"] == {"@type": "NGO", "name": "ひだまり食堂"}
    assert data["datePosted"] == "2026-11-02"


def test_a_title_cannot_break_out_of_the_data_block(
    pages: Pages, session: Session, group: Group
) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    need = factories.need(session, group, title=evil, summary=evil)
    session.commit()
    for path in (f"/needs/{need.id}", "/needs", "/", f"/groups/{group.id}"):
        page = pages.get(path)
        assert "<img src=x" not in page.html
        assert "<script>alert" not in page.html
    assert structured(pages.get(f"/needs/{need.id}"))["title"] == evil


def test_a_need_that_is_closed_or_unknown(pages: Pages, session: Session, group: Group) -> None:
    closed = factories.need(session, group, state="staffed")
    draft = factories.need(session, group, state="draft")
    session.commit()
    page = pages.get(f"/needs/{closed.id}?lang=en")
    assert "no longer open" in page.text(".note")
    assert "application/ld+json" not in page.html
    for unknown in (draft.id, "n-none", "x" * 300, "%00"):
        pages.get(f"/needs/{unknown}", status=404)


def test_groups_are_listed_with_a_page_of_their_own(pages: Pages, group: Group, need: Need) -> None:
    page = pages.get("/groups?q=ひだまり&lang=en")
    assert "1 open need" in page.text(".need-card")
    page = pages.get(f"/groups/{group.id}?lang=en")
    assert need.title in page.text("main")
    assert page.link("https://hidamari.example.jp/") == "https://hidamari.example.jp/"
    pages.get("/groups/g-none", status=404)


def test_the_list_as_csv_opens_in_a_spreadsheet_and_runs_nothing(
    app: Flask, session: Session, group: Group
) -> None:
    factories.need(session, group, title='=HYPERLINK("http://evil.example")', summary="a,b\nc")
    session.commit()
    answer = app.test_client().get("/needs.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["title"].startswith("'=")
    assert (row["group"], row["summary"]) == ("ひだまり食堂", "a,b\nc")


def test_the_feed_and_the_site_map_are_valid_xml(app: Flask, need: Need, group: Group) -> None:
    browser = app.test_client()
    feed = ElementTree.fromstring(browser.get("/needs.rss").data)
    assert [item.text for item in feed.iter("title")][1:] == [need.title]
    places = ElementTree.fromstring(browser.get("/sitemap.xml").data)
    found = ElementTree.tostring(places, encoding="unicode")
    assert f"/needs/{need.id}<" in found
    assert f"/groups/{group.id}<" in found
    assert b"/sitemap.xml" in browser.get("/robots.txt").data


def test_no_public_page_names_a_person(
    app: Flask, session: Session, need: Need, group: Group
) -> None:
    person: Account = factories.account(session, name="秘密 花子")
    worker = factories.professional(session, person=person)
    session.commit()
    browser = app.test_client()
    for path in (*PAGES, f"/needs/{need.id}", f"/groups/{group.id}", "/needs.csv", "/needs.rss"):
        shown = browser.get(path).get_data(as_text=True)
        for secret in ("秘密", person.email, worker.id, person.id):
            assert secret not in shown, path


def test_a_long_name_and_many_needs_keep_the_page(
    pages: Pages, session: Session, group: Group
) -> None:
    for number in range(45):
        factories.need(session, group, title=f"{number}" + "とても長い名前の" * 13)
    session.commit()
    page = pages.get("/needs?page=3")
    assert len(page.all(".need-card")) == 5


def test_the_process_is_alive_and_ready(
    app: Flask, session: Session, now: datetime, clock: list[datetime]
) -> None:
    browser = app.test_client()
    assert browser.get("/healthz").json == {"status": "ok"}
    ready = {"ready": True, "database": True, "schema": True, "worker": True}
    assert browser.get("/readyz").json == ready
    person = factories.account(session)
    notices.tell(session, to=person, code="welcome", dedupe_key="w", now=now, name="x")
    session.commit()
    clock[0] += timedelta(minutes=11)
    assert browser.get("/readyz").json == {**ready, "worker": False}


def test_an_old_schema_is_not_ready(app: Flask, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
