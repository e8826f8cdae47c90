"""Decisions on the board: approve, set aside, ask why, give the seat to somebody else, undo."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import (
    Need,
    ProfileState,
    Proposal,
    ProposalState,
    Round,
    RoundMark,
)
from matchmaker.services import approvals, needs
from matchmaker.services.reason_names import Names
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, seats, work_off
from web.move_words import moves


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def board(session: Session, town: City, now: datetime) -> Round:
    return computed_round(session, town.actor, now)


def state_of(session: Session, proposal_id: str) -> str:
    session.expire_all()
    state = session.get_one(Proposal, proposal_id).state
    session.commit()
    return state


def test_approve_and_take_back(pages: Pages, session: Session, town: City, now: datetime) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    page = pages.submit(page.form(f"/coordinator/proposals/{one}/approve"), follow=True)
    assert state_of(session, one) == ProposalState.APPROVED
    assert "Approved by 伊藤 結衣" in page.text("main")
    page = pages.submit(page.form(f"/coordinator/proposals/{one}/undo"), follow=True)
    assert state_of(session, one) == ProposalState.PROPOSED


def test_a_need_that_has_left_since_is_told_beside_the_figures(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    told = "Since this was worked out, 1 need has left the round."
    address = f"/coordinator/rounds/{row.id}?lang=en"
    assert told not in pages.get(address).text("main")
    need = session.get_one(Need, town.accounts.id)
    pause = needs.Reason(reason="会場が変わる", version=need.version)
    needs.pause(session, actor=town.actor, now=now, need_id=need.id, command=pause)
    session.commit()
    assert told in pages.get(address).text("main")


def test_who_was_asked_elsewhere_since_is_marked_before_anybody_approves(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    address = f"/coordinator/rounds/{row.id}?lang=en"
    told = "the person of 1 seat was asked elsewhere or paused"
    assert told not in pages.get(address).text("main")
    need = f.need(session, f.group(session))
    other = f.round_(session, need, name="急ぎの回")
    held = f.proposal(session, other, f.role(session, need), town.kato, state="approved")
    session.commit()
    page = pages.get(address)
    assert told in page.text("main")
    marked = [each for each in page.texts(".seat") if "Asked elsewhere since" in each]
    assert len(marked) == 1
    assert "加藤 誠" in marked[0]
    link = page.link("Take back the approval of 加藤 誠 in “急ぎの回”")
    assert link == f"/coordinator/rounds/{other.id}/needs/{need.id}"
    assert "Asked elsewhere since" in pages.get(f"{address}&view=table").text("main table")
    seat = seats(session, row)[town.kato.id, town.designer.id].id
    session.commit()
    page = pages.get(address)
    page = pages.submit(page.form(f"/coordinator/proposals/{seat}/approve"), follow=True)
    assert "Take back the approval of 加藤 誠 in “急ぎの回”" in page.text(".notice-error")
    assert state_of(session, seat) == ProposalState.PROPOSED
    town.kato.capacity, town.kato.hours_per_week = 2, 40
    session.add(town.kato)
    session.commit()
    assert told not in pages.get(address).text("main")
    assert held.round_id == other.id


def test_who_paused_since_is_marked_too(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    town.le.state = ProfileState.PAUSED
    session.add(town.le)
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    (marked,) = (each for each in page.texts(".seat") if "Not available now" in each)
    assert "レ・ティ・ハー" in marked


def test_a_round_that_shares_an_approved_person_says_where_to_take_it_back(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    need = f.need(session, f.group(session))
    other = f.round_(session, need, name="急ぎの回")
    f.proposal(session, other, f.role(session, need), town.kato, state="approved")
    session.commit()
    page = pages.get(f"/coordinator/rounds/{row.id}/send?lang=en")
    page = pages.submit(page.form("/send"), status=409)
    link = page.link("Take back the approval of 加藤 誠 in “急ぎの回”")
    assert link == f"/coordinator/rounds/{other.id}/needs/{need.id}"


def test_approve_a_team_then_everything(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    action = f"/coordinator/rounds/{row.id}/needs/{town.accounts.id}/approve"
    page = pages.submit(page.form(action), follow=True)
    assert "The team was approved" in page.text("main")
    page = pages.get(f"/coordinator/rounds/{row.id}/approve-all")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/approve-all"), follow=True)
    session.expire_all()
    assert {each.state for each in session.exec(select(Proposal))} == {ProposalState.APPROVED}
    assert "Go on to the check before sending" in page.text(".board-actions .button-primary")


def test_whoever_comes_second_is_told_who_was_first(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    other = f.staff(session, name="大野 さくら")
    theirs = Pages(f.signed_in(app, session, other))
    shown = theirs.get(f"/coordinator/rounds/{row.id}?lang=en")
    page = pages.get(f"/coordinator/rounds/{row.id}?lang=en")
    pages.submit(page.form(f"/coordinator/proposals/{one}/approve"), follow=True)
    page = theirs.submit(shown.form(f"/coordinator/proposals/{one}/approve"), follow=True)
    assert "伊藤 結衣 was a moment earlier" in page.text("main")


def test_setting_aside_needs_a_reason(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.kato.id, town.designer.id].id
    session.commit()
    address = f"/coordinator/proposals/{one}/change"
    page = pages.get(f"{address}?lang=en")
    page = pages.submit(page.form(address), status=422)
    assert "Please choose one" in page.text("main")
    assert state_of(session, one) == ProposalState.PROPOSED
    page = pages.submit(page.form(address), reason="relation", note="親せきです", follow=True)
    assert "set aside" in page.text("main")
    assert state_of(session, one) == ProposalState.REJECTED
    record = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "親せきです" in record.text("main")


def test_why_shows_what_another_person_would_cost(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/why?lang=en")
    assert "Accounting (leads others)" in page.text("main")
    assert "佐藤 健" in page.text("main")
    page = pages.get(f"/coordinator/proposals/{one}/why?person={town.sato.id}")
    assert "Why not 佐藤 健?" in page.text("main")
    assert "All in all, people and needs would suit a little less well." in page.text("main")
    page = pages.get(f"/coordinator/proposals/{one}/why?person={town.le.id}")
    assert "Accounting is essential" in page.text("main")
    # A search leads to what it found, far down on the page, or to the answer at its top.
    assert page.form("/why#answer").method == "get"
    page = pages.get(f"/coordinator/proposals/{one}/why?text=かとう")
    assert "加藤 誠" in page.text("#answer")


def test_a_seat_can_be_given_to_somebody_else(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/why?person={town.sato.id}&lang=en")
    pages.submit(page.form(f"/coordinator/proposals/{one}/replace"), follow=True)
    work_off(app.extensions["database"], now)
    page = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "佐藤 健 gets “会計の見直し” in “寄付の管理を楽にしたい”" in page.text("main")
    session.expire_all()
    assert seats(session, row)[town.sato.id, town.lead.id].pinned


def test_a_difference_is_one_line_a_person_and_a_long_one_is_folded(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    with app.test_request_context("/?lang=en"):
        people = {f"p{n}": f"人{n}" for n in range(9)}
        names = Names(people=people, roles={"a": ("会計", "家計"), "b": ("司会", "祭り")})
        told = moves([("p1", "a"), ("p2", "b")], [("p1", "b"), ("p0", "a")], names, ["p1"])
        assert told == [
            "人1: from “司会” in “祭り” to “会計” in “家計”",
            "人0 loses “会計” in “家計”",
            "人2 gets “司会” in “祭り”",
        ]
        shown = app.jinja_env.get_template("components/folded-list.html").module
        html = str(shown.folded_list([f"{n}" for n in range(9)]))
        assert "4 more people" in html


def test_changing_a_seat_offers_who_else_could_have_it(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.kato.id, town.designer.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/change?lang=en")
    assert "佐藤 健" in page.text(".rivals")
    assert "Without a seat this time" in page.text(".rivals")
    assert f"/coordinator/proposals/{one}/why?person={town.sato.id}" in page.html
    pages.submit(page.form(f"/coordinator/proposals/{one}/replace"), follow=True)
    work_off(app.extensions["database"], now)
    session.expire_all()
    assert seats(session, row)[town.sato.id, town.designer.id].pinned


def test_pins_are_listed_and_removable(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = board(session, town, now)
    one = seats(session, row)[town.mizuno.id, town.lead.id].id
    session.commit()
    page = pages.get(f"/coordinator/proposals/{one}/why?lang=en")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/marks"), follow=True)
    assert page.path == f"/coordinator/rounds/{row.id}"  # still on the board
    assert page.flashes[0].startswith("Done: 水野 陽子 is fixed for “会計の見直し”")
    page = pages.get(f"/coordinator/rounds/{row.id}/record")
    assert "水野 陽子 as “会計の見直し”" in page.text("main")
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/marks/remove"), follow=True)
    assert session.exec(select(RoundMark)).all() == []
