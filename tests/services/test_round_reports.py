"""The public report of a round: nothing before it is sent, no person, no small count."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.errors import NotFound
from matchmaker.services import approvals, offers, round_reports
from matchmaker.services.round_reports import counted
from tests import factories as f
from tests.conftest import both_databases
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round


def test_no_small_count_can_be_worked_out() -> None:
    """Whoever knows the rule and sees the table finds at least two tables that look the same."""
    seen: dict[str, list[tuple[int, ...]]] = {}
    for cells in product(range(13), repeat=3):
        shown = counted(dict(zip("abc", cells, strict=True)))
        seen.setdefault(repr(shown), []).append(cells)
    for tables in seen.values():
        for at in range(3):
            values = {cells[at] for cells in tables}
            if any(0 < value < 5 for value in values):
                assert len(values) > 1


def test_large_counts_and_none_are_told() -> None:
    assert counted({"a": 5, "b": 0}).parts == {"a": 5, "b": 0}
    assert counted({"a": 3, "b": 9, "c": 20}).parts == {"a": None, "b": None, "c": 20}
    assert counted({"a": 3, "b": 0}).total is None


def sent(session: Session, now: datetime) -> tuple[City, str]:
    town = city(session)
    row = computed_round(session, town.actor, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    planned = offers.plan(session, actor=town.actor, round_id=row.id)
    wanted = {
        "version": planned.round.version,
        "shown": planned.digest,
        "reply_by": TODAY + timedelta(days=14),
    }
    offers.send_round(session, actor=town.actor, now=now, today=TODAY, round_id=row.id, data=wanted)
    session.commit()
    return town, row.id


@both_databases
def test_there_is_no_report_before_a_round_is_sent(session: Session, now: datetime) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    assert round_reports.listing(session) == []
    with pytest.raises(NotFound, match="round_not_found"):
        round_reports.report(session, round_id=row.id)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_public_page_names_nobody(
    app: Flask, session: Session, now: datetime, language: str
) -> None:
    town, round_id = sent(session, now)
    pages = Pages(app.test_client())
    listed = pages.get(f"/rounds?lang={language}")
    assert f"/rounds/{round_id}" in listed.html
    page = pages.get(f"/rounds/{round_id}?lang={language}")
    people = (town.mizuno, town.le, town.kato, town.sato)
    private = [each.name for each in (*people, *town.groups)] + [each.id for each in people]
    private += [town.accounts.title, town.leaflet.title, "2026年 秋の回"]
    for text in private:
        assert text not in page.html
    told = {"ja": "公表しません", "en": "not told"}[language]
    assert told in page.text("main")


def test_rounds_sent_on_one_day_are_told_apart_by_their_number(
    app: Flask, session: Session, now: datetime
) -> None:
    _town, first = sent(session, now)
    late = now + timedelta(hours=13, minutes=59)  # 23:59 of that day in the city
    second = f.round_(session, state="sent", sent_at=late)
    f.round_(session, state="closed", sent_at=late + timedelta(minutes=1))
    session.commit()
    pages = Pages(app.test_client())
    titles = pages.get("/rounds?lang=en").texts("main li")
    assert titles == [
        "The round of 3 November 2026",
        "Round 2 of 2 November 2026",
        "The round of 2 November 2026",
    ]
    assert pages.get(f"/rounds/{second.id}").text("h1") == "Round 2 of 2 November 2026"
    assert pages.get(f"/rounds/{first}").text("h1") == "The round of 2 November 2026"
