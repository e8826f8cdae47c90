"""A seat that came free while a project runs: looked for in rounds as long as the work goes on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from matchmaker.models import (
    DecisionAct,
    Need,
    NeedState,
    Project,
    Proposal,
    ProposalState,
)
from matchmaker.services import audit, endings, seats, teams
from matchmaker.services.actors import Actor
from matchmaker.services.commitments import RUNNING
from matchmaker.services.versions import claim

SEARCHING = (NeedState.OPEN, NeedState.IN_ROUND)


def follow(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    project: Project,
    give_up: bool = False,
) -> None:
    """The need stands where its project stands now. A search for somebody to take a free seat goes
    on while the project runs, unless it is to ``give_up``, and ends with the project."""
    need = session.get_one(Need, project.need_id)
    searching = need.state in SEARCHING
    if searching and project.state in RUNNING and not give_up:
        return
    if need.state == teams.stands(project):
        return
    claim(session, need, need.version)
    need.state = teams.stands(project)
    session.add(need)
    session.flush()
    if searching:
        _call_off(session, actor, now, need)


def _call_off(session: Session, actor: Actor, now: datetime, need: Need) -> None:
    """Proposals nobody was told of are withdrawn, invitations without an answer are taken back with
    a kind mail, and no round holds the need any more."""
    unsure = (ProposalState.PROPOSED, ProposalState.APPROVED, ProposalState.OFFERED)
    found = session.exec(
        select(Proposal)
        .where(Proposal.need_id == need.id, col(Proposal.state).in_(unsure))
        .order_by(col(Proposal.id))
        .with_for_update()
    ).all()
    asked = [each for each in found if each.state == ProposalState.OFFERED]
    for each in found:
        claim(session, each, each.version)
        each.state, each.state_reason = ProposalState.WITHDRAWN, "search_ended"
        session.add(each)
    for each in asked:
        endings.decide(
            session, actor, now, each, DecisionAct.WITHDRAW, "coordinator", reason="search_ended"
        )
    seats.release(session, need.id)
    audit.record(session, actor=actor, act="search_ended", subject=("need", need.id), now=now)
    if asked:  # the letters; nobody joins on that day
        teams.settle(session, actor=actor, now=now, today=now.date(), need=need, ended=asked)
