"""The history of everything, the limit on the board, and somebody without an account who leaves."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session, select

from matchmaker.models import Account, AuditEntry, Consultation, Professional
from matchmaker.services import audit
from tests import factories as f
from tests.factories import NOW, look
from tests.page_rules import own_text
from tests.pages import Pages
from tests.services.acts import recorded
from web.act_words import ACT_WORDS


@pytest.fixture
def me(session: Session) -> Account:
    return f.staff(session, name="伊藤 直美")


@pytest.fixture
def pages(app: Flask, session: Session, me: Account) -> Pages:
    return Pages(f.signed_in(app, session, me))


def note(session: Session, who: Account, act: str, subject: tuple[str, str], **more: str) -> None:
    audit.record(session, actor=f.actor(session, who), act=act, subject=subject, now=NOW, **more)


def test_every_act_has_its_word() -> None:
    assert recorded() - set(ACT_WORDS) == set()
    assert len(recorded()) > 80


def test_acts_are_found_by_what_whom_when_and_name(
    session: Session, me: Account, pages: Pages
) -> None:
    person, group = f.professional(session, name="森 一郎"), f.group(session, name="みどりの会")
    other = f.staff(session, name="加藤 誠")
    note(session, me, "professional_verified", ("professional", person.id))
    note(session, other, "group_verified", ("group", group.id), said_by="会長", channel="phone",
         said_on="2026-11-01")  # fmt: skip
    note(session, other, "sign_in", ("account", other.id))
    session.commit()
    shown = pages.get("/coordinator/history?lang=en").text("main .timeline")
    assert "Professional 森 一郎: Profile accepted" in shown
    assert "Said by 会長" in shown
    assert "Signed in" not in shown  # when a colleague came is not for everybody
    for query, there, gone in (
        ("q=森", "森 一郎", "みどり"), ("act=group_verified", "みどり", "森"),
        (f"by={other.id}", "みどり", "森"), (f"kind=group&about={group.id}", "みどり", "森"),
        ("since=2026-11-02&until=2026-11-02", "森", "なし"), ("until=2026-11-01", "", "森"),
    ):  # fmt: skip
        page = pages.get(f"/coordinator/history?{query}&lang=en")
        shown = " ".join(page.texts("main .timeline"))
        assert there in shown, query
        assert gone not in shown, query
    page = pages.get("/coordinator/history?check=yes&lang=en")
    assert "each stands as it was written" in page.text(".notice")


def test_a_name_finds_what_became_of_the_persons_seats(
    session: Session, me: Account, pages: Pages
) -> None:
    person, need = f.professional(session, name="森 一郎"), f.need(session, f.group(session))
    seat = f.proposal(session, f.round_(session, need), f.role(session, need), person)
    note(session, me, "decline_proposal", ("proposal", seat.id))
    session.commit()
    assert "森 一郎" in pages.get("/coordinator/history?q=森&lang=en").text("main .timeline")
    assert not pages.get("/coordinator/history?q=林&lang=en").texts("main .timeline")


def test_what_was_done_is_offered_once_and_found_whatever_it_was_done_to(
    session: Session, me: Account, pages: Pages
) -> None:
    person, need = f.professional(session, name="森 一郎"), f.need(session, f.group(session))
    note(session, me, "professional_paused", ("professional", person.id))
    note(session, me, "need_paused", ("need", need.id))
    session.commit()
    page = pages.get("/coordinator/history?lang=en")
    offered = {own_text(each): each.get("value", "") for each in page.all("[name=act] option")}
    assert len(offered) == len(page.all("[name=act] option"))
    page = pages.get(f"/coordinator/history?act={offered['Paused']}&lang=en")
    assert all(name in page.text("main .timeline") for name in ("森 一郎", need.title))
    (chosen,) = [each for each in page.all("[name=act] option") if "selected" in each.attrib]
    assert own_text(chosen) == "Paused"


def test_a_history_is_taken_away_without_formulas(
    session: Session, me: Account, pages: Pages
) -> None:
    person = f.professional(session, name="=1+1")
    note(session, me, "professional_verified", ("professional", person.id))
    session.commit()
    body = pages.get("/coordinator/history.csv?lang=en").answer.data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(body))
    assert (row["act"], row["words"], row["name"]) == (
        "professional_verified", "Profile accepted", "'=1+1",
    )  # fmt: skip
    assert pages.get("/coordinator/history.xlsx").status == 200


def test_a_change_shows(app: Flask, session: Session, me: Account, pages: Pages) -> None:
    note(session, me, "need_opened", ("need", "n-x"))
    session.commit()
    session.execute(text("DROP TRIGGER audit_entry_no_update"))
    session.execute(text("UPDATE audit_entry SET act = 'need_paused'"))
    session.commit()
    page = pages.get("/coordinator/history?check=yes&lang=en")
    assert "do not stand as they were written" in page.text(".notice")


def test_somebody_on_paper_is_given_their_data_and_erased(
    app: Flask, session: Session, me: Account, pages: Pages
) -> None:
    person = f.professional(session, name="汐見 あおい", kana="しおみ あおい", phone="059-111-2222")
    note(session, me, "professional_saved", ("professional", person.id), said_by="汐見 あおい",
         channel="paper", said_on="2026-11-01")  # fmt: skip
    session.add(
        Consultation(held_on=NOW.date(), medium="phone", topic="law", text="汐見 あおい さんから",
                     created_at=NOW)
    )  # fmt: skip
    session.commit()
    address = f"/coordinator/people/{person.id}"
    page = pages.get(f"{address}?lang=en")
    data = pages.submit(page.form("/data.json"))
    assert json.loads(data.answer.data)["tables"]["professional"][0]["name"] == "汐見 あおい"
    page = pages.get(f"{address}/erase")
    page = pages.submit(page.form("/erase"), channel="phone", status=422)
    assert page.errors
    page = pages.submit(page.form("/erase"), channel="phone", identity=True)
    assert "Erased." in page.text(".notice")
    (row,) = look(app, select(Professional))
    assert (row.state, row.phone, row.email) == ("left", "", "")
    (noted,) = look(app, select(Consultation))
    assert "汐見" not in noted.text
    for shown in (address, "/coordinator/history"):
        page = pages.get(f"{shown}?lang=en")
        assert "Erased at the person's wish" in page.text("main")
        assert "汐見" not in page.text("main")
    last = look(app, select(AuditEntry).where(AuditEntry.act == "person_erased"))
    assert last[0].details == {"channel": "phone", "asked_on": "2026-11-02"}


def test_whoever_has_an_account_erases_themselves(
    session: Session, me: Account, pages: Pages
) -> None:
    person = f.professional(session, person=f.account(session))
    session.commit()
    page = pages.get(f"/coordinator/people/{person.id}/erase?lang=en")
    assert "has an account" in page.text("main")
    page = pages.submit(page.form("/erase"), channel="phone", identity=True, status=409)
