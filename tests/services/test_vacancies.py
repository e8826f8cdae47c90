"""A seat that came free while the work goes on: looked for while the project runs, no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matchmaker.db import session_factory
from matchmaker.models import (
    Need,
    NeedState,
    Notice,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Round,
    RoundNeed,
    Side,
)
from matchmaker.services import (
    approvals,
    deadlines,
    offers,
    project_desk,
    project_steps,
    replies,
    rounds,
)
from tests import factories as f
from tests.conftest import both_databases
from tests.factories import NOW
from tests.scenes import person, work_off
from tests.services.sent import TODAY, Team, sent

GIVEN: dict[str, Any] = {"now": NOW, "today": TODAY}


def short_of_one(session: Session) -> tuple[Team, Project]:
    """A project of two that has not begun; one has left, and the need is open for somebody else."""
    team = sent(session, size=2)
    for account, proposal in zip(team.accounts, team.proposals, strict=True):
        replies.accept_offer(session, actor=team.actor(account), **GIVEN, proposal_id=proposal.id)
    replies.accept_team(
        session, actor=team.actor(team.contact), **GIVEN, need_id=team.need.id,
        proposal_ids=[each.id for each in team.proposals],
    )  # fmt: skip
    project = session.exec(select(Project)).one()
    stay = session.exec(
        select(ProjectMember).where(ProjectMember.professional_id == team.people[1].id)
    ).one()
    project_desk.leave(
        session, actor=team.actor(team.coordinator), **GIVEN, project_id=project.id,
        member_id=stay.id,
        data={"version": project.version, "reason": "転勤", "replace": True},
    )  # fmt: skip
    newcomer = person(session, "新しい 人", "あたらしい ひと")
    newcomer.account_id = f.account(session, name=newcomer.name).id
    session.add(newcomer)
    session.commit()
    return team, project


def small_round(engine: Engine, session: Session, team: Team) -> tuple[Round, Proposal]:
    """A round of what is open, worked out: the seat of the one who left."""
    actor = team.actor(team.coordinator)
    row = rounds.create(session, actor=actor, **GIVEN, data={"name": "補充の回"})
    rounds.request_computation(session, actor=actor, now=NOW, round_id=row.id, version=row.version)
    session.commit()
    work_off(engine, NOW)
    session.expire_all()
    return row, session.exec(select(Proposal).where(Proposal.round_id == row.id)).one()


def deliver(session: Session, team: Team, project: Project) -> None:
    session.refresh(project)
    project_steps.deliver(
        session, actor=team.actor(team.contact), **GIVEN, side=Side.GROUP, project_id=project.id,
        data={"version": project.version, "text": "できました"},
    )  # fmt: skip
    session.commit()
    session.expire_all()


def states(session: Session, team: Team, proposal: Proposal) -> tuple[str, str, str]:
    """Of the need, of the proposal, and why."""
    session.expire_all()
    held = session.get_one(Proposal, proposal.id)
    return session.get_one(Need, team.need.id).state, held.state, held.state_reason


@both_databases
def test_the_work_begins_while_somebody_is_still_looked_for(
    engine: Engine, session: Session
) -> None:
    team, project = short_of_one(session)
    row, proposal = small_round(engine, session, team)
    project_steps.begin(
        session, actor=team.actor(team.contact), **GIVEN, side=Side.GROUP, project_id=project.id,
        data={"version": project.version, "text": "会員を増やす"},
    )  # fmt: skip
    session.commit()
    assert states(session, team, proposal) == (NeedState.OPEN, ProposalState.PROPOSED, "")
    actor = team.actor(team.coordinator)
    assert approvals.approve_all(session, actor=actor, now=NOW, round_id=row.id).may


@both_databases
def test_what_is_delivered_needs_nobody_more(engine: Engine, session: Session) -> None:
    team, project = short_of_one(session)
    row, proposal = small_round(engine, session, team)
    deliver(session, team, project)
    ended = (NeedState.DELIVERED, ProposalState.WITHDRAWN, "search_ended")
    assert states(session, team, proposal) == ended
    assert not session.get_one(RoundNeed, (row.id, team.need.id)).live


@pytest.mark.parametrize("end", ["deliver", "cancel"])
def test_who_was_asked_is_told_that_nobody_is_needed_more(
    engine: Engine, session: Session, end: str
) -> None:
    team, project = short_of_one(session)
    row, proposal = small_round(engine, session, team)
    actor = team.actor(team.coordinator)
    approvals.approve_all(session, actor=actor, now=NOW, round_id=row.id)
    planned = offers.plan(session, actor=actor, round_id=row.id)
    offers.send_round(
        session, actor=actor, **GIVEN, round_id=row.id,
        data={"version": planned.round.version, "shown": planned.digest,
              "reply_by": TODAY + timedelta(days=14)},
    )  # fmt: skip
    session.commit()
    if end == "deliver":
        deliver(session, team, project)
    else:
        session.refresh(project)
        project_desk.cancel(
            session, actor=actor, **GIVEN, project_id=project.id,
            data={"version": project.version, "reason": "会の解散"},
        )  # fmt: skip
        session.commit()
    stands = {"deliver": NeedState.DELIVERED, "cancel": NeedState.CANCELLED}[end]
    ended = (stands, ProposalState.WITHDRAWN, "search_ended")
    assert states(session, team, proposal) == ended
    told = session.exec(select(Notice).where(Notice.code == "offer_withdrawn")).all()
    assert {bool(each.params["falls"]) for each in told if each.params["side"] == "group"} <= {
        False
    }
    assert {each.params["side"] for each in told} == {"professional", "group"}


@both_databases
def test_after_the_last_day_nobody_is_looked_for_and_the_work_goes_on(
    engine: Engine, session: Session
) -> None:
    team, project = short_of_one(session)
    need = session.get_one(Need, team.need.id)
    need.starts_on, need.ends_on = TODAY - timedelta(days=30), TODAY - timedelta(days=1)
    session.add(need)
    session.commit()
    factory = session_factory(engine)
    assert deadlines.rest_outdated(factory, now=NOW, today=TODAY) == 1
    assert deadlines.rest_outdated(factory, now=NOW, today=TODAY) == 0
    session.expire_all()
    assert session.get_one(Need, team.need.id).state == NeedState.STAFFED
    assert session.get_one(Project, project.id).state == ProjectState.AGREED
    assert not session.exec(select(Notice).where(col(Notice.code) == "need_outdated")).all()
