"""A profile from paper or the telephone: entered by a coordinator, changed, taken over."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Account, AuditEntry, Notice, Professional, ProfessionalSkill
from matchmaker.services import taxonomy
from tests import factories as f
from tests.factories import look
from tests.page_rules import own_text
from tests.pages import Pages
from web.papers.blank_forms import questions
from web.professional.forms import InterestsForm, WhenForm, WhoForm

SAID: dict[str, Any] = {"said_by": "本人", "channel": "paper", "said_on": "2026-11-01"}
PAPER: dict[str, Any] = {
    "name": "森 一郎", "kana": "もり いちろう", "relation": "resident", "phone": "０５９-354-8100",
    "skill1": "会計・経理", "level1": "3", "hours_per_week": "2", "modes": ["onsite"], **SAID,
}  # fmt: skip


@pytest.fixture
def me(session: Session) -> Account:
    taxonomy.load(session)
    return f.staff(session)


@pytest.fixture
def pages(app: Flask, session: Session, me: Account) -> Pages:
    skill = taxonomy.skills(session)["accounting"]
    PAPER["skill1"] = skill.label_ja
    return Pages(f.signed_in(app, session, me))


def entered(app: Flask) -> Professional:
    (person,) = look(app, select(Professional))
    assert isinstance(person, Professional)
    return person


def test_a_paper_is_entered_checked_and_changed_by_telephone(app: Flask, pages: Pages) -> None:
    page = pages.get("/coordinator/people?lang=en")
    page = pages.get(page.link("Enter somebody from paper"))
    page = pages.submit(page.form("/professional/entry"), **PAPER)
    assert "complete" in page.text(".notice")
    assert "Accept the profile" in page.text("main")
    assert "Said by 本人, on paper" in page.text(".timeline")
    person = entered(app)
    assert (person.state, person.phone, person.account_id) == ("submitted", "059-354-8100", None)
    assert [each.level for each in look(app, select(ProfessionalSkill))] == [3]
    page = pages.get(page.link("Change it for this person"))
    change = page.form("/professional/entry/")
    assert (change.values["skill1"], change.values["level1"]) == ("Accounting", "3")
    page = pages.submit(change, phone="090-1111-2222", **SAID | {"channel": "phone"})
    assert "090-1111-2222" in page.text("main")
    acts = look(app, select(AuditEntry).where(AuditEntry.subject_id == person.id))
    assert {each.details["channel"] for each in acts} == {"paper", "phone"}


def test_what_is_known_is_enough_to_begin(app: Flask, pages: Pages) -> None:
    page = pages.get("/professional/entry?lang=en")
    few = {name: PAPER[name] for name in ("name", "kana", "relation")}
    page = pages.submit(page.form("/professional/entry"), **few, **SAID)
    assert "not complete yet" in page.text(".notice")
    assert entered(app).state == "draft"


def test_everything_that_is_wrong_is_said_at_once(app: Flask, pages: Pages) -> None:
    page = pages.get("/professional/entry?lang=en")
    wrong = {**PAPER, "phone": "dreiundzwanzig", "hours_per_week": "999", "skill2": "経理",
             "level1": "", "said_by": "", "email": "nobody"}  # fmt: skip
    page = pages.submit(page.form("/professional/entry"), status=422, **wrong)
    assert page.errors == ["Who said so: Please fill this in."]
    page = pages.submit(page.form("/professional/entry"), status=422, said_by="本人")
    assert any("Level: Please choose one." in each for each in page.errors)
    assert any("Did you mean" in each for each in page.errors)
    page = pages.submit(page.form("/professional/entry"), status=422, level1="2", skill2="")
    assert {each.split(":")[0] for each in page.errors} == {
        "Telephone", "E-mail address", "Hours a week you can give",
    }  # fmt: skip
    assert look(app, select(Professional)) == []


def test_the_screen_asks_in_the_order_of_the_paper(app: Flask, pages: Pages) -> None:
    with app.test_request_context("/?lang=en"):
        asked = [
            block.get("text") or block["items"][0]
            for form in (WhoForm(), WhenForm(), InterestsForm())
            for block in questions(form)
            if block["kind"] == "heading" or (block["kind"], len(block["items"])) == ("options", 1)
        ]
    page = pages.get("/professional/entry?lang=en")
    shown = [own_text(element).removesuffix(" Required") for element in page.find("main").iter()
             if element.tag in ("label", "legend")]  # fmt: skip
    assert [text for text in shown if text in asked] == asked


def test_the_person_takes_it_over_and_only_they(app: Flask, session: Session, pages: Pages) -> None:
    account = f.account(session, email="mori@example.jp")
    other = f.account(session)
    session.commit()
    page = pages.get("/professional/entry?lang=en")
    page = pages.submit(page.form("/professional/entry"), email="Mori@example.jp", **PAPER)
    page = pages.submit(page.form("/invite"))
    assert [each.code for each in look(app, select(Notice))] == ["role_given"]
    theirs = Pages(f.signed_in(app, session, account))
    page = theirs.get("/professional?lang=en")
    assert "We hold a profile for you" in page.text("main")
    person = entered(app)
    stranger = Pages(f.signed_in(app, session, other))
    stranger.get("/professional?lang=en")
    stranger.post(f"/professional/take-over/{person.id}", {"version": person.version}, status=404)
    page = theirs.submit(page.form("/take-over/"))
    assert "The profile is yours now." in page.text(".notice")
    assert entered(app).account_id == account.id
    page = pages.get(f"/coordinator/people/{person.id}?lang=en")
    assert "Taken over by the person" in page.text(".timeline")
