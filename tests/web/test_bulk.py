"""A board of many needs: a line each, many approved at once after a look at what it would send."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.models import Professional, Proposal, ProposalState, Round, RoundNeed
from tests import factories as f
from tests.pages import Pages
from tests.scenes import City, city, computed_round, look_closer, seats


@pytest.fixture
def town(session: Session) -> City:
    """レ left an address; nobody else did, nor did a group."""
    world = city(session)
    world.le.email = "le@example.jp"
    session.add(world.le)
    return world


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def approved(session: Session) -> set[str]:
    session.expire_all()
    held = select(Proposal).where(Proposal.state == ProposalState.APPROVED)
    found = {each.need_id for each in session.exec(held)}
    session.commit()
    return found


def test_ticked_teams_are_approved_after_a_look_at_what_would_go_out(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}?view=table&lang=en")
    assert page.text("table").count("to decide") == 2
    form = page.form(f"/coordinator/rounds/{row.id}/approve-all")
    page = pages.submit(form, need=town.accounts.id)
    told = page.text("main")
    assert "Approve these teams?" in told
    assert "水野 陽子: 会計の見直し" in told
    assert "加藤 誠" not in told
    # Two people and one group are written to; 水野 and the group left no address.
    assert "Messages3" in told.replace("\n", "").replace(" ", "")
    assert "Without an address: ひだまり食堂の会 and 水野 陽子" in told
    page = pages.submit(page.form(f"/coordinator/rounds/{row.id}/approve-all"), follow=True)
    assert "2 proposals were approved" in page.text("main")
    assert approved(session) == {town.accounts.id}


def test_somebody_with_two_seats_is_one_person_who_gets_an_invitation(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    leaflet = seats(session, row)[town.kato.id, town.designer.id]
    leaflet.professional_id = town.le.id
    session.add(leaflet)
    session.commit()
    told = pages.get(f"/coordinator/rounds/{row.id}/approve-all?lang=en").text("main")
    assert "3 proposals would be approved" in told
    assert "People who get an invitation2" in told.replace("\n", "")


def test_ticking_nothing_approves_nothing(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    page = pages.get(f"/coordinator/rounds/{row.id}?view=table&lang=en")
    form = page.form(f"/coordinator/rounds/{row.id}/approve-all")
    page = pages.submit(form, follow=True)
    assert "Please tick at least one team" in page.text("main")
    assert approved(session) == set()


def test_all_that_a_search_finds_and_no_team_with_an_empty_essential_seat(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    look_closer(session.get_bind(), now)  # type: ignore[arg-type]
    lead = seats(session, row)[town.mizuno.id, town.lead.id]
    session.commit()
    address = f"/coordinator/proposals/{lead.id}/change"
    page = pages.get(f"{address}?lang=en")
    pages.submit(page.form(address), reason="relation", follow=True)
    page = pages.get(f"/coordinator/rounds/{row.id}?view=table&sure=sure&status=waiting")
    page = pages.get(page.link("Approve all 2 needs found"))
    told = page.text("main")
    assert "Not approved, because an essential seat is empty" in told
    assert "寄付の管理を楽にしたい" in told
    pages.submit(page.form(page.url), follow=True)
    assert approved(session) == {town.leaflet.id}


def test_who_was_asked_elsewhere_is_left_out_of_everything_and_named_before_and_after(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    ask_elsewhere(session, town.le)
    address = f"/coordinator/rounds/{row.id}/approve-all"
    page = pages.get(f"{address}?lang=en")
    assert "2 proposals would be approved" in page.text("main")
    assert "レ・ティ・ハー: 表計算 Asked elsewhere since" in page.text(".note")
    assert "/rounds/" in page.link("Take back the approval of レ・ティ・ハー in “急ぎの回”")
    ask_elsewhere(session, town.kato)  # while the summary is being read
    page = pages.submit(page.form(address), follow=True)
    told = page.text("main")
    assert "1 proposal was approved" in told
    assert "meanwhile: 加藤 誠 and レ・ティ・ハー" in told
    assert "These teams wait as a whole: まつりのチラシをつくりたい" in told
    assert page.link("Take back the approval of 加藤 誠 in “急ぎの回”")
    assert approved(session) == {town.accounts.id, *elsewhere(session, row)}
    assert seats(session, row)[town.mizuno.id, town.lead.id].state == ProposalState.APPROVED
    assert seats(session, row)[town.le.id, town.helper.id].state == ProposalState.PROPOSED


def ask_elsewhere(session: Session, person: Professional) -> None:
    need = f.need(session, f.group(session))
    other = f.round_(session, need, name="急ぎの回")
    f.proposal(session, other, f.role(session, need), person)
    session.commit()


def elsewhere(session: Session, row: Round) -> set[str]:
    return set(session.exec(select(Proposal.need_id).where(Proposal.round_id != row.id)))


def test_two_seats_of_one_person_with_room_for_one_name_each_other(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    leaflet = seats(session, row)[town.kato.id, town.designer.id]
    leaflet.professional_id = town.le.id
    town.le.capacity, town.le.hours_per_week = 2, 40
    session.add_all([leaflet, town.le])
    ask_elsewhere(session, town.le)
    address = f"/coordinator/rounds/{row.id}"
    page = pages.get(f"{address}?lang=en")
    helper, designer = (each for each in page.texts(".seat") if "Too many seats at once" in each)
    assert "proposed for “デザイン” in “まつりのチラシをつくりたい”, and has room for one" in helper
    assert "proposed for “表計算” in “寄付の管理を楽にしたい”, and has room for one" in designer
    told = pages.get(f"{address}/approve-all").text(".note")
    assert "(the whole team waits)" in told
    assert "デザイン Too many seats at once" in told
    pages.submit(page.form(f"/coordinator/proposals/{leaflet.id}/approve"), follow=True)
    marked = [each for each in pages.get(address).texts(".seat") if "Asked elsewhere" in each]
    assert len(marked) == 1
    assert "表計算" in marked[0]
    assert "Take back the approval of レ・ティ・ハー in “2026年 秋の回”" in marked[0]


def test_one_need_by_itself_keeps_its_reader(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = computed_round(session, town.actor, now)
    address = f"/coordinator/rounds/{row.id}/needs/{town.accounts.id}"
    page = pages.get(f"{address}?lang=en")
    told = page.text(".team-words")
    assert "水野 陽子 takes “会計の見直し” and レ・ティ・ハー takes “表計算”." in told
    assert "2 of 2 wished for this need." in told
    page = pages.submit(page.form(f"{address}/approve"), follow=True)
    assert page.url.startswith(address)
    assert approved(session) == {town.accounts.id}


def test_more_needs_than_fit_on_a_page_come_along(
    pages: Pages, session: Session, town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.coordinator.rounds.MOST_NEEDS", 1)
    page = pages.get("/coordinator/rounds/new?lang=en")
    assert "1 more need is open" in page.text("main")
    page = pages.submit(page.form("/coordinator/rounds/new"), name="秋の回", follow=True)
    row = session.exec(select(Round)).one()
    needs = select(RoundNeed.need_id).where(RoundNeed.round_id == row.id)
    assert set(session.exec(needs)) == {town.accounts.id, town.leaflet.id}
