"""Needs that could go into a round: which come first, how many there are."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from matchmaker.models import NeedState
from matchmaker.services import rounds
from tests import factories as f


def test_the_first_are_urgent_and_then_those_that_waited_longest(session: Session) -> None:
    group = f.group(session)
    newer = f.need(session, group, opened_at=f.NOW)
    older = f.need(session, group, opened_at=f.NOW - timedelta(days=9))
    important = f.need(session, group, urgency="important")
    urgent = f.need(session, group, urgency="urgent", urgency_reason="今月の行事")
    f.need(session, group, state=NeedState.DRAFT)
    f.round_(session, f.need(session, group))  # taken up already

    first = [row.need.id for row in rounds.open_needs(session, most=3)]
    assert first == [urgent.id, important.id, older.id]
    assert [row.need.id for row in rounds.open_needs(session)] == [*first, newer.id]
    assert rounds.open_need_count(session) == 4
