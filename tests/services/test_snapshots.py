"""What a round is computed from: only what is still free, and everything that forbids a pair."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlmodel import Session

from matchmaker.engine import Policy
from matchmaker.engine.market import Professional as Row
from matchmaker.models import (
    NeedState,
    ProfileState,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Round,
)
from matchmaker.services import snapshots
from tests import factories as f
from tests.scenes import TODAY, City, city


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


def take(session: Session, town: City) -> snapshots.Snapshot:
    needs = [town.accounts.id, town.leaflet.id]
    return snapshots.take(session, need_ids=needs, as_of=TODAY)


def person(taken: snapshots.Snapshot, row_id: str) -> Row:
    return next(each for each in taken.market.professionals if each.id == row_id)


def other_round(session: Session, now: datetime) -> Round:
    return f.add(session, Round(name="前の回", as_of=TODAY, created_at=now))


def offer(session: Session, town: City, now: datetime, state: str) -> Proposal:
    values = {
        "round_id": other_round(session, now).id,
        "need_id": town.accounts.id,
        "role_id": town.lead.id,
        "professional_id": town.mizuno.id,
        "score": 8000,
        "state": state,
        "created_at": now,
    }
    if state == ProposalState.CONFIRMED:
        values |= {"professional_reply": "accepted", "group_reply": "accepted"}
    return f.add(session, Proposal(**values))


def test_a_seat_held_in_another_round_is_not_offered_again(
    session: Session, town: City, now: datetime
) -> None:
    offer(session, town, now, ProposalState.OFFERED)
    taken = take(session, town)
    assert town.lead.id not in {role.id for role in taken.market.roles}
    assert person(taken, town.mizuno.id).capacity == 0
    assert person(taken, town.mizuno.id).hours_per_week == 1  # of 3, the seat takes 2
    assert (town.mizuno.id, town.helper.id) in taken.seated


def test_a_second_seat_of_the_role_keeps_its_number(
    session: Session, town: City, now: datetime
) -> None:
    town.lead.seats = 2
    session.add(town.lead)
    offer(session, town, now, ProposalState.APPROVED)
    taken = take(session, town)
    assert taken.free_seats[town.lead.id] == [2]


def test_a_running_project_takes_hours_once(session: Session, town: City, now: datetime) -> None:
    confirmed = offer(session, town, now, ProposalState.CONFIRMED)
    project = f.add(
        session,
        Project(
            need_id=town.accounts.id,
            group_id=town.groups[0].id,
            title="寄付の管理",
            agreed_on=date(2026, 10, 1),
            created_at=now,
        ),
    )
    f.add(
        session,
        ProjectMember(
            project_id=project.id,
            professional_id=town.mizuno.id,
            proposal_id=confirmed.id,
            minutes_per_week=90,
            joined_on=date(2026, 10, 1),
        ),
    )
    assert person(take(session, town), town.mizuno.id).hours_per_week == 1.5
    project.state = "evaluated"
    session.add(project)
    free = person(take(session, town), town.mizuno.id)
    assert (free.capacity, free.hours_per_week) == (1, 3)


def test_a_pair_that_declined_is_remembered(session: Session, town: City, now: datetime) -> None:
    offer(session, town, now, ProposalState.DECLINED)
    assert (town.mizuno.id, town.accounts.id) in take(session, town).market.declined


@pytest.mark.parametrize(
    ("state", "there", "verified"),
    [
        (ProfileState.VERIFIED, True, True),
        (ProfileState.SUBMITTED, True, False),
        (ProfileState.DRAFT, False, None),
        (ProfileState.PAUSED, False, None),
        (ProfileState.LEFT, False, None),
    ],
)
def test_who_takes_part(
    session: Session, town: City, state: str, there: bool, verified: bool | None
) -> None:
    town.kato.state = state
    session.add(town.kato)
    market = take(session, town).market
    assert (town.kato.id in {each.id for each in market.professionals}) == there
    if there:
        assert (town.kato.id not in market.unverified) == verified


@pytest.mark.parametrize("state", [each for each in NeedState if each != NeedState.OPEN])
def test_only_open_needs_take_part(session: Session, town: City, state: str) -> None:
    town.leaflet.state = state
    session.add(town.leaflet)
    assert [need.id for need in take(session, town).market.needs] == [town.accounts.id]


def test_what_was_packed_comes_back_the_same(session: Session, town: City, now: datetime) -> None:
    offer(session, town, now, ProposalState.DECLINED)
    town.kato.state = ProfileState.SUBMITTED
    session.add(town.kato)
    market = take(session, town).market
    policy = Policy(seed=7, pins=((town.sato.id, town.designer.id),), as_of=TODAY)
    assert snapshots.unpack(snapshots.pack(market, policy)) == (market, policy)
