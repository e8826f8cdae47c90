"""Coordinators check sign-ups and needs on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import AuditEntry, Group
from matchmaker.services import taxonomy
from tests import factories
from tests.pages import Pages


@pytest.fixture
def pages(app: Flask, session: Session) -> Pages:
    """A coordinator's browser, in English."""
    taxonomy.load(session)
    pages = Pages(factories.signed_in(app, session, factories.staff(session)))
    pages.get("/coordinator/people?lang=en")
    return pages


def state(session: Session, row: Any) -> str:
    """The state the database holds now."""
    session.expire_all()
    found = session.get_one(type(row), row.id).state
    session.commit()
    return str(found)


def test_a_person_is_accepted_from_the_list(pages: Pages, session: Session) -> None:
    person = factories.professional(session, name="水野 陽子", state="submitted")
    session.commit()
    page = pages.get("/coordinator/people")
    assert "1 profile waits" in page.text(".lead")
    page = pages.click("水野 陽子")
    page = pages.submit(page.form("/verify"))
    assert "accepted" in page.text(".notice")
    assert state(session, person) == "verified"


def test_a_need_is_returned_with_a_comment(pages: Pages, session: Session) -> None:
    need = factories.need(session, factories.group(session), state="submitted")
    session.commit()
    page = pages.get(f"/coordinator/needs/{need.id}/return")
    assert "Return with this comment" in page.text("main button")
    page = pages.submit(page.form("/return"), status=422, comment="")
    assert "Please fill this in" in page.text(".error-summary")
    page = pages.submit(page.form("/return"), comment="いつまでに必要かを書いてください。")
    assert "いつまでに" in page.text(".note")
    assert state(session, need) == "returned"


def test_a_decision_somebody_else_made_is_told_plainly(pages: Pages, session: Session) -> None:
    group = factories.group(session, state="submitted", version=4)
    session.commit()
    page = pages.get(f"/coordinator/groups/{group.id}")
    form = page.form("/verify")
    group.version = 5
    session.add(group)
    session.commit()
    page = pages.submit(form, status=409)
    assert "Somebody changed this" in page.text("main")
    assert state(session, group) == "submitted"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_speaks_both_languages(pages: Pages, session: Session, language: str) -> None:
    person = factories.professional(session, state="submitted")
    group = factories.group(session, state="submitted")
    need = factories.need(session, group, state="submitted", readiness={"people_agreed": False})
    factories.role(session, need, ("accounting",))
    session.commit()
    for path in (
        "people", "groups", "needs", "people?q=zzz", "groups?state=left", "needs?skill=accounting",
        f"people/{person.id}", f"groups/{group.id}", f"needs/{need.id}",
        f"people/{person.id}/return", f"groups/{group.id}/pause", "on-behalf",
    ):  # fmt: skip
        mark = "&" if "?" in path else "?"
        page = pages.get(f"/coordinator/{path}{mark}lang={language}")
        assert page.language == language, path


@pytest.mark.parametrize("kind", ["people", "groups", "needs"])
def test_a_list_is_downloaded_without_formulas(pages: Pages, session: Session, kind: str) -> None:
    factories.professional(session, name="=1+1")
    factories.need(session, factories.group(session, name="=1+1"), title="=1+1")
    session.commit()
    text = pages.client.get(f"/coordinator/{kind}.csv").get_data(as_text=True)
    assert text.startswith("\ufeffid,")
    assert ",'=1+1," in text


def test_a_coordinator_registers_a_group_for_somebody(pages: Pages, session: Session) -> None:
    page = pages.get("/coordinator/on-behalf?next=/group/register")
    page = pages.submit(
        page.form("/on-behalf"), said_by="会長", channel="phone", said_on="2026-11-01"
    )
    assert "会長" in page.text(".notice")
    page = pages.submit(
        page.form("/group/register"), name="電話の会", kana="でんわのかい", kind="neighbourhood",
        district="tokiwa", fields=["local"], about="見守りをしています。",
    )  # fmt: skip
    entry = session.exec(select(AuditEntry).where(AuditEntry.act == "group_started")).one()
    assert entry.details["said_by"] == "会長"
    assert session.exec(select(Group.name)).one() == "電話の会"


def test_the_note_never_leads_off_the_site(pages: Pages) -> None:
    page = pages.get("/coordinator/on-behalf?next=//evil.example/")
    page = pages.submit(
        page.form("/on-behalf"), said_by="会長", channel="phone", said_on="2026-11-01"
    )
    assert page.path == "/group/register"


def test_others_cannot_open_the_lists(app: Flask, session: Session) -> None:
    stranger = Pages(factories.signed_in(app, session, factories.account(session)))
    for path in ("people", "groups", "needs", "people.csv", "on-behalf"):
        stranger.get(f"/coordinator/{path}", status=403)
    assert app.test_client().get("/coordinator/people").status_code == 302


def test_what_is_not_there_is_not_found(pages: Pages) -> None:
    for path in ("people/p-none", "groups/g-none", "needs/n-none"):
        pages.get(f"/coordinator/{path}", status=404)
    pages.post("/coordinator/needs/n-none/open", {"version": "1"}, status=404)


def test_who_left_no_address_is_said_to_get_letters(pages: Pages, session: Session) -> None:
    silent = factories.professional(session, email="")
    reached = factories.professional(session, email="a@example.jp")
    group = factories.group(session, contact_email="")
    session.commit()
    told = "There is no e-mail address, so letters are printed."
    for address in (f"people/{silent.id}", f"groups/{group.id}"):
        page = pages.get(f"/coordinator/{address}").text("main")
        assert told in page
        assert "Write letters instead" not in page
    page = pages.get(f"/coordinator/people/{reached.id}").text("main")
    assert told not in page
    assert "Write letters instead" in page


def test_the_import_is_reached_from_rounds_and_from_an_empty_today(pages: Pages) -> None:
    for address in ("/coordinator/rounds", "/coordinator"):
        assert "/coordinator/imports" in [
            link.get("href") for link in pages.get(address).all("main a")
        ]


def test_the_hint_of_a_checkbox_follows_it(pages: Pages) -> None:
    page = pages.get("/coordinator/policy")
    for field in page.all("main .field"):
        kinds = [each.get("class") for each in field]
        if "choice" in kinds and "hint" in kinds:
            assert kinds.index("choice") < kinds.index("hint")
            break
    else:
        raise AssertionError("no checkbox with a hint")
