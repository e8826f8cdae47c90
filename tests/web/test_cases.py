"""Cases on the site: written and released by all sides, read, embedded, fetched by programs."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.models import Account
from matchmaker.services import case_pictures, cases
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.mailbox import body, link, sent
from tests.pages import Pages
from tests.services.test_cases import Team, of, photo, publish, published, release, team, written

__all__ = ["team"]  # a fixture


def test_three_sides_write_release_and_publish_a_case(
    app: Flask, session: Session, team: Team
) -> None:
    emails = {account_of(session, each).email for each in (team.first, team.second)}
    session.commit()
    browsers = {
        who: Pages(f.signed_in(app, session, account_of(session, actor)))
        for who, actor in (("professional", team.first), ("other", team.second),
                           ("group", team.us), ("coordinator", team.coordinator))
    }  # fmt: skip
    at = f"projects/{team.project.id}/case"
    group = browsers["group"]
    page = group.get(f"/group/{at}?lang=en")
    page = group.submit(page.form("begin"))
    page = group.submit(page.form("words"), result="", status=422)
    assert page.errors == ["What came of it: Please fill this in."]
    group.submit(page.form("words"), title="会計が楽に", result="月10分で済みます")
    page = group.get(f"/group/{at}/picture")
    page = group.submit(page.form("picture"), alt="", people="none",
                        picture=(io.BytesIO(photo()), "a.jpg"), status=422)  # fmt: skip
    page = group.submit(page.form("picture"), alt="机の帳簿", people="none",
                        picture=(io.BytesIO(photo()), "a.jpg"))  # fmt: skip
    page = group.submit(page.form("ask"))
    group.submit(page.form("release"), named=True)
    for who in ("professional", "other"):
        page = browsers[who].get(f"/professional/{at}?lang=en")
        browsers[who].submit(page.form("release"))
    desk = browsers["coordinator"]
    page = desk.get("/coordinator/cases?lang=en")
    assert "can go on the site" in page.text("main")
    page = desk.get(f"/coordinator/{at}")
    page = desk.submit(page.form("publish"))
    page = Pages(app.test_client()).get(page.link("The case on the site") + "?lang=en")
    assert page.text("h1") == "会計が楽に"
    assert "2 professionals" in page.text("main")
    assert page.find("main img").get("alt") == "机の帳簿"
    asked = [mail for mail in sent(app) if "会計が楽に" in str(mail["Subject"])]
    assert {mail["To"] for mail in asked} == emails
    assert link(asked[0], "/case") == f"/professional/{at}"
    assert "取り消せます" in body(asked[0])


def account_of(session: Session, actor: Actor) -> Account:
    return session.get_one(Account, actor.account_id)


def test_the_list_for_other_sites_may_be_framed_and_sets_no_cookie(
    app: Flask, session: Session, team: Team
) -> None:
    published(team)
    session.commit()
    answer = app.test_client().get("/cases/embed?lang=en&most=1")
    assert "Set-Cookie" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert 'target="_blank" rel="noopener"' in page
    other = app.test_client().get("/cases?lang=en")
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_programs_read_cases_in_three_ways(app: Flask, session: Session, team: Team) -> None:
    case = published(team)
    session.commit()
    browser = app.test_client()
    feed = ElementTree.fromstring(browser.get("/cases.rss").data)
    assert [item.text for item in feed.iter("title")][1:] == [case.title]
    (item,) = json.loads(browser.get("/cases.json").data)["items"]
    assert item["url"].endswith(f"/cases/{case.id}")
    page = browser.get(f"/cases/{case.id}").get_data(as_text=True)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(block)
    assert data["@type"] == "Article"
    assert data["contributor"] == [{"@type": "Person", "name": team.first.name}]
    assert team.second.name not in page
    assert f"/cases/{case.id}<" in browser.get("/sitemap.xml").get_data(as_text=True)


def test_a_public_picture_may_be_kept_for_an_hour_and_is_found_unchanged(
    app: Flask, session: Session, team: Team
) -> None:
    case = written(team)
    note = {"version": case.version, "alt": "表", "people": "none"}
    of(team, case_pictures.set_picture, team.us, data=note, content=photo())
    session.commit()
    address = f"/cases/{case.id}/picture"
    assert app.test_client().get(address).status_code == 404
    of(team, cases.ask, team.us, version=case.version)
    for actor in (team.first, team.second, team.us):
        release(team, actor, case)
    publish(team, case)
    session.commit()
    answer = app.test_client().get(address)
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = app.test_client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_filters_of_cases_keep_what_was_asked(app: Flask, session: Session, team: Team) -> None:
    published(team)
    session.commit()
    pages = Pages(app.test_client())
    page = pages.get("/cases?lang=en")
    page = pages.submit(page.form("/cases"), q="ﾂｷ", year="2026")
    assert "Nothing fits this search." in page.text("main")
    page = pages.submit(page.form("/cases"), q="１０分")
    assert len(page.all(".case-card")) == 1


@pytest.mark.parametrize("path", ["/", "/cases", "/needs?q=x&page=2&lang=en"])
def test_a_public_page_says_what_it_is_to_whoever_shows_a_link(app: Flask, path: str) -> None:
    page = Pages(app.test_client()).get(path)
    bare = path.split("?")[0]
    own = f"http://127.0.0.1:8000{bare}" + ("?lang=en" if "lang=en" in path else "")
    assert page.find("link[rel=canonical]").get("href") == own
    seen = {
        tag.get("property"): tag.get("content") for tag in page.all("meta") if tag.get("property")
    }
    assert seen["og:url"] == own
    assert all(seen[name] for name in ("og:title", "og:description"))
    other = {link.get("hreflang"): link.get("href") for link in page.all("link[rel=alternate]")}
    assert other["ja"] == f"http://127.0.0.1:8000{bare}?lang=ja"
