"""What stands in a calendar: the planned days of projects, and the days by which to reply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.models import (
    Need,
    PlanStep,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Reply,
    Side,
)
from matchmaker.services import charge, project_plans
from matchmaker.services.actors import Actor
from matchmaker.services.commitments import RUNNING
from matchmaker.services.project_access import part

SHOWN = (*RUNNING, ProjectState.DELIVERED)


@dataclass(frozen=True)
class Planned:
    """A step of a project's plan, as somebody on ``side`` of it sees it."""

    project: Project
    step: PlanStep
    side: Side


@dataclass(frozen=True)
class ReplyBy:
    """The day by which one side is asked to reply. ``id``: the offer's, or the need's."""

    id: str
    title: str
    on: date
    side: Side
    offer: Proposal


def of_project(
    session: Session, *, actor: Actor, side: Side, project_id: str
) -> tuple[Project, tuple[Planned, ...]]:
    """The days of one project. Refused: ``project_not_found``, also to whoever has left it."""
    project, _group, _member = part(session, actor, side, project_id)
    steps = project_plans.steps_of(session, project_id)
    return project, tuple(Planned(project, step, side) for step in steps)


def planned(session: Session, *, actor: Actor, own: bool = False) -> tuple[Planned, ...]:
    """The days of every project the actor is on now, or whose group they act for; of all that run
    for a coordinator, or with ``own`` of those they are in charge of. Each once."""
    mine = select(ProjectMember.project_id).where(
        ProjectMember.professional_id == (actor.professional_id or ""),
        col(ProjectMember.left_on).is_(None),
    )
    wanted = or_(col(Project.id).in_(mine), col(Project.group_id).in_(actor.group_ids))
    if actor.coordinator:
        running = col(Project.state).in_(RUNNING)
        if own:
            running = col(Project.id).in_(_in_charge_of(session, actor))
        wanted = or_(wanted, running)
    rows = session.execute(
        wide_select(Project, PlanStep, col(Project.id).in_(mine))
        .join(PlanStep, col(PlanStep.project_id) == Project.id)
        .where(wanted, col(Project.state).in_(SHOWN))
        .order_by(col(PlanStep.due_on), col(PlanStep.id))
    )
    return tuple(
        Planned(project, step, Side.PROFESSIONAL if own else Side.GROUP)
        for project, step, own in rows
    )


def _in_charge_of(session: Session, actor: Actor) -> list[str]:
    """Running projects the actor is in charge of, by themselves or through need and group."""
    running = session.exec(select(Project.id).where(col(Project.state).in_(RUNNING))).all()
    owners = charge.owners(session, [("project", project_id) for project_id in running])
    return [id for (_kind, id), owner in owners.items() if owner == actor.account_id]


def reply_days(session: Session, *, actor: Actor) -> tuple[ReplyBy, ...]:
    """The days by which the actor, or their group, is asked to reply to an offer."""
    return tuple(_reply_days(session, actor))


def _reply_days(session: Session, actor: Actor) -> Iterator[ReplyBy]:
    open_offers = (
        select(Proposal, Need)
        .join(Need, col(Need.id) == Proposal.need_id)
        .where(Proposal.state == ProposalState.OFFERED, col(Proposal.reply_by).is_not(None))
        .order_by(col(Proposal.reply_by), col(Proposal.id))
    )
    for offer, need in session.exec(
        open_offers.where(
            Proposal.professional_id == (actor.professional_id or ""),
            Proposal.professional_reply == Reply.WAITING,
        )
    ):
        if offer.reply_by:
            yield ReplyBy(offer.id, need.title, offer.reply_by, Side.PROFESSIONAL, offer)
    seen = set()
    for offer, need in session.exec(
        open_offers.where(
            col(Need.group_id).in_(actor.group_ids), Proposal.group_reply == Reply.WAITING
        )
    ):
        if offer.reply_by and need.id not in seen:  # one day a need, however many people
            seen.add(need.id)
            yield ReplyBy(need.id, need.title, offer.reply_by, Side.GROUP, offer)
