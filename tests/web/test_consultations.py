"""The consultation log: noted in a minute, handed on, taken up again, counted by topic."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.jobs import utc_now
from matchmaker.models import Account, Consultation, Notice
from matchmaker.services import consultations, own_data, yearbook
from matchmaker.services import today as waiting
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from web.mail import compose

TODAY = NOW.date()
SAID = {"held_on": TODAY, "medium": "visit", "topic": "money", "text": "助成金の報告書"}


@pytest.fixture
def me(session: Session) -> Account:
    return f.staff(session, name="伊藤 結衣")


@pytest.fixture
def colleague(session: Session) -> Account:
    return f.staff(session, name="大野 さくら")


@pytest.fixture
def pages(app: Flask, session: Session, me: Account) -> Pages:
    return Pages(f.signed_in(app, session, me))


def note(session: Session, who: Account, **given: object) -> Consultation:
    row = consultations.write(
        session, actor=f.actor(session, who), now=NOW, today=TODAY, data={**SAID, **given}
    )
    session.commit()
    return row


def test_from_a_visit_to_the_colleague_who_goes_on(
    app: Flask, pages: Pages, session: Session, me: Account, colleague: Account
) -> None:
    group = f.group(session, name="ひだまり食堂の会", contact_name="会長 花子")
    session.commit()
    page = pages.get(f"/coordinator/groups/{group.id}?lang=en")
    page = pages.get(page.link("Note a consultation"))
    form = page.form("/coordinator/consultations/new")
    page = pages.submit(form, topic="", text="", status=422)
    assert "Please choose" in page.text(".error-summary")
    page = pages.submit(
        form, topic="money", text="報告書の書き方を聞かれた", handed_to=colleague.id,
        follow_up_on=TODAY.isoformat(), follow=True,
    )  # fmt: skip
    assert "会長 花子" in page.text("table")
    assert "大野 さくら" in page.text("table")
    mail = session.exec(select(Notice).where(Notice.code == "handed_over")).one()
    session.commit()
    assert mail.account_id == colleague.id
    letter = compose(app, mail, now=utc_now())
    assert letter is not None
    theirs = Pages(f.signed_in(app, session, colleague))
    page = theirs.get("/coordinator?lang=en")
    assert "Take a consultation up again" in page.text("main")
    assert "Take a consultation up again" not in pages.get("/coordinator").text("main")
    page = theirs.get(page.link("Open it"))
    page = theirs.submit(page.form("/coordinator/consultations/q-"), done=True, follow=True)
    assert "settled" in page.text("table")
    assert "Take a consultation up again" not in theirs.get("/coordinator").text("main")
    page = pages.get(f"/coordinator/groups/{group.id}")
    assert "報告書の書き方を聞かれた" in page.text("main")


def test_the_list_is_filtered_and_counted(pages: Pages, session: Session, me: Account) -> None:
    for topic in ("money", "money", "law"):
        note(session, me, topic=topic, text=f"{topic}のこと")
    note(session, me, topic="people", held_on=date(TODAY.year - 2, 5, 1), text="昔のこと")
    page = pages.get("/coordinator/consultations?topic=law&lang=en")
    assert "lawのこと" in page.text("table")
    assert "moneyのこと" not in page.text("table")
    page = pages.get("/coordinator/consultations?open=yes")
    assert "Nothing fits this search." in page.text("main")
    counted = consultations.counts(session, year=2026)
    assert counted == {"money": 2, "law": 1}
    reader = Actor(account_id=None, staff=frozenset({"city"}))
    year = yearbook.year(session, actor=reader, fiscal_year=2026, zone=ZoneInfo("Asia/Tokyo"))
    assert year.consultations == counted


def test_what_is_wrong_with_an_entry(session: Session, me: Account) -> None:
    session.commit()
    for given, field in (
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"group_id": "g-none"}, "group_id"),
        ({"professional_id": "p-none"}, "professional_id"),
        ({"handed_to": "a-none"}, "handed_to"),
        ({"topic": "wetter"}, "topic"),
        ({"text": ""}, "text"),
    ):
        with pytest.raises(Invalid) as refused:
            note(session, me, **given)
        assert [each.field for each in refused.value.errors] == [field]
        session.rollback()


def test_of_two_who_change_one_entry_one_is_told(session: Session, me: Account) -> None:
    row = note(session, me)
    actor = f.actor(session, me)
    change = {"actor": actor, "now": NOW, "today": TODAY, "consultation_id": row.id}
    consultations.write(session, **change, data={**SAID, "version": 1})  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        consultations.write(session, **change, data={**SAID, "version": 1})  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        consultations.find(session, actor=actor, consultation_id="q-none")
    with pytest.raises(Forbidden):
        consultations.log(session, actor=Actor(account_id="a-x"))


def test_only_mine_wait_for_me(session: Session, me: Account, colleague: Account) -> None:
    note(session, me, follow_up_on=TODAY)
    note(session, colleague, follow_up_on=TODAY)
    note(session, me, follow_up_on=TODAY + timedelta(days=1))
    found = waiting.today(session, actor=f.actor(session, me), on=TODAY)
    assert [item.kind for item in found.items] == ["follow_up"]


def test_a_person_learns_that_there_is_a_note_and_not_what_it_says(
    session: Session, me: Account
) -> None:
    account = f.account(session)
    person = f.professional(session, person=account)
    note(session, me, professional_id=person.id, text="内々の話")
    told = own_data.export(session, actor=f.actor(session, account), now=NOW)
    (row,) = told["tables"]["consultation"]
    assert row["topic"] == "money"
    assert "text" not in row
