"""Two answers at the same moment, on both databases: nothing is lost, nothing is doubled.

Each race has its negative control: without the lock, the same test fails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory, transaction
from matchmaker.errors import Conflict
from matchmaker.models import (
    Need,
    Notice,
    Professional,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Reply,
)
from matchmaker.services import approvals, audit, commitments, offers, promises, replies, seats
from tests.conftest import both_databases
from tests.factories import NOW
from tests.services.sent import REPLY_BY, TODAY, Team, arrange, second_offer, sent

WHEN: dict[str, Any] = {"now": NOW, "today": TODAY}
Act = Callable[[Session], Any]
SECONDS = 1.5  # how long one waits for the other; long enough for both to have read


def at_once(engine: Engine, *acts: Act) -> list[Exception | None]:
    """Do every act in a thread and transaction of its own; what each was refused with."""
    ready = threading.Barrier(len(acts))
    outcomes: list[Exception | None] = [None] * len(acts)

    def run(number: int, act: Act) -> None:
        ready.wait(timeout=30)
        try:
            with transaction(session_factory(engine)) as session:
                act(session)
        except Exception as refused:
            outcomes[number] = refused

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def together(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let both acts reach ``name`` before either goes on, if no lock keeps one of them away."""
    original, meeting = getattr(module, name), threading.Barrier(2)

    def wait(*given: Any, **named: Any) -> Any:
        found = original(*given, **named)
        with suppress(threading.BrokenBarrierError):  # the other one waits at the lock
            meeting.wait(timeout=SECONDS)
        return found

    monkeypatch.setattr(module, name, wait)


def says_yes(team: Team, seat: int = 0) -> Act:
    actor, proposal_id = team.actor(team.accounts[seat]), team.proposals[seat].id
    team.session.rollback()
    return lambda session: replies.accept_offer(
        session, actor=actor, **WHEN, proposal_id=proposal_id
    )


def group_says_yes(team: Team) -> Act:
    actor, need_id = team.actor(team.contact), team.need.id
    ids = [each.id for each in team.proposals]
    team.session.rollback()
    return lambda session: replies.accept_team(
        session, actor=actor, **WHEN, need_id=need_id, proposal_ids=ids
    )


def takes_back(team: Team) -> Act:
    actor, row = team.actor(team.coordinator), team.proposals[0]
    data = {"version": row.version, "reason": "mistake"}
    proposal_id = row.id
    team.session.rollback()
    return lambda session: replies.withdraw(
        session, actor=actor, **WHEN, proposal_id=proposal_id, data=data
    )


def approves(team: Team) -> Act:
    actor, round_id = team.actor(team.coordinator), team.round.id
    team.session.rollback()
    return lambda session: approvals.approve_all(session, actor=actor, now=NOW, round_id=round_id)


def unlocked_need(session: Session, need_id: str) -> Need:
    """``lock_need`` without its lock: what the negative controls put in its place."""
    return session.get_one(Need, need_id)


def unlocked_people(session: Session, ids: set[str]) -> dict[str, Professional]:
    """``lock_people`` without its lock."""
    return {each: session.get_one(Professional, each) for each in ids}


