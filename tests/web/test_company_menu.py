"""What a company passes round: open needs by length, with when, where, how many and what for."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.models import Need
from matchmaker.services import company_menu
from tests import factories as f
from tests.pages import Pages
from tests.web.test_papers import paper, words


@pytest.fixture
def officer(app: Flask, session: Session) -> Pages:
    person = f.account(session)
    f.company(session, officer=person, id="c1", name="あかつき運輸")
    kitchen = f.group(session, name="ひだまり食堂の会")
    needs = {
        "個人情報の相談": {"form": "session", "mode": "remote", "slots": []},
        "まつりの受け付け": {"form": "day", "mode": "onsite", "slots": ["sat-am", "sun-pm"]},
        "会計の見直し": {"form": "team", "mode": "hybrid", "slots": ["mon-eve", "tue-pm"]},
    }
    for title, more in needs.items():
        need = f.need(session, kitchen, title=title, starts_on=date(2026, 12, 5),
                      ends_on=date(2026, 12, 20), gain="地域の人と話せます", **more)  # fmt: skip
        f.role(session, need, ("accounting",), seats=2)
        f.role(session, need, ("leaflets",), seats=1)
    f.need(session, kitchen, title="まだ公開していないニーズ", state="submitted")
    session.commit()
    return Pages(f.signed_in(app, session, person))


def test_short_forms_come_first_with_headcount_time_place_and_gain(officer: Pages) -> None:
    page = officer.get("/company/menu?lang=ja")
    assert page.texts("h2")[:3] == ["1時間", "1日", "数か月・チームで"]
    assert "まだ公開していない" not in page.text()
    for said in ("まつりの受け付け", "3人", "地域の人と話せます", "対面", "オンライン"):
        assert said in page.text(), said
    said = words(paper(officer, "/company/menu.pdf"))
    for text in ("個人情報の相談", "まつりの受け付け", "会計の見直し", "地域の人と話せます"):
        assert text in said, text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("time=weekend", {"個人情報の相談", "まつりの受け付け"}),
        ("time=evening", {"個人情報の相談", "会計の見直し"}),
        ("time=office", {"個人情報の相談", "会計の見直し"}),
        ("way=remote", {"個人情報の相談", "会計の見直し"}),
        ("way=onsite&time=weekend", {"まつりの受け付け"}),
        ("time=never&way=by-ship", {"個人情報の相談", "まつりの受け付け", "会計の見直し"}),
    ],
)
def test_what_suits_the_companys_time_and_place(
    officer: Pages, asked: str, shown: set[str]
) -> None:
    page = officer.get(f"/company/menu?{asked}&lang=ja")
    links = set(page.texts("th a"))
    assert links == shown
    answer = officer.client.get(f"/company/menu.pdf?{asked}")
    assert answer.status_code == 200


def test_nothing_open_says_so(app: Flask, session: Session) -> None:
    person = f.account(session)
    f.company(session, officer=person, id="c1", name="あかつき運輸")
    session.commit()
    page = Pages(f.signed_in(app, session, person)).get("/company/menu?lang=ja")
    assert "募集中のニーズはありません" in page.text(".empty-state")


def test_a_need_without_times_suits_every_time() -> None:
    assert all(company_menu.fits(Need(group_id="g", title="", slots=[]), t)
               for t in company_menu.TIMES)  # fmt: skip
