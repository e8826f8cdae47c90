"""A need whose dates are over is offered to nobody: it rests, and its group is asked anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.errors import Conflict, Forbidden
from matchmaker.models import AuditEntry, Need, NeedState, Notice, RoundNeed
from matchmaker.services import (
    company_menu,
    deadlines,
    directory,
    group_pages,
    needs,
    open_data,
    today,
)
from matchmaker.services.actors import Actor
from matchmaker.services.public_search import NeedSearch
from tests import factories as f
from tests.conftest import both_databases
from tests.pages import Pages

ON = date(2026, 11, 2)
READER = Actor(account_id=None, staff=frozenset({"coordinator"}))


def pass_the_day(engine: Engine, now: datetime) -> int:
    return deadlines.rest_outdated(session_factory(engine), now=now, today=ON)


@both_databases
def test_it_rests_once_and_is_asked_about_once(
    engine: Engine, session: Session, now: datetime
) -> None:
    group = f.group(session, contact_email="kaichou@example.jp")
    over = f.need(session, group, title="秋まつりの受け付け", ends_on=date(2026, 11, 1))
    last_day = f.need(session, group, title="今日まで", ends_on=ON)
    endless = f.need(session, group, title="期限なし", ends_on=None)
    session.commit()
    assert pass_the_day(engine, now) == 1
    assert pass_the_day(engine, now) == 0
    session.expire_all()
    assert session.get_one(Need, over.id).state == NeedState.PAUSED
    assert {session.get_one(Need, each.id).state for each in (last_day, endless)} == {"open"}
    (mail,) = session.exec(select(Notice)).all()
    assert (mail.code, mail.email) == ("need_outdated", "kaichou@example.jp")
    assert mail.params["ends_on"] == "2026-11-01"
    (entry,) = session.exec(select(AuditEntry).where(AuditEntry.act == "need_outdated")).all()
    assert entry.subject_id == over.id
    (item,) = today.today(session, actor=READER, on=ON).items
    assert (item.kind, item.subject_id) == ("need_outdated", over.id)


@pytest.mark.parametrize("state", ["offered", "confirmed"])
def test_where_people_were_asked_the_coordinators_speak_first(
    engine: Engine, session: Session, now: datetime, state: str
) -> None:
    need = f.need(session, f.group(session), title="朝市の会計", ends_on=date(2026, 11, 1))
    role = f.role(session, need, ("accounting",), title="会計")
    row = f.round_(session, need)
    person = f.professional(session, name="水野 陽子")
    both = {
        "professional_reply": "accepted", "professional_replied_at": now,
        "group_reply": "accepted", "group_replied_at": now, "confirmed_at": now,
    }  # fmt: skip
    said = both if state == "confirmed" else {}
    f.proposal(session, row, role, person, state=state, offered_at=now, **said)
    session.get_one(RoundNeed, (row.id, need.id)).live = False
    need.state = NeedState.OPEN
    session.add(need)
    session.commit()
    assert pass_the_day(engine, now) == 0
    session.expire_all()
    assert session.get_one(Need, need.id).state == NeedState.OPEN


def test_nobody_is_offered_what_is_over_whatever_its_state(session: Session) -> None:
    group = f.group(session)
    over = f.need(session, group, title="終わった", ends_on=date(2026, 11, 1))
    last_day = f.need(session, group, title="今日まで", ends_on=ON)
    session.commit()
    search = NeedSearch()
    shown = [card.need.id for card in directory.all_open_needs(session, search=search, on=ON)]
    assert shown == [last_day.id] == directory.open_need_ids(session, on=ON)
    assert directory.open_needs(session, search=search, on=ON).total == 1
    assert [each.need.id for each in open_data.open_needs(session, search=search, on=ON)] == shown
    offered = company_menu.menu(session, on=ON).forms.values()
    assert [item.card.need.id for items in offered for item in items] == shown
    assert not directory.public_need(session, actor=READER, need_id=over.id, on=ON).open
    (item,) = today.today(session, actor=READER, on=ON).items
    assert (item.kind, item.subject_id) == ("need_overdue", over.id)


def test_its_group_offers_it_again_as_long_as_before_or_closes_it(
    engine: Engine, session: Session, now: datetime
) -> None:
    person = f.account(session)
    group = f.group(session, person=person)
    actor = f.actor(session, person)
    dates = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}
    first, second = (f.need(session, group, opened_at=now, **dates) for _each in range(2))
    session.commit()
    assert pass_the_day(engine, now) == 2
    session.expire_all()
    (mine,) = group_pages.mine(session, actor=actor, on=ON)
    assert {need.id for need in mine.to_renew} == {first.id, second.id}
    given: Any = {"actor": actor, "now": now, "today": ON, "need_id": first.id}
    needs.renew(session, **given, version=first.version)
    assert (first.state, first.starts_on, first.ends_on) == (
        "open", date(2026, 11, 30), date(2026, 12, 30)
    )  # fmt: skip
    with pytest.raises(Conflict, match="need_not_over"):
        needs.renew(session, **given, version=first.version)
    with pytest.raises(Forbidden, match="on_behalf"):
        needs.renew(session, actor=READER, now=now, today=ON, need_id=second.id,
                    version=second.version)  # fmt: skip
    session.commit()
    assert [card.need.id for card in directory.needs_of(session, group_id=group.id, on=ON)] == [
        first.id
    ]


def test_one_click_renews_and_one_closes(app: Flask, session: Session, engine: Engine,
                                         now: datetime) -> None:  # fmt: skip
    person = f.account(session)
    group = f.group(session, person=person)
    over = now.date() - timedelta(days=3)
    one, other = (f.need(session, group, title=f"朝市{n}", ends_on=over, opened_at=now)
                  for n in range(2))  # fmt: skip
    session.commit()
    deadlines.rest_outdated(session_factory(engine), now=now, today=now.date())
    pages = Pages(f.signed_in(app, session, person))
    page = pages.get("/group?lang=ja", follow=True)
    assert "「朝市0」の期間が過ぎました" in page.text()
    page = pages.get(f"/group/needs/{one.id}/over")
    page = pages.submit(page.form(button="もう一度募集する"), follow=True)
    assert "もう一度募集を始めました" in page.text()
    page = pages.get(f"/group/needs/{other.id}")
    page = pages.submit(page.form(button="終わりにする"), follow=True)
    session.expire_all()
    assert session.get_one(Need, one.id).state == "open"
    assert session.get_one(Need, other.id).state == "withdrawn"
