"""A group decides what is public, and anybody writes to it without learning its address."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import PUBLIC_PARTS, Account, Group, GroupField, Notice
from tests import factories as f
from tests.mailbox import body, sent
from tests.pages import Page, Pages

LETTER = {
    "name": "近所 太郎",
    "email": "taro@example.jp",
    "text": "まつりを手伝わせてください。",
}


@pytest.fixture
def contact(session: Session) -> Account:
    return f.account(session, name="会長")


@pytest.fixture
def group(session: Session, contact: Account) -> Group:
    f.district(session, "tokiwa", label_ja="常磐地区")
    f.field(session, "npo-03", label_ja="まちづくり")
    row = f.group(
        session, person=contact, name="ひだまり食堂", about="子どもと食べる会です",
        district="tokiwa", website="https://h.example.jp/", public_parts=list(PUBLIC_PARTS),
        search_text="ひだまり食堂 子どもと食べる会です",
    )  # fmt: skip
    f.add(session, GroupField(group_id=row.id, field="npo-03"))
    f.need(session, row, title="会計の見直し")
    session.commit()
    return row


def letter(pages: Pages, group: Group, **given: str) -> Page:
    page = pages.get(f"/groups/{group.id}/letter?lang=ja")
    return pages.submit(page.form("letter"), **{**LETTER, **given})


def test_each_part_is_shown_only_while_the_group_shows_it(
    app: Flask, session: Session, group: Group, contact: Account
) -> None:
    ours, visitor = Pages(f.signed_in(app, session, contact)), Pages(app.test_client())
    words = {
        "about": "子どもと食べる会です", "district": "常磐地区", "fields": "まちづくり",
        "website": "https://h.example.jp/", "needs": "会計の見直し",
        "finished": "終わったプロジェクト", "letters": "お便り",
    }  # fmt: skip
    for part, said in words.items():
        page = ours.get(f"/group/{group.id}/public?lang=ja")
        others = [each for each in PUBLIC_PARTS if each != part]
        page = ours.submit(page.form("public"), parts=others, public=True)
        shown = visitor.get(f"/groups/{group.id}?lang=ja")
        assert said not in shown.text("main"), part
        assert said not in page.text(".card"), part
        assert all(text in shown.text("main") for name, text in words.items() if name != part)
    ours.submit(page.form("public"), parts=["needs"], public=True)
    for filters in ("q=子ども", "district=tokiwa", "field=npo-03"):
        assert "0" in visitor.get(f"/groups?{filters}&lang=en").text(".result-count"), filters


def test_a_preview_stores_nothing_and_hidden_needs_stand_without_the_name(
    app: Flask, session: Session, group: Group, contact: Account
) -> None:
    ours, visitor = Pages(f.signed_in(app, session, contact)), Pages(app.test_client())
    page = ours.get(f"/group/{group.id}/public?lang=ja")
    page = ours.submit(page.form("public"), parts=["about"], press="preview")
    assert "会計の見直し" not in page.text(".card")
    assert "会計の見直し" in visitor.get(f"/groups/{group.id}").text("main")
    ours.submit(page.form("public"), parts=["about"], public=True)
    page = visitor.get("/needs")
    assert "会計の見直し" in page.text("main")
    assert "ひだまり食堂" not in page.text("main")


def test_a_letter_reaches_the_group_which_answers_the_sender_and_nothing_is_kept(
    app: Flask, session: Session, group: Group, contact: Account
) -> None:
    visitor = Pages(app.test_client())
    page = letter(visitor, group, name="近所 太郎")
    assert "お便りを団体へお送りします。" in page.text(".notice")
    letter(visitor, group)
    (mail,) = sent(app)
    assert (mail["To"], mail["Reply-To"]) == (contact.email, LETTER["email"])
    assert LETTER["text"] in body(mail)
    for path in (f"/groups/{group.id}", f"/groups/{group.id}/letter"):
        assert contact.email not in visitor.get(path).html
    (kept,) = session.exec(select(Notice))
    assert "taro" not in str(kept.params)
    assert "まつり" not in str(kept.params)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "taro@example.jp\r\nBcc: all@example.jp"}, "メールアドレス"),
        ({"name": "太郎\nBcc: all@example.jp"}, "1行で"),
        ({"text": "見て http://a.example http://b.example www.c.example"}, "2個まで"),
        ({"homepage": "http://spam.example"}, "空のまま"),
        ({"text": "短い"}, "10"),
    ],
    ids=["header in the address", "header in the name", "links", "trap", "too short"],
)
def test_what_spammers_send_is_refused_with_a_reason(
    app: Flask, session: Session, group: Group, given: dict[str, str], said: str
) -> None:
    page = letter(Pages(app.test_client()), group, **given)
    assert page.status == 422
    assert said in " ".join(page.errors)
    assert sent(app) == []


def test_a_day_takes_three_letters_from_one_address_and_ten_to_one_group(
    app: Flask, session: Session, group: Group, clock: list[datetime]
) -> None:
    pages = Pages(app.test_client())
    for number in range(3):
        assert letter(pages, group, text=f"{number}通目のお便りです。").status == 200
        sent(app)
    assert letter(pages, group, text="四通目のお便りです。").status == 409
    for number in range(7):
        letter(pages, group, email=f"a{number}@example.jp")
    assert letter(pages, group, email="b@example.jp").status == 409
    clock[0] += timedelta(days=1, minutes=1)
    assert letter(pages, group, text="翌日のお便りを送ります。").status == 200


def test_without_the_groups_yes_there_is_no_form(
    app: Flask, session: Session, group: Group
) -> None:
    group.public_parts = ["about"]
    session.add(group)
    session.commit()
    pages = Pages(app.test_client())
    pages.get(f"/groups/{group.id}/letter", status=404)
    assert "letter" not in pages.get(f"/groups/{group.id}").html
