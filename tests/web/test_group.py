"""A group's people walk through their pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, Group, GroupMember, Need, Role
from matchmaker.services import taxonomy
from matchmaker.services.readiness import QUESTIONS
from tests import factories
from tests.pages import Pages

LANGUAGES = ("ja", "en")


@pytest.fixture
def person(session: Session) -> Account:
    """Somebody with an account; the whole taxonomy is there."""
    taxonomy.load(session)
    return factories.account(session, name="緑 はなこ", email="hanako@example.jp")


@pytest.fixture
def pages(app: Flask, session: Session, person: Account) -> Pages:
    """Their browser, in English."""
    return Pages(factories.signed_in(app, session, person))


@pytest.fixture
def group(session: Session, person: Account) -> Group:
    """A checked group whose contact they are."""
    row = factories.group(session, person=person, name="みどりの会", district="tokiwa")
    session.commit()
    return row


def stored(session: Session, query: Any) -> Any:
    """What the database holds now; the test's own transaction ends, so that pages can write."""
    found = session.exec(query).all()
    session.commit()
    return found


def register(pages: Pages) -> Any:
    page = pages.get("/group/register?lang=en")
    page = pages.submit(
        page.form("/group/register"),
        name="みどりの会", kana="みどりのかい", kind="volunteer", district="tokiwa",
        fields=["npo-03"], about="花を植えています。",
    )  # fmt: skip
    assert "confirm each point" in page.text("h1")
    items = dict.fromkeys(
        ("public_benefit", "voluntary", "not_religion", "not_politics", "not_candidate"), "y"
    )
    page = pages.submit(page.form("/register/eligibility"), **items)
    assert "Whom can we reach" in page.text("h1")
    return pages.submit(page.form("/register/contact"), contact_email="hanako@example.jp")


def test_a_group_registers_and_waits_for_its_check(pages: Pages, session: Session) -> None:
    page = register(pages)
    assert "Check your answers" in page.text("h1")
    page = pages.submit(page.form("/register/check"))
    assert "check it" in page.text(".notice")
    assert session.exec(select(Group.state)).all() == ["submitted"]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_stored(
    pages: Pages, session: Session
) -> None:
    page = pages.get("/group/register?lang=en")
    page = pages.submit(
        page.form("/group/register"), status=422,
        name="みどり😀", kana="漢字", kind="volunteer", district="tokiwa", fields=["npo-03"],
        about="花", website="ftp://example.jp",
    )  # fmt: skip
    assert "Emoji cannot be printed" in page.text(".error-summary")
    assert "hiragana or katakana" in page.text(".error-summary")
    assert "https://" in page.text(".error-summary")
    assert session.exec(select(Group)).all() == []


def test_a_point_left_open_stops_the_declaration_kindly(
    pages: Pages, group: Group, session: Session
) -> None:
    page = pages.get(f"/group/{group.id}/register/eligibility?lang=en")
    page = pages.submit(page.form("/register/eligibility"), status=422, public_benefit="y")
    assert "confirm this" in page.text(".error-summary")


def write_need(pages: Pages, group: Group, session: Session) -> tuple[Any, Need]:
    page = pages.get(f"/group/{group.id}/needs/new?lang=en&q=accounts")
    assert "accounts" in page.text("main").lower()
    page = pages.submit(page.form("/needs/new", button="Choose this"))
    need = stored(session, select(Need))[0]
    page = pages.submit(page.form("/form"))
    page = pages.submit(
        page.form("/story"),
        title="会計をらくにしたい",
        summary="手書きの帳簿に毎月二日かかり、担当の人が疲れています。",
        deliverable="ひな形", gain="地域の会計が分かります。", fields=["npo-03"],
    )  # fmt: skip
    assert "Who is needed" in page.text("h1")
    page = pages.get(f"/group/needs/{need.id}/schedule?lang=en")
    page = pages.submit(page.form("/schedule"), mode="remote", urgency="ordinary")
    answers = dict.fromkeys(QUESTIONS, "yes")
    page = pages.submit(page.form("/readiness"), **{**answers, "people_agreed": "no"})
    return page, need


def test_a_need_is_written_from_the_menu_and_handed_in(
    pages: Pages, group: Group, session: Session
) -> None:
    page, need = write_need(pages, group, session)
    assert "have not agreed yet" in page.text(".note")
    page = pages.submit(page.form("/check"))
    assert "会計をらくにしたい" in page.text("h1")
    session.expire_all()
    assert session.get_one(Need, need.id).state == "submitted"