def begins(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> tuple[int, int]:
    """The last two yes of a team of two at the same moment: projects and members then."""
    with Session(engine, expire_on_commit=False) as session:
        team = sent(session, size=2)
        group_says_yes(team)(session)
        session.commit()
        acts = (says_yes(team, 0), says_yes(team, 1))
    together(monkeypatch, seats, "lacking")
    assert at_once(engine, *acts) == [None, None]
    with Session(engine) as session:
        projects = session.exec(select(Project)).all()
        return len(projects), len(session.exec(select(ProjectMember)).all())


@both_databases
def test_the_last_two_yes_at_once_open_one_project(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert begins(monkeypatch, engine) == (1, 2)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_lock_the_team_would_never_begin(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "lock_need", unlocked_need)
    monkeypatch.setattr(promises, "lock_people", unlocked_people)
    # The audit log is one chain, so it makes everybody wait as well: take that away too.
    monkeypatch.setattr(audit, "record", lambda *_given, **_named: None)
    assert begins(monkeypatch, engine) == (0, 0)


@both_databases
def test_professional_and_group_at_once_open_one_project(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        team = sent(session)
        acts = (says_yes(team), group_says_yes(team))
    together(monkeypatch, replies, "lock_need")
    assert at_once(engine, *acts) == [None, None]
    with Session(engine) as session:
        assert session.exec(select(Project)).one()
        assert session.exec(select(ProjectMember)).one()
        assert session.exec(select(Proposal)).one().state == ProposalState.CONFIRMED
        mails = session.exec(select(Notice.code).where(Notice.code == "confirmed_to_group")).all()
        assert len(mails) == 1


def two_offers(engine: Engine) -> tuple[Act, Act]:
    """One person with room for one project, invited to two."""
    with Session(engine, expire_on_commit=False) as session:
        team = sent(session)
        return says_yes(team), says_yes(second_offer(team))


def accepted(engine: Engine) -> int:
    with Session(engine) as session:
        said = select(Proposal).where(Proposal.professional_reply == Reply.ACCEPTED)
        return len(session.exec(said).all())


@both_databases
def test_two_invitations_accepted_at_once_are_never_more_than_there_is_room_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = two_offers(engine)
    together(monkeypatch, promises, "promised")
    refused = [each for each in at_once(engine, *acts) if each is not None]
    assert [str(each) for each in refused] == ["no_room_left (capacity=1)"]
    assert accepted(engine) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_persons_lock_they_would_be_booked_twice(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = two_offers(engine)
    monkeypatch.setattr(promises, "lock_people", unlocked_people)
    together(monkeypatch, promises, "promised")
    assert at_once(engine, *acts) == [None, None]
    assert accepted(engine) == 2


@both_databases
def test_two_rounds_approved_at_once_ask_one_person_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        teams = [arrange(session, roles=[{}, {"essential": False}]) for _ in range(2)]
        shared = teams[0].people[1].id
        for team in teams:
            team.proposals[1].professional_id = shared
            for each in team.proposals:
                each.state = ProposalState.PROPOSED
        session.commit()
        acts = [approves(team) for team in teams]
    together(monkeypatch, commitments, "besides")
    assert at_once(engine, *acts) == [None, None]
    with Session(engine) as session:
        rows = session.exec(select(Proposal)).all()
        assert sorted(each.state for each in rows if each.professional_id == shared) == [
            ProposalState.APPROVED,
            ProposalState.PROPOSED,
        ]
        others = {each.state for each in rows if each.professional_id != shared}
        assert others == {ProposalState.APPROVED}


@both_databases
@pytest.mark.parametrize("order", [1, -1])
def test_a_yes_while_the_coordinator_takes_back_has_one_winner(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, order: int
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        team = sent(session)
        acts = (says_yes(team), takes_back(team))[::order]
    together(monkeypatch, replies, "lock_need")
    outcomes = at_once(engine, *acts)[::order]
    lost = [each for each in outcomes if each is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], Conflict)
    with Session(engine) as session:
        row = session.exec(select(Proposal)).one()
        if outcomes[0] is None:
            assert (row.state, row.professional_reply) == (ProposalState.OFFERED, Reply.ACCEPTED)
            assert lost[0].code == "changed_meanwhile"
        else:
            assert (row.state, row.professional_reply) == (ProposalState.WITHDRAWN, Reply.WAITING)
            assert lost[0].code == "offer_is_over"


@both_databases
def test_two_coordinators_send_at_once_and_each_letter_goes_out_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        team = arrange(session, size=2)
        actor = team.actor(team.coordinator)
        seen = offers.plan(session, actor=actor, round_id=team.round.id)
        data = {"version": seen.round.version, "shown": seen.digest, "reply_by": REPLY_BY}
        round_id = team.round.id

    def act(session: Session) -> None:
        offers.send_round(session, actor=actor, **WHEN, round_id=round_id, data=data)

    together(monkeypatch, offers, "find")
    assert at_once(engine, act, act) == [None, None]
    with Session(engine) as session:
        assert len(session.exec(select(Notice)).all()) == 3
        assert {each.state for each in session.exec(select(Proposal))} == {ProposalState.OFFERED}


@both_databases
def test_many_answers_at_once_do_not_block_one_another(engine: Engine) -> None:
    """Everybody of three teams and their groups answer together: every team begins."""
    with Session(engine, expire_on_commit=False) as session:
        found = [sent(session, size=2) for _ in range(3)]
        acts = [act for team in found for act in (says_yes(team, 0), says_yes(team, 1))]
        acts += [group_says_yes(team) for team in found]
    assert at_once(engine, *acts) == [None] * 9
    with Session(engine) as session:
        assert len(session.exec(select(Project)).all()) == 3
        assert len(session.exec(select(ProjectMember)).all()) == 6
        open_proposals = select(Proposal).where(Proposal.state != ProposalState.CONFIRMED)
        assert not session.exec(open_proposals).all()
