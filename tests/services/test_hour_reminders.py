"""Reminders about hours: to whom they belong, at most once a month, to nobody whose work rests."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matchmaker.db import session_factory
from matchmaker.models import HoursEntry, Notice, Project, ProjectMember
from matchmaker.services import hour_reminders
from tests import factories as f

ON = date(2026, 11, 2)


@pytest.fixture
def project(session: Session, now: datetime) -> Project:
    """Begun five weeks ago by 水野, who noted an hour at first, and 加藤, who never did."""
    group = f.group(session, contact_email="kaichou@example.jp")
    need = f.need(session, group, title="会計の見直し", state="in_progress")
    begun = ON - timedelta(days=35)
    row = f.add(session, Project(id="j1", need_id=need.id, group_id=group.id, title=need.title,
                                 agreed_on=begun, started_on=begun, state="in_progress",
                                 created_at=now))  # fmt: skip
    for name, email in (("水野 陽子", "mizuno@example.jp"), ("加藤 誠", "kato@example.jp")):
        person = f.professional(session, name=name, email=email)
        f.add(session, ProjectMember(id=f"m-{email[0]}", project_id=row.id,
                                     professional_id=person.id, joined_on=begun))  # fmt: skip
    member = session.get_one(ProjectMember, "m-m")
    f.add(session, HoursEntry(project_id=row.id, professional_id=member.professional_id,
                              worked_on=begun + timedelta(days=3), minutes=60,
                              created_at=now))  # fmt: skip
    session.commit()
    return row


def told(engine: Engine, session: Session, now: datetime, on: date = ON) -> set[tuple[str, str]]:
    """The mails that go out on a day, as (what, to whom)."""
    session.commit()
    seen = set(session.exec(select(Notice.id)))
    session.commit()
    hour_reminders.remind(session_factory(engine), now=now, today=on)
    fresh = session.exec(select(Notice).where(col(Notice.id).not_in(seen))).all()
    return {(mail.code, mail.email) for mail in fresh}


def test_who_is_silent_and_which_group_lets_hours_wait(
    engine: Engine, session: Session, now: datetime, project: Project
) -> None:
    everybody = {
        ("note_hours", "mizuno@example.jp"),
        ("note_hours", "kato@example.jp"),
        ("confirm_hours", "kaichou@example.jp"),
    }
    assert told(engine, session, now) == everybody
    assert told(engine, session, now, ON + timedelta(days=1)) == set()
    assert told(engine, session, now, ON + timedelta(days=40)) == everybody  # a month later


def test_three_weeks_are_no_silence_and_two_no_waiting(
    engine: Engine, session: Session, now: datetime, project: Project
) -> None:
    entry = session.exec(select(HoursEntry)).one()
    entry.worked_on = ON - timedelta(days=14)
    session.get_one(ProjectMember, "m-k").joined_on = ON - timedelta(days=21)
    assert told(engine, session, now) == set()
    assert told(engine, session, now, ON + timedelta(days=1)) == {
        ("note_hours", "kato@example.jp"), ("confirm_hours", "kaichou@example.jp"),
    }  # fmt: skip


@pytest.mark.parametrize("state", ["agreed", "paused", "cancelled", "evaluated"])
def test_nobody_is_bothered_while_nothing_is_in_progress(
    engine: Engine, session: Session, now: datetime, project: Project, state: str
) -> None:
    session.get_one(Project, project.id).state = state
    assert told(engine, session, now) == set()


def test_who_left_and_hours_of_a_closed_year_are_left_alone(
    engine: Engine, session: Session, now: datetime, project: Project
) -> None:
    for member in session.exec(select(ProjectMember)):
        member.left_on = ON
    entry = session.exec(select(HoursEntry)).one()
    entry.worked_on = date(2026, 3, 1)
    assert told(engine, session, now) == set()
