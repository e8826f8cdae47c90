"""Coming to a company's programme by its link or by one's address there; never a consent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, CompanyJoin, Consent, Professional
from matchmaker.services import company_domains
from tests import factories as f
from tests import mailbox
from tests.pages import Pages

GOOD = "akai-jitensha-de-umi"


@pytest.fixture
def officer(app: Flask, session: Session) -> Pages:
    f.company(session, officer=f.account(session, id="a-officer"), id="c1", name="あかつき運輸")
    f.company(session, id="c2", name="よその会社")
    session.commit()
    return Pages(f.signed_in(app, session, session.get_one(Account, "a-officer")))


def link_of(officer: Pages, channel: str = "社内報") -> str:
    page = officer.get("/company/programme?lang=ja", follow=True)
    page = officer.submit(page.form("/company/c1/programme"), channel=channel)
    row = next(row for row in page.all("tbody tr") if channel in "".join(row.itertext()))
    href: str = next(a.get("href") or "" for a in row.iter("a"))
    return href


def test_a_link_leads_a_new_employee_through_sign_up_to_the_company(
    app: Flask, officer: Pages
) -> None:
    page = officer.get("/company/c1/programme/words")
    officer.submit(page.form("/company/c1/programme/words"), programme="年2日まで参加できます。",
                   contact="総務部 内線1234")  # fmt: skip
    link = link_of(officer)
    pages = Pages(app.test_client())
    page = pages.get(f"{link}?lang=ja")
    assert "年2日まで" in page.text("main")
    assert "総務部 内線1234" in page.text("main")
    page = pages.click("登録する")
    pages.submit(page.form("/sign-up"), name="花田 花", email="hana@example.jp")
    page = pages.get(mailbox.link(mailbox.sent(app)[-1], "/verify/"))
    page = pages.submit(page.form("/verify/"), password=GOOD, terms=True)
    assert page.path == link
    page = pages.submit(page.form(link))
    assert page.path == "/professional/profile/who"
    page = pages.submit(
        page.form("/professional/profile/who"), kana="はなだ はな", relation="worker"
    )
    assert f.look(app, select(Professional.company_id)) == ["c1"]
    assert f.look(app, select(Consent.purpose)) == ["terms"], "joining is no consent to be seen"


def test_whoever_has_a_profile_is_asked_apart_what_the_company_may_see(
    app: Flask, session: Session, officer: Pages
) -> None:
    link = link_of(officer)
    person = f.account(session)
    f.professional(session, person=person, company_id="c2")
    pages = Pages(f.signed_in(app, session, person))
    page = pages.submit(pages.get(link).form(link))
    assert page.path == "/account/consents"
    assert "あかつき運輸" in page.text("main")
    assert f.look(app, select(Professional.company_id)) == ["c1"]
    pages.submit(pages.get(link).form(link))
    assert len(f.look(app, select(CompanyJoin.account_id))) == 1
    assert f.look(app, select(Consent.id)) == []


def test_small_numbers_by_channel_are_not_told_and_a_link_can_be_taken_back(
    app: Flask, session: Session, officer: Pages
) -> None:
    magazine, meeting = link_of(officer, "社内報"), link_of(officer, "朝礼")
    link_of(officer, "掲示板")  # nobody came by it: told apart, the first to come would be seen
    for link, people in ((magazine, 5), (meeting, 4)):
        for _each in range(people):
            pages = Pages(f.signed_in(app, session, f.account(session)))
            pages.submit(pages.get(link).form(link))
    page = officer.get("/company/c1/programme?lang=ja")
    rows = {row[0].text: row[2].text for row in page.all("tbody tr")}
    assert rows == {"社内報": "5", "朝礼": "5人未満", "掲示板": "5人未満"}
    officer.submit(page.form(f"/company/c1/invitations/{magazine.rpartition('/')[2]}/revoke"))
    assert app.test_client().get(magazine).status_code == 404
    assert app.test_client().get(meeting).status_code == 200
    strangers = Pages(f.signed_in(app, session, f.account(session)))
    assert strangers.client.get("/company/c1/programme").status_code == 403
    assert officer.client.get("/company/c2/programme").status_code == 404
    answer = officer.client.post("/company/c2/programme", data={"channel": "x"})
    assert answer.status_code in (400, 404)


def test_a_link_ends_on_its_day(app: Flask, clock: list[object], officer: Pages) -> None:
    link = link_of(officer)
    page = officer.get("/company/c1/programme?lang=ja")
    wrong = officer.submit(page.form("/company/c1/programme"), channel="遠い",
                           expires_on="2031-01-01", status=422)  # fmt: skip
    assert wrong.errors
    clock[0] = f.NOW + timedelta(days=91)
    assert app.test_client().get(link).status_code == 404


def test_a_proven_address_of_the_company_is_enough_and_no_other(
    app: Flask, session: Session, officer: Pages
) -> None:
    coordinator = Pages(f.signed_in(app, session, f.staff(session)))
    page = coordinator.get("/coordinator/companies/c1?lang=ja")
    for wrong, said in (("gmail.com", "だれでも"), ("akatsuki", "ドメイン")):
        form = page.form("/coordinator/companies/c1/domains")
        page = coordinator.submit(form, domain=wrong, status=422)
        assert said in " ".join(page.errors)
    page = coordinator.submit(page.form("/coordinator/companies/c1/domains"),
                              domain="@Akatsuki.example.com")  # fmt: skip
    assert "@akatsuki.example.com" in page.text("main")
    page = coordinator.get("/coordinator/companies/c2?lang=ja")
    page = coordinator.submit(page.form("/coordinator/companies/c2/domains"),
                              domain="akatsuki.example.com", status=422)  # fmt: skip
    assert page.errors

    people = {
        "hana@akatsuki.example.com": True,
        "hana@not-akatsuki.example.com": False,
        "hana@akatsuki.example.com.evil.example": False,
    }
    for email, belongs in people.items():
        person = f.account(session, email=email)
        f.professional(session, person=person)
        pages = Pages(f.signed_in(app, session, person))
        page = pages.get("/account/employer?lang=ja")
        assert ("あかつき運輸" in page.text("main")) == belongs
        pages.post("/account/employer", {}, status=200 if belongs else 403)
    unproven = f.account(session, email="jiro@akatsuki.example.com", email_verified_at=None)
    assert company_domains.of_company(session, company_id="c1") == ["akatsuki.example.com"]
    pages = Pages(f.signed_in(app, session, unproven))
    assert "あかつき運輸" not in pages.get("/account/employer?lang=ja").text("main")
    assert f.look(app, select(CompanyJoin.way)) == ["domain"]
