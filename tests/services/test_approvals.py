"""Decisions of coordinators: once each, told apart when two act at once, on record."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict, Forbidden, Invalid, NotFound
from matchmaker.models import (
    Decision,
    DecisionAct,
    NeedState,
    ProfileState,
    Proposal,
    ProposalState,
    RoundState,
)
from matchmaker.services import approvals, marks, versions
from matchmaker.services.actors import VISITOR, Actor
from tests import factories as f
from tests.conftest import both_databases
from tests.scenes import City, city, computed_round, recompute, seats

COORDINATORS = 6


@pytest.fixture
def town(session: Session) -> City:
    return city(session)


def proposed(session: Session, town: City, now: datetime) -> Proposal:
    row = computed_round(session, town.actor, now)
    return seats(session, row)[town.mizuno.id, town.lead.id]


def approve(session: Session, town: City, now: datetime, each: Proposal) -> Proposal:
    return approvals.approve(
        session, actor=town.actor, now=now, proposal_id=each.id, version=each.version
    )


def test_approving_twice_is_approving_once(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    version = each.version
    for _time in range(2):
        approvals.approve(session, actor=town.actor, now=now, proposal_id=each.id, version=version)
    assert each.state == ProposalState.APPROVED
    assert [row.act for row in session.exec(select(Decision))] == [DecisionAct.APPROVE]


def test_the_second_coordinator_is_told_who_was_first(
    session: Session, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    approve(session, town, now, each)
    other = f.actor(session, f.staff(session))
    with pytest.raises(Conflict) as told:
        approvals.approve(session, actor=other, now=now, proposal_id=each.id, version=each.version)
    assert told.value.code == "already_decided"
    assert told.value.params["by"] == "伊藤 結衣"


def test_only_coordinators_decide(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    with pytest.raises(Forbidden):
        approvals.approve(session, actor=VISITOR, now=now, proposal_id=each.id, version=1)


def test_an_unknown_proposal(session: Session, town: City, now: datetime) -> None:
    with pytest.raises(NotFound):
        approvals.approve(session, actor=town.actor, now=now, proposal_id="x-none", version=1)


def test_nothing_is_decided_outside_the_review(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    row = approvals.lock_ready(session, actor=town.actor, round_id=each.round_id)
    row.state = RoundState.SENT
    session.flush()
    with pytest.raises(Conflict, match="round_not_in_review"):
        approve(session, town, now, each)


def test_a_withdrawn_need_cannot_be_approved(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    town.accounts.state = NeedState.WITHDRAWN
    session.add(town.accounts)
    with pytest.raises(Conflict, match="need_not_open_now"):
        approve(session, town, now, each)


def test_a_paused_person_cannot_be_approved(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    town.mizuno.state = ProfileState.PAUSED
    session.add(town.mizuno)
    with pytest.raises(Conflict, match="person_not_verified_now"):
        approve(session, town, now, each)


def test_a_team_is_approved_whole_or_not_at_all(
    session: Session, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    given = {"actor": town.actor, "now": now, "round_id": each.round_id}
    team = [row for row in session.exec(select(Proposal)) if row.need_id == town.accounts.id]
    seen = {row.id: row.version for row in team}
    with pytest.raises(Conflict, match="changed_meanwhile"):
        approvals.approve_team(
            session, **given, need_id=town.accounts.id, seen={each.id: each.version}
        )
    assert {row.state for row in team} == {ProposalState.PROPOSED}
    approvals.approve_team(session, **given, need_id=town.accounts.id, seen=seen)
    assert {row.state for row in team} == {ProposalState.APPROVED}


def test_approving_all_leaves_what_was_rejected(
    session: Session, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    reason = {"version": each.version, "reason": "too_much_now"}
    approvals.reject(session, actor=town.actor, now=now, proposal_id=each.id, data=reason)
    done = approvals.approve_all(session, actor=town.actor, now=now, round_id=each.round_id)
    assert len(done.may) == 2
    assert each.state == ProposalState.REJECTED


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"version": 1}, "reason"),
        ({"version": 1, "reason": "just_so"}, "reason"),
        ({"reason": "other"}, "version"),
        ({"version": 1, "reason": "other", "note": "の" * 1001}, "note"),
        ({"version": 1, "reason": "other", "note": "だめ\U0001f44e"}, "note"),
    ],
)
def test_a_rejection_needs_a_known_reason(
    session: Session, town: City, now: datetime, data: dict[str, object], field: str
) -> None:
    each = proposed(session, town, now)
    with pytest.raises(Invalid) as refused:
        approvals.reject(session, actor=town.actor, now=now, proposal_id=each.id, data=data)
    assert [error.field for error in refused.value.errors] == [field]
    assert each.state == ProposalState.PROPOSED


def test_undo_returns_to_the_question(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    approve(session, town, now, each)
    for _time in range(2):
        approvals.undo(
            session, actor=town.actor, now=now, proposal_id=each.id, version=each.version
        )
    assert each.state == ProposalState.PROPOSED
    acts = [row.act for row in session.exec(select(Decision).order_by("id"))]
    assert acts == [DecisionAct.APPROVE, DecisionAct.UNDO]


def test_undoing_an_old_rejection_lets_the_pair_in_again(
    session: Session, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    reason = {"version": each.version, "reason": "relation"}
    approvals.reject(session, actor=town.actor, now=now, proposal_id=each.id, data=reason)
    row = recompute(
        session,
        town.actor,
        now,
        approvals.lock_ready(session, actor=town.actor, round_id=each.round_id),
    )
    old = session.get_one(Proposal, each.id)
    approvals.undo(session, actor=town.actor, now=now, proposal_id=old.id, version=old.version)
    assert old.state == ProposalState.REPLACED
    row = recompute(session, town.actor, now + timedelta(hours=1), row)
    live = [
        found
        for found in session.exec(select(Proposal).where(Proposal.role_id == town.lead.id))
        if found.state == ProposalState.PROPOSED
    ]
    assert [found.professional_id for found in live] == [town.mizuno.id]


def test_a_seat_can_be_given_to_somebody_else(session: Session, town: City, now: datetime) -> None:
    each = proposed(session, town, now)
    data = {"version": each.version, "professional_id": town.sato.id, "note": "地元の人"}
    row = approvals.replace(session, actor=town.actor, now=now, proposal_id=each.id, data=data)
    assert row.state == RoundState.COMPUTING
    assert each.state == ProposalState.REJECTED
    held = marks.held(session, row)
    assert (town.sato.id, town.lead.id) in held.pins
    assert (town.mizuno.id, town.lead.id) in held.bans


def test_a_fixed_seat_can_be_given_to_somebody_else_too(
    session: Session, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    pin = {"professional_id": town.mizuno.id, "role_id": town.lead.id, "kind": "pin"}
    marks.mark(session, actor=town.actor, now=now, round_id=each.round_id, data=pin)
    data = {"version": each.version, "professional_id": town.sato.id}
    row = approvals.replace(session, actor=town.actor, now=now, proposal_id=each.id, data=data)
    held = marks.held(session, row)
    assert (town.mizuno.id, town.lead.id) in held.bans
    assert held.pins == ((town.sato.id, town.lead.id),)


# Two at once.


def at_once(engine: Engine, actors: list[Actor], act: Callable[[Session, Actor], object]) -> list:
    """Every actor does ``act`` in a thread and transaction of their own, all at the same moment."""
    start = Barrier(len(actors))

    def one(actor: Actor) -> str:
        start.wait()
        try:
            with transaction(session_factory(engine)) as session:
                act(session, actor)
        except Conflict as told:
            return told.code
        return "done"

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(one, actors))


def coordinators(session: Session) -> list[Actor]:
    found = [f.actor(session, f.staff(session)) for _ in range(COORDINATORS)]
    session.commit()
    return found


@both_databases
def test_of_many_who_approve_at_once_one_wins(
    session: Session, engine: Engine, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    actors = coordinators(session)
    version = each.version

    def act(mine: Session, actor: Actor) -> None:
        approvals.approve(mine, actor=actor, now=now, proposal_id=each.id, version=version)

    told = at_once(engine, actors, act)
    assert told.count("done") == 1
    assert set(told) <= {"done", "already_decided", "changed_meanwhile"}
    assert len(session.exec(select(Decision)).all()) == 1


@both_databases
def test_without_the_version_check_the_race_is_lost(
    session: Session,
    engine: Engine,
    town: City,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: with the mechanism off, several approvals of one proposal go in."""
    each = proposed(session, town, now)
    actors = coordinators(session)
    meet = Barrier(2, timeout=5)

    def both_have_read(mine: Session, proposal: Proposal, _version: int) -> None:
        mine.commit()  # let go of the lock, as a program without one would
        meet.wait()

    monkeypatch.setattr(approvals, "claim", both_have_read)

    def act(mine: Session, actor: Actor) -> None:
        approvals.approve(mine, actor=actor, now=now, proposal_id=each.id, version=1)

    assert at_once(engine, actors[:2], act).count("done") == 2
    assert len(session.exec(select(Decision)).all()) == 2
    assert versions.claim is not approvals.claim


