"""A worker with nothing to do is not in anybody's way."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from matchmaker import jobs
from matchmaker.db import session_factory
from matchmaker.models import JobState, NoticeState
from matchmaker.services import notices
from tests import factories


@pytest.fixture
def begun(engine: Engine) -> list[str]:
    """How each transaction began since the test started."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    return seen


def test_looking_for_work_takes_no_lock_while_there_is_none(
    engine: Engine, begun: list[str], now: datetime
) -> None:
    factory = session_factory(engine)
    with Session(engine) as writer:
        writer.connection()  # somebody else holds the only place for writers
        assert jobs.lease_next(factory, ["compute_round"], now=now) is None
        assert notices.lease_next(factory, now=now) is None
    assert begun == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN"]


def test_work_that_is_due_is_found_and_leased(
    engine: Engine, session: Session, now: datetime
) -> None:
    factory = session_factory(engine)
    jobs.enqueue(session, "compute_round", now=now)
    notices.tell(session, to=factories.account(session), code="welcome", dedupe_key="a", now=now)
    session.commit()
    job = jobs.lease_next(factory, ["compute_round"], now=now)
    notice = notices.lease_next(factory, now=now)
    assert job is not None
    assert job.state == JobState.RUNNING
    assert notice is not None
    assert notice.state == NoticeState.WAITING
    assert jobs.lease_next(factory, ["compute_round"], now=now) is None
    assert notices.lease_next(factory, now=now) is None


def test_what_somebody_waits_for_at_a_page_goes_out_before_what_is_older(
    engine: Engine, session: Session, now: datetime
) -> None:
    factory, person = session_factory(engine), factories.account(session)
    for code, key in (("follow_up", "a"), ("welcome", "b"), ("reset_password", "c")):
        notices.tell(session, to=person, code=code, dedupe_key=key, now=now)
    session.commit()
    leased = [notices.lease_next(factory, now=now) for _each in range(3)]
    told = [each.code if each else "" for each in leased]
    assert told[0] == "reset_password"
    assert sorted(told[1:]) == ["follow_up", "welcome"]
