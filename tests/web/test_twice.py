"""A coordinator meets the same person twice: hint, side by side, one or two, old address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.models import Account, Professional
from tests import factories as f
from tests.pages import Pages


@pytest.fixture
def me(session: Session) -> Account:
    return f.staff(session)


@pytest.fixture
def pages(app: Flask, session: Session, me: Account) -> Pages:
    return Pages(f.signed_in(app, session, me))


@pytest.fixture
def twins(session: Session) -> tuple[Professional, Professional]:
    first = f.professional(session, name="山田 花子", kana="やまだ はなこ", about="会計です。")
    second = f.professional(
        session,
        name="山田花子",
        kana="ヤマダ ハナコ",
        state="submitted",
        about="経理です。",
        created_at=f.NOW + timedelta(hours=1),
    )
    session.commit()
    return first, second


def test_from_the_hint_to_one_record(
    twins: tuple[Professional, Professional], pages: Pages, session: Session
) -> None:
    first, second = twins
    page = pages.get("/coordinator/people?state=submitted&lang=en")
    assert "Twice?" in page.text("table")
    page = pages.get("/coordinator")
    assert "Twice in the books?" in page.text("main")
    page = pages.get(page.link("Compare"))
    assert "the same name and the same reading" in page.text("main")
    about = page.form("/twice/")
    assert about.values["about"] == "kept"
    page = pages.submit(about, about="other")
    assert page.path == f"/coordinator/people/{first.id}"
    assert "経理です。" in page.text("main")
    assert "Merged with another record" in page.text(".timeline")
    old = pages.get(f"/coordinator/people/{second.id}", status=302)
    assert old.location.endswith(first.id)
    pages.get(f"/coordinator/people/{second.id}/pause", follow=True, status=200)


def test_what_is_open_is_asked_for(twins: tuple[Professional, Professional], pages: Pages) -> None:
    first, second = twins
    page = pages.get(f"/coordinator/people/{first.id}/twice/{second.id}?lang=en")
    page = pages.submit(page.form("/twice/"), about=None, status=422)
    assert page.errors == ["About: Please choose one."]
    assert pages.get(f"/coordinator/people/{second.id}").status == 200


def test_two_who_only_look_alike(twins: tuple[Professional, Professional], pages: Pages) -> None:
    first, second = twins
    page = pages.get(f"/coordinator/people/{second.id}?lang=en")
    assert "may be here twice" in page.text("main")
    page = pages.get(page.link("Compare"))
    page = pages.submit(page.form("/apart"))
    assert "these are two" in page.text(".notice")
    assert "may be here twice" not in pages.get(f"/coordinator/people/{first.id}").text("main")
    assert "Twice in the books?" not in pages.get("/coordinator").text("main")


def test_an_old_address_tells_strangers_nothing(
    app: Flask, session: Session, pages: Pages, twins: tuple[Professional, Professional]
) -> None:
    contact, stranger = f.account(session), f.account(session)
    kept = f.group(session, person=contact, name="みどりの会")
    gone = f.group(
        session, name="みどりの会", kana=kept.kana, created_at=kept.created_at + timedelta(days=1)
    )
    session.commit()
    page = pages.get(f"/coordinator/groups/{gone.id}/twice/{kept.id}")
    pages.submit(page.form(f"/twice/{kept.id}"), status=200)
    theirs = Pages(f.signed_in(app, session, contact)).get(f"/group/{gone.id}", status=302)
    assert theirs.location.endswith(kept.id)
    Pages(f.signed_in(app, session, stranger)).get(f"/group/{gone.id}", status=404)