@both_databases
def test_a_seat_is_held_by_one_person_whoever_approves(
    session: Session, engine: Engine, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    rival = f.add(session, rival_of(each, town))
    actors = coordinators(session)
    wanted = {actor: (each, rival)[at % 2].id for at, actor in enumerate(actors)}

    def act(mine: Session, actor: Actor) -> None:
        approvals.approve(mine, actor=actor, now=now, proposal_id=wanted[actor], version=1)

    told = at_once(engine, actors, act)
    assert told.count("done") == 1
    session.expire_all()
    states = [session.get_one(Proposal, row.id).state for row in (each, rival)]
    assert sorted(states) == [ProposalState.APPROVED, ProposalState.PROPOSED]


def rival_of(each: Proposal, town: City) -> Proposal:
    return Proposal(
        round_id=each.round_id,
        need_id=each.need_id,
        role_id=each.role_id,
        seat=each.seat,
        professional_id=town.sato.id,
        score=5000,
        created_at=each.created_at,
    )


@both_databases
def test_without_the_index_a_seat_is_held_twice(
    session: Session, engine: Engine, town: City, now: datetime
) -> None:
    """The negative control: the partial unique index is what keeps the seat single."""
    each = proposed(session, town, now)
    rival = f.add(session, rival_of(each, town))
    session.commit()
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_proposal_seat_held"))
    for proposal in (each, rival):
        approvals.approve(session, actor=town.actor, now=now, proposal_id=proposal.id, version=1)
    session.commit()
    held = session.exec(select(Proposal).where(Proposal.state == ProposalState.APPROVED)).all()
    assert len(held) == 2


@both_databases
def test_teams_approved_crosswise_do_not_wait_for_one_another(
    session: Session, engine: Engine, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    actors = coordinators(session)

    def act(mine: Session, actor: Actor) -> None:
        approvals.approve_all(mine, actor=actor, now=now, round_id=each.round_id)

    told = at_once(engine, actors, act)
    assert "done" in told
    session.expire_all()
    assert {row.state for row in session.exec(select(Proposal))} == {ProposalState.APPROVED}
    assert len(session.exec(select(Decision)).all()) == 3


def test_the_database_itself_refuses_a_double_booking(
    session: Session, town: City, now: datetime
) -> None:
    each = proposed(session, town, now)
    double = rival_of(each, town)
    double.professional_id, double.role_id = each.professional_id, town.helper.id
    session.add(double)
    with pytest.raises(IntegrityError):
        session.flush()
