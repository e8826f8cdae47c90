"""After a no: the way on with the fewest changes, and the small round that fills the seat."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from matchmaker.errors import Conflict, Forbidden, Invalid
from matchmaker.models import (
    Professional,
    ProfileState,
    Proposal,
    ProposalState,
    RoleSkill,
    Round,
    SuggestedChange,
)
from matchmaker.services import approvals, offers, repairs, replies, rounds, suggestions
from matchmaker.services.actors import Actor
from matchmaker.services.erasure import ERASED
from matchmaker.services.on_behalf import OnBehalf
from tests import factories as f
from tests.factories import look
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round, seats, work_off
from tests.services.sent import sent
from web.reply_words import PROFESSIONAL_REASONS


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


@pytest.fixture
def pages(app: Flask, session: Session, town: City) -> Pages:
    return Pages(f.signed_in(app, session, town.coordinator))


def sent_round(session: Session, town: City, now: datetime) -> Round:
    """Everything approved and sent; accounts for the people who answer."""
    for person in (town.mizuno, town.le, town.kato, town.sato):
        person.account_id = f.account(session, name=person.name).id
        session.add(person)
    row = computed_round(session, town.actor, now)
    approvals.approve_all(session, actor=town.actor, now=now, round_id=row.id)
    planned = offers.plan(session, actor=town.actor, round_id=row.id)
    data = {"version": planned.round.version, "shown": planned.digest, "reply_by": "2026-11-20"}
    offers.send_round(session, actor=town.actor, now=now, today=TODAY, round_id=row.id, data=data)
    session.commit()
    return row


def decline(session: Session, town: City, now: datetime, seat: Proposal) -> None:
    person = session.get_one(Professional, seat.professional_id)
    actor = Actor(account_id=person.account_id or "", professional_id=person.id)
    replies.decline_offer(
        session, actor=actor, now=now, today=TODAY, proposal_id=seat.id, data={"reason": "dates"}
    )
    session.commit()


def test_a_no_is_repaired_without_touching_anybody_who_was_asked(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    held = seats(session, row)
    seat = held[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    record = pages.get(f"/coordinator/rounds/{row.id}/record?lang=en").text("main .timeline")
    assert f"said no ({PROFESSIONAL_REASONS['dates']})" in record
    page = pages.get(f"/coordinator/offers/{seat.id}?lang=en")
    page = pages.get(page.link("Fill the seat again"))
    told = page.text("main")
    assert "Nobody else who was asked has to change: 2 seats stay as they are." in told
    assert "佐藤 健 gets “デザイン” in “まつりのチラシをつくりたい”" in told
    page = pages.submit(page.form(f"/coordinator/offers/{seat.id}/repair"), follow=True)
    assert "working out" in page.text("h1")
    work_off(app.extensions["database"], now)
    page = pages.get(page.url)
    assert "佐藤 健" in page.text("main")
    assert "加藤 誠" not in page.text("main")
    assert "会計の見直し" not in page.text("main")
    session.expire_all()
    for other in (town.mizuno, town.le):
        kept = [each for each in session.exec(select(Proposal))
                if each.professional_id == other.id]  # fmt: skip
        assert [each.state for each in kept] == [ProposalState.OFFERED]


def test_a_seat_that_another_round_fills_leads_there_and_starts_no_second_one(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    address = f"/coordinator/offers/{seat.id}/repair"
    start = pages.get(f"{address}?lang=en").form(address)
    small = pages.submit(start, follow=True).path
    work_off(app.extensions["database"], now)
    page = pages.get(f"{address}?lang=en")
    told = page.text("main")
    assert "Another round fills this seat already." in told
    assert "seats filled again" in told
    assert "can stay" not in told
    assert "Start the small round" not in told
    assert page.link("Open that round") == small
    page = pages.submit(start)
    assert "Another round fills this seat already." in page.text("main")
    assert len(look(app, select(Round))) == 2
    (made,) = (each for each in look(app, select(Round)) if each.id != row.id)
    rounds.cancel(session, actor=town.actor, now=now, round_id=made.id, version=made.version)
    session.commit()
    assert "Start the small round" in pages.get(f"{address}?lang=en").text("main")


def test_everybody_who_is_gone_stays_gone(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    other = seats(session, row)[town.mizuno.id, town.lead.id]
    decline(session, town, now, other)
    report = repairs.report(session, actor=town.actor, today=TODAY, proposal_id=other.id)
    assert town.mizuno.id not in {person for person, _role in report.found.difference.gained}
    assert town.kato.id not in {person for person, _role in report.found.difference.gained}
    assert set(report.open_needs) == {town.accounts.id, town.leaflet.id}
    page = pages.get(f"/coordinator/offers/{other.id}/repair?lang=en")
    assert "水野 陽子 gets" not in page.text("main")


@pytest.mark.parametrize("since", ["asked elsewhere", "paused", "fewer hours"])
def test_nobody_is_promised_who_cannot_be_asked_any_more(
    pages: Pages, session: Session, town: City, now: datetime, since: str
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    if since == "asked elsewhere":
        other = f.need(session, f.group(session))
        role = f.role(session, other)
        f.proposal(session, f.round_(session, other), role, town.sato, state="offered")
    elif since == "paused":
        town.sato.state = ProfileState.PAUSED
    else:
        town.sato.hours_per_week = 0.5
    session.add(town.sato)
    session.commit()
    told = pages.get(f"/coordinator/offers/{seat.id}/repair?lang=en").text("main")
    assert "佐藤 健 gets" not in told
    assert "Nobody can take this seat now." in told
    assert "Start the small round" not in told


def test_where_nobody_can_it_says_why_and_asks_the_group_for_what_helps(
    pages: Pages, app: Flask, session: Session, town: City, now: datetime
) -> None:
    asked_skill = session.get_one(RoleSkill, (town.designer.id, "leaflets"))
    asked_skill.min_level, asked_skill.essential = 3, True
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    address = f"/coordinator/offers/{seat.id}/repair"
    page = pages.get(f"{address}?lang=en")
    told = page.text("main")
    assert "Nobody can take this seat now." in told
    assert "“デザイン”: 0 possible, 1 needed." in told
    assert "Find 1 more with Leaflets (expert)." in told
    assert "Start the small round" not in told
    asks = page.form(f"{address}/ask")
    page = pages.submit(asks, follow=True)
    assert "The group was asked." in page.text(".notice")
    assert "asked" in page.text(".asks")
    (asked,) = look(app, select(SuggestedChange))
    assert asked.change.startswith("make_preferred:")
    session.expire_all()
    suggestions.answer(
        session, actor=town.actor, now=now, need_id=town.leaflet.id, change_id=asked.id,
        data={"agreed": True}, on_behalf=OnBehalf(said_by="会長", channel="phone", said_on=TODAY),
    )  # fmt: skip
    session.commit()
    page = pages.get(f"{address}?lang=en")
    assert "By the profiles and promises of today somebody can" in page.text("main")
    page = pages.submit(page.form(address), follow=True)
    work_off(app.extensions["database"], now)
    assert "佐藤 健" in pages.get(page.url).text("main")


def test_the_offer_and_the_record_say_who_told_a_reply_and_how(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    offer, record = f"/coordinator/offers/{seat.id}", f"/coordinator/rounds/{row.id}/record"
    session.commit()
    page = pages.get(f"{offer}/reply?lang=en")
    pages.submit(
        page.form("/reply"), side="group", answer="accepted", said_by="会長", channel="paper",
        said_on="2026-10-30",
    )  # fmt: skip
    session.expire_all()
    decline(session, town, now, seat)
    for address in (offer, record):
        lines = pages.get(f"{address}?lang=en").texts(".timeline li")
        (noted,) = (line for line in lines if "Said by" in line)
        assert "said yes" in noted
        assert "Said by 会長, on paper, on 30 October 2026" in noted
    session.expire_all()
    town.kato.name = ERASED
    session.commit()
    for address in (offer, record):
        assert "会長" not in pages.get(f"{address}?lang=en").text(".timeline")


def test_why_somebody_was_proposed_can_be_read_after_they_declined(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    page = pages.get(f"/coordinator/offers/{seat.id}?lang=en")
    page = pages.get(page.link("Why 加藤 誠?"))
    told = page.text("main")
    assert "加藤 誠 declined. (2 November 2026)" in told
    assert "What speaks for this proposal" in told
    assert "How the score came about" in told
    assert "佐藤 健" in told
    assert "Fix this pair" not in told
    page = pages.get(f"/coordinator/proposals/{seat.id}/change", follow=True)
    assert page.path == f"/coordinator/proposals/{seat.id}/why"


def test_only_what_was_proven_can_be_asked_for(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    decline(session, town, now, seat)
    pages.get(f"/coordinator/offers/{seat.id}/repair?lang=en")
    change = {"change": f"allow_remote:{town.leaflet.id}"}
    pages.post(f"/coordinator/offers/{seat.id}/repair/ask", change, status=404)


def test_what_is_still_open_is_not_repaired_and_others_may_not(
    pages: Pages, session: Session, town: City, now: datetime
) -> None:
    row = sent_round(session, town, now)
    seat = seats(session, row)[town.kato.id, town.designer.id]
    with pytest.raises(Conflict):
        repairs.report(session, actor=town.actor, today=TODAY, proposal_id=seat.id)
    stranger = Actor(account_id=f.account(session).id)
    with pytest.raises(Forbidden):
        repairs.report(session, actor=stranger, today=TODAY, proposal_id=seat.id)
    pages.get("/coordinator/offers/x-none/repair", status=404)


def test_a_no_can_say_from_when_on_to_ask_again(app: Flask, session: Session) -> None:
    team = sent(session)
    mine = Pages(f.signed_in(app, session, team.accounts[0]))
    address = f"/professional/offers/{team.proposals[0].id}/decline"
    page = mine.get(f"{address}?lang=en")
    yesterday = f.NOW.date() - timedelta(days=1)
    page = mine.submit(
        page.form(address), reason="too_busy", again_from=yesterday.isoformat(), status=422
    )
    assert page.errors
    page = mine.submit(page.form(address), reason="too_busy", again_from="2199-01-10")
    session.expire_all()
    person = session.get_one(Professional, team.people[0].id)
    assert person.available_from == date(2199, 1, 10)


def test_a_day_after_the_last_one_is_refused(session: Session) -> None:
    team = sent(session, available_until=f.NOW.date() + timedelta(days=200))
    given = {"reason": "dates", "again_from": f.NOW.date() + timedelta(days=300)}
    with pytest.raises(Invalid) as refused:
        replies.decline_offer(
            session, actor=team.actor(team.accounts[0]), now=f.NOW, today=f.NOW.date(),
            proposal_id=team.proposals[0].id, data=given,
        )  # fmt: skip
    assert [each.code for each in refused.value.errors] == ["after_end"]
