"""The account pages as a person meets them: sign up, sign in, forget, change, agree."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, Consent, LoginSession, Notice
from matchmaker.services import passwords
from tests import factories, mailbox
from tests.pages import Pages

GOOD = "akai-jitensha-de-umi"


@pytest.fixture
def pages(app: Flask) -> Pages:
    return Pages(app.test_client())


def sign_in(pages: Pages, email: str, password: str = factories.PASSWORD) -> object:
    page = pages.get("/sign-in?lang=en")
    return pages.submit(page.form("/sign-in"), email=email, password=password)


def test_signing_up_goes_by_mail_to_an_open_account(app: Flask, pages: Pages) -> None:
    page = pages.get("/sign-up?door=group&lang=en")
    page = pages.submit(page.form("/sign-up"), name="青井 さくら", email="Aoi@Example.jp")
    assert page.path == "/sign-up/sent"
    (message,) = mailbox.sent(app)
    assert message["To"] == "aoi@example.jp"
    link = mailbox.link(message, "/verify/")

    page = pages.get(link)
    assert "aoi@example.jp" in page.text("main")
    assert factories.look(app, select(Account.email_verified_at)) == [None], "a GET changes nothing"
    page = pages.submit(page.form("/verify/"), password=GOOD, terms=True, status=303, follow=False)
    assert page.location.endswith(("/group/register", "/account"))
    assert "青井 さくら" in pages.get("/account?lang=en").text("h1")
    assert factories.look(app, select(Consent.purpose)) == ["terms"]
    assert "already" in pages.get(link, status=404).text("main")


def test_a_known_address_gets_another_mail_but_the_same_page(
    app: Flask, session: Session, pages: Pages
) -> None:
    person = factories.account(session)
    session.commit()
    seen = []
    for email in (person.email, "nobody@example.jp"):
        page = pages.get("/sign-up?lang=en")
        seen.append(pages.submit(page.form("/sign-up"), name="だれか", email=email).text("main"))
    assert seen[0] == seen[1]
    subjects = {message["To"]: message["Subject"] for message in mailbox.sent(app)}
    assert subjects[person.email] == "You already have an account"
    assert subjects["nobody@example.jp"] == "Confirm your e-mail address"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "あ" * 81),
        ("name", "ﾀﾛｳ"),
        ("name", "太郎😀"),
        ("name", "שלום"),
        ("name", "a\x00b"),
        ("email", ""),
        ("email", "not-an-address"),
        ("email", "a@b@c.jp"),
        ("email", "x" * 250 + "@example.jp"),
        ("door", "company"),
    ],
)
def test_bad_entries_are_said_beside_the_field_and_nothing_is_stored(
    app: Flask, pages: Pages, field: str, value: str
) -> None:
    page = pages.get("/sign-up?lang=en")
    given = {"door": "group", "name": "青井", "email": "aoi@example.jp", field: value}
    page = pages.post("/sign-up", given, status=422)
    assert page.errors
    assert page.title.startswith("Error")
    assert factories.look(app, select(Account)) == factories.look(app, select(Notice)) == []


def test_a_weak_password_or_no_terms_keeps_the_link_alive(app: Flask, pages: Pages) -> None:
    page = pages.get("/sign-up?lang=en")
    pages.submit(page.form("/sign-up"), name="青井", email="aoi@example.jp")
    link = mailbox.link(mailbox.sent(app)[0], "/verify/")
    page = pages.submit(pages.get(link).form("/verify/"), password="password12", terms=True)
    assert page.status == 422
    assert "easy to guess" in page.errors[0]
    page = pages.submit(page.form("/verify/"), password=GOOD, terms=None)
    assert page.status == 422
    page = pages.submit(page.form("/verify/"), password=GOOD, terms=True)
    assert page.status == 200


def test_signing_in_leads_on_to_the_page_that_was_asked_for(session: Session, pages: Pages) -> None:
    person = factories.account(session)
    session.commit()
    page = pages.get("/account/sessions?lang=en", follow=True)
    assert page.path == "/sign-in"
    assert "go on to the page you wanted to open" in page.text(".lead")
    page = pages.submit(page.form("/sign-in"), email=person.email, password=factories.PASSWORD)
    assert page.path == "/account/sessions"


def test_a_mails_link_says_what_signing_in_leads_to_and_nothing_about_anybody(
    pages: Pages,
) -> None:
    page = pages.get("/professional/offers/x-1?lang=en", follow=True)
    assert "Then you see the invitation the mail is about." in page.text(".lead")
    for elsewhere in ("", "?next=/no-such-page", "?next=//evil.example"):
        assert not pages.get(f"/sign-in{elsewhere}").all(".lead")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb"],
)
def test_signing_in_never_leads_to_another_site(
    session: Session, pages: Pages, target: str
) -> None:
    person = factories.account(session)
    session.commit()
    pages.get("/sign-in")
    page = pages.post(
        "/sign-in",
        {"email": person.email, "password": factories.PASSWORD, "next": target},
        follow=False,
    )
    assert page.location == "/account"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    session: Session, pages: Pages
) -> None:
    person = factories.account(session)
    session.commit()
    answers = {
        (page.status, *page.errors)
        for page in (sign_in(pages, person.email, "wrong"), sign_in(pages, "nobody@example.jp"))
    }
    assert answers == {(422, "Password: The e-mail address and the password do not go together.")}


def test_failures_count_though_the_request_fails_and_time_heals(
    session: Session, pages: Pages, clock: list[datetime]
) -> None:
    person = factories.account(session)
    session.commit()
    for _ in range(5):
        assert sign_in(pages, person.email, "wrong").status == 422
    page = sign_in(pages, person.email)
    assert page.status == 429
    assert "15 minutes" in page.errors[0]
    clock[0] += timedelta(minutes=16)
    assert sign_in(pages, person.email).path == "/account"


def test_signing_out_ends_the_session_itself_not_only_the_cookie(
    app: Flask, session: Session
) -> None:
    person = factories.account(session)
    browser = factories.signed_in(app, session, person)
    with browser.session_transaction() as cookie:
        token = cookie["token"]
    pages = Pages(browser)
    pages.get("/account")
    pages.post("/sign-out")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["token"] = token
    assert thief.get("/account").status_code == 302


def test_a_forgotten_password_is_renewed_by_mail(
    app: Flask, session: Session, pages: Pages
) -> None:
    person = factories.account(session)
    session.commit()
    for email in ("nobody@example.jp", person.email):
        page = pages.get("/forgot-password?lang=en")
        page = pages.submit(page.form("/forgot-password"), email=email)
        assert page.path == "/forgot-password/sent"
    (message,) = mailbox.sent(app)
    link = mailbox.link(message, "/reset-password/")
    page = pages.submit(pages.get(link).form("/reset-password/"), password=GOOD)
    assert page.path == "/account"
    (kept,) = factories.look(app, select(Account.password_hash))
    assert passwords.matches(GOOD, kept)
    assert mailbox.sent(app)[0]["Subject"] == "パスワードが変わりました"


def test_my_sessions_can_be_ended_one_or_all(app: Flask, session: Session) -> None:
    person = factories.account(session)
    here, there = (Pages(factories.signed_in(app, session, person)) for _ in range(2))
    page = here.get("/account/sessions?lang=en")
    assert page.text("main").count("This browser") == 1
    here.submit(page.form("/end"))
    assert there.client.get("/account").status_code == 302
    third = factories.signed_in(app, session, person)
    factories.signed_in(app, session, person)
    page = here.get("/account/sessions?lang=en")
    here.submit(page.form("/end-others"))
    assert third.get("/account").status_code == 302
    assert here.get("/account").status == 200


def test_another_persons_session_is_not_found(app: Flask, session: Session) -> None:
    person, other = factories.account(session), factories.account(session)
    factories.signed_in(app, session, other)
    foreign = session.exec(select(LoginSession.id).where(LoginSession.account_id == other.id)).one()
    pages = Pages(factories.signed_in(app, session, person))
    pages.get("/account/sessions")
    assert pages.post(f"/account/sessions/{foreign}/end").status == 404


def test_using_a_session_is_noted_at_most_every_ten_minutes(
    app: Flask, session: Session, clock: list[datetime]
) -> None:
    person = factories.account(session)
    pages = Pages(factories.signed_in(app, session, person))
    seen = []
    for minutes in (5, 6, 30):
        clock[0] += timedelta(minutes=minutes)
        pages.get("/account")
        (used,) = factories.look(app, select(LoginSession.last_seen_at))
        seen.append(used - factories.NOW)
    assert [moment.seconds // 60 for moment in seen] == [0, 11, 41]


def test_details_are_kept_and_the_language_follows(app: Flask, session: Session) -> None:
    person = factories.account(session, language="ja")
    pages = Pages(factories.signed_in(app, session, person))
    page = pages.get("/account/details")
    assert page.language == "ja"
    page = pages.submit(
        page.form("/account/details"), name="新しい 名前", kana="アタラシイ", language="en"
    )
    assert page.language == "en"
    assert "Your details are saved." in page.flashes[0]
    stale = pages.post("/account/details", {"name": "x", "language": "ja", "version": "1"})
    assert stale.status == 409


def test_a_new_address_is_confirmed_by_a_button_behind_the_link(
    app: Flask, session: Session
) -> None:
    person = factories.account(session, language="en")
    pages = Pages(factories.signed_in(app, session, person))
    page = pages.get("/account/email")
    page = pages.submit(page.form("/account/email"), email="a", password=factories.PASSWORD)
    assert page.status == 422
    pages.submit(page.form("/account/email"), email="new@example.jp", password=factories.PASSWORD)
    (message,) = mailbox.sent(app)
    assert message["To"] == "new@example.jp"
    page = pages.get(mailbox.link(message, "/confirm-email/"))
    pages.submit(page.form("/confirm-email/"))
    assert factories.look(app, select(Account.email)) == ["new@example.jp"]
    assert mailbox.sent(app)[0]["To"] == person.email


def test_changing_the_password_asks_for_the_present_one(app: Flask, session: Session) -> None:
    person = factories.account(session, language="en")
    pages = Pages(factories.signed_in(app, session, person))
    page = pages.get("/account/password")
    page = pages.submit(page.form("/account/password"), old="wrong", new=GOOD)
    assert (page.status, page.errors) == (
        422,
        ["Present password: This is not your present password."],
    )
    page = pages.submit(page.form("/account/password"), old=factories.PASSWORD, new=GOOD)
    assert page.path == "/account/details"


def test_agreeing_to_the_employers_report_and_withdrawing(app: Flask, session: Session) -> None:
    company = factories.company(session, name="みほん電機")
    person = factories.account(session, language="en")
    factories.professional(session, person=person, company_id=company.id)
    pages = Pages(factories.signed_in(app, session, person))
    page = pages.get("/account/consents")
    page = pages.submit(page.form("/account/consents"), until=None)
    assert page.status == 422
    page = pages.submit(page.form("/account/consents"), until="2027-03-31")
    assert "31 March 2027" in page.text("main")
    page = pages.click("Withdraw")
    page = pages.submit(page.form("/withdraw"))
    assert factories.look(app, select(Consent.withdrawn_at)) != [None]
    assert "Withdrawn" in page.text("table")


def test_nobody_agrees_for_a_foreign_company_or_without_a_profile(
    app: Flask, session: Session
) -> None:
    mine, foreign = factories.company(session), factories.company(session)
    person = factories.account(session)
    factories.professional(session, person=person, company_id=mine.id)
    pages = Pages(factories.signed_in(app, session, person))
    pages.get("/account/consents")
    sent = {"company_id": foreign.id, "until": "open"}
    assert pages.post("/account/consents", sent).status == 409
    other = Pages(factories.signed_in(app, session, factories.account(session)))
    other.get("/account/consents")
    assert other.post("/account/consents", {**sent, "company_id": mine.id}).status == 404
    assert factories.look(app, select(Consent)) == []


def test_everybodys_work_is_listed_and_a_single_hat_is_led_there(
    app: Flask, session: Session, pages: Pages
) -> None:
    single = factories.staff(session, "coordinator")
    several = factories.staff(session, "coordinator", language="en")
    group = factories.group(session, person=several, name="ひだまり食堂")
    session.commit()
    pages.get("/sign-in")
    page = pages.post(
        "/sign-in", {"email": single.email, "password": factories.PASSWORD}, follow=False
    )
    assert page.location == "/coordinator"
    seen = Pages(factories.signed_in(app, session, several)).get("/account").text("main")
    assert group.name in seen
    assert "Coordination" in seen
