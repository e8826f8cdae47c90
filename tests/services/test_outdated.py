"""A need whose dates are over is offered to nobody: it rests, and its group is asked anew."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.models import AuditEntry, Need, NeedState, Notice, RoundNeed
from matchmaker.services import deadlines, today
from matchmaker.services.actors import Actor
from tests import factories as f
from tests.conftest import both_databases

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
