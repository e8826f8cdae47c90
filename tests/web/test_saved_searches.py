"""A search is kept from the list of needs; the mail about it can be stopped with one click."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from matchmaker.work import chores
from tests import factories as f
from tests.mailbox import body, link, sent
from tests.pages import Pages


def test_from_the_list_of_needs_to_the_mail_and_out_of_it_again(
    app: Flask, session: Session, engine: Engine, clock: list[datetime]
) -> None:
    account = f.account(session, language="ja")
    group = f.group(session, name="ひだまり食堂")
    session.commit()
    pages = Pages(f.signed_in(app, session, account))
    page = pages.get("/needs?lang=ja")
    assert "この検索を保存" not in page.text("main")
    page = pages.submit(page.form("/needs"), q="会計")
    page = pages.submit(page.form("/account/searches"))
    assert page.texts("h3") == ["会計"]
    assert "受け取る設定です" in page.text("main")
    clock[0] += timedelta(days=1)
    f.need(session, group, title="会計の見直し", opened_at=clock[0])
    session.commit()
    clock[0] += timedelta(days=7)
    for chore in chores(app.extensions["writing"]):
        chore(clock[0])
    (mail,) = [each for each in sent(app) if "保存した検索" in str(each["Subject"])]
    assert "会計の見直し（ひだまり食堂）" in body(mail)
    assert mail["List-Unsubscribe"]
    page = pages.get(link(mail, "/account/searches"))
    page = pages.submit(page.form("mail"))
    assert "受け取らない設定です" in page.text("main")
    page = pages.submit(page.form("delete"))
    assert "保存した検索はまだありません" in page.text("main")


def test_a_visitor_is_shown_the_way_to_sign_in_and_back(app: Flask) -> None:
    page = Pages(app.test_client()).get("/needs?q=会計&way=remote&lang=en")
    assert page.link("Sign in to keep this search").startswith("/sign-in?next=/needs")
