"""A coordinator finds an employer and invites whoever reports for it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import CompanyOfficer, Notice
from tests import factories
from tests.pages import Pages


@pytest.fixture
def desk(app: Flask, session: Session) -> Pages:
    """A coordinator's desk with two employers, one with two professionals."""
    company = factories.company(session, id="c1", name="あかつき運輸", search_text="あかつき運輸")
    factories.company(session, id="c2", name="七つ森製作所", search_text="七つ森製作所")
    for _ in range(2):
        factories.professional(session, company_id=company.id)
    person = factories.staff(session)
    session.commit()
    return Pages(factories.signed_in(app, session, person))


def test_employers_with_their_people_are_found_by_name(desk: Pages) -> None:
    assert "七つ森製作所" in desk.get("/coordinator/companies").text("table")
    page = desk.get("/coordinator/companies?q=アカツキ")
    assert "あかつき運輸" in page.text("table")
    assert "七つ森" not in page.text("table")
    assert "2" in page.text("td.numeric")
    assert "ありません" in desk.get("/coordinator/companies?q=なし").text(".empty-state")


def test_an_officer_is_invited_once(desk: Pages, session: Session) -> None:
    for _ in range(2):
        page = desk.get("/coordinator/companies/c1")
        page = desk.submit(page.form(), name="小林 恵", email="k@example.jp", follow=True)
    assert "小林 恵" in page.text()
    session.expire_all()
    assert len(session.exec(select(CompanyOfficer)).all()) == 1
    (notice,) = session.exec(select(Notice)).all()
    assert (notice.email, notice.params["body"]) == ("k@example.jp", "あかつき運輸")


def test_a_wrong_address_is_said_beside_the_field_and_nobody_is_invited(
    desk: Pages, session: Session
) -> None:
    page = desk.get("/coordinator/companies/c1")
    page = desk.submit(page.form(), name="小林 恵", email="k@", status=422)
    assert page.text(".error-summary")
    assert session.exec(select(CompanyOfficer)).all() == []


def test_employers_that_are_not_there_and_strangers(
    desk: Pages, app: Flask, session: Session
) -> None:
    desk.get("/coordinator/companies/none", status=404)
    stranger = factories.signed_in(app, session, factories.account(session))
    assert stranger.get("/coordinator/companies/c1").status_code == 403