def test_a_form_that_is_too_small_is_warned_of_with_numbers(
    pages: Pages, group: Group, session: Session
) -> None:
    page = pages.get(f"/group/{group.id}/needs/new?lang=en&q=website")
    page = pages.submit(page.form("/needs/new", button="Choose this"))
    size = page.form("/form")
    size.values.setlist("form", ["session"])
    page = pages.submit(size, hours_per_week="9", weeks="10")
    assert "About 27 hours in all: 3 people, up to 9 hours each." in page.text(".notice")
    assert "at most 2 hours" in page.text(".notice")


def test_an_hour_or_a_day_is_not_asked_for_weeks(
    pages: Pages, group: Group, session: Session
) -> None:
    page = pages.get(f"/group/{group.id}/needs/new?lang=en&q=website")
    page = pages.submit(page.form("/needs/new", button="Choose this"))
    size = page.form("/form")
    size.values.setlist("form", ["day"])
    pages.submit(size, hours_per_week="6", weeks=None)
    need = session.exec(select(Need)).one()
    assert (need.form, need.weeks, need.hours_per_week) == ("day", 1, 6)
    page = pages.get(f"/group/needs/{need.id}/check")
    assert "6 hours" in page.text("main")
    assert "week" not in page.text(".summary-list")


def test_a_role_is_added_without_any_script(pages: Pages, group: Group, session: Session) -> None:
    page = pages.get(f"/group/{group.id}/needs/new?lang=en&q=grant")
    pages.submit(page.form("/needs/new", button="Choose this"))
    need = stored(session, select(Need))[0]
    page = pages.get(f"/group/needs/{need.id}/roles/new")
    page = pages.submit(
        page.form("/roles/new"), status=422, title="記録", seats="99", hours_per_week="2"
    )
    assert "from 1 to 6" in page.text(".error-summary")
    page = pages.submit(
        page.form("/roles/new"), title="記録", seats="1", hours_per_week="2",
        skills__0__skill="accounting",
        **{"skills-0-min_level": "2"},
    )  # fmt: skip
    assert "記録" in page.text("main")
    role = stored(session, select(Role).where(Role.title == "記録"))[0]
    page = pages.submit(page.form(f"{role.id}/remove"))
    assert "記録" not in page.text("main")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_group_speaks_both_languages(
    pages: Pages, group: Group, session: Session, language: str
) -> None:
    _page, need = write_need(pages, group, session)
    role = stored(session, select(Role))[0]
    for path in (
        "/group/", f"/group/{group.id}", f"/group/{group.id}/members", "/group/register",
        f"/group/{group.id}/register/who", f"/group/{group.id}/register/eligibility",
        f"/group/{group.id}/register/contact", f"/group/{group.id}/register/check",
        f"/group/{group.id}/needs/new", f"/group/needs/{need.id}",
        f"/group/needs/{need.id}/form", f"/group/needs/{need.id}/story",
        f"/group/needs/{need.id}/roles", f"/group/needs/{need.id}/roles/{role.id}",
        f"/group/needs/{need.id}/schedule", f"/group/needs/{need.id}/readiness",
        f"/group/needs/{need.id}/check", f"/group/needs/{need.id}/withdraw",
    ):  # fmt: skip
        pages.get(f"{path}?lang={language}")


def test_another_groups_pages_are_not_found(
    pages: Pages, session: Session, person: Account
) -> None:
    foreign = factories.group(session)
    need = factories.need(session, foreign)
    session.commit()
    for path in (
        f"/group/{foreign.id}", f"/group/{foreign.id}/members", f"/group/{foreign.id}/needs/new",
        f"/group/needs/{need.id}", f"/group/needs/{need.id}/story",
        f"/group/needs/{need.id}/withdraw", f"/group/{foreign.id}/register/who",
    ):  # fmt: skip
        pages.get(path, status=404)


def test_a_need_is_withdrawn_with_its_reason(pages: Pages, group: Group, session: Session) -> None:
    need = factories.need(session, group)
    session.commit()
    page = pages.get(f"/group/needs/{need.id}/withdraw?lang=en")
    assert "Withdraw the need" in page.text("main button")
    page = pages.submit(page.form("/withdraw"), reason="自分たちでできました")
    assert "Withdrawn" in page.text("h1")
    assert "自分たちでできました" in page.text(".note")


def test_an_invited_person_accepts_on_the_page(
    pages: Pages, group: Group, session: Session, app: Flask
) -> None:
    friend = factories.account(session, email="tomo@example.jp")
    session.commit()
    page = pages.get(f"/group/{group.id}/members?lang=en")
    pages.submit(page.form("/members"), email="tomo@example.jp")
    guest = Pages(factories.signed_in(app, session, friend))
    page = guest.get("/group/?lang=en")
    page = guest.submit(page.form("/accept"))
    assert "みどりの会" in page.text("h1")
    assert session.get(GroupMember, (group.id, friend.id)) is not None
