"""How much room a person has left for what they are asked to promise."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from matchmaker.engine.snapshot import minutes_of
from matchmaker.errors import Conflict
from matchmaker.models import (
    Need,
    Professional,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Reply,
    Role,
)
from matchmaker.services.commitments import RUNNING


@dataclass(frozen=True)
class Promised:
    """Needs a person works on or said yes to, and the minutes a week these ask."""

    needs: frozenset[str]
    minutes: int


def asked_minutes(need: Need, role: Role) -> int:
    """Minutes a week a seat asks: the role's hours, else the need's."""
    return minutes_of(need.hours_per_week if role.hours_per_week is None else role.hours_per_week)


def lock_people(session: Session, ids: set[str]) -> dict[str, Professional]:
    """These professionals, kept unchanged until the transaction ends; always in the same order,
    so that two teams at once never wait crosswise."""
    found = session.exec(
        select(Professional)
        .where(col(Professional.id).in_(ids))
        .order_by(col(Professional.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {person.id: person for person in found}


def promised(session: Session, professional_id: str, *, besides: str = "") -> Promised:
    """What a person promised: running projects, confirmed seats and offers they said yes to,
    leaving out the proposal ``besides``."""
    members = session.exec(
        select(Project.need_id, ProjectMember.minutes_per_week)
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(
            ProjectMember.professional_id == professional_id,
            col(ProjectMember.left_on).is_(None),
            col(Project.state).in_(RUNNING),
        )
    ).all()
    joined = select(ProjectMember.proposal_id).where(col(ProjectMember.proposal_id).is_not(None))
    accepted = session.exec(
        select(Need, Role)
        .join(Proposal, col(Proposal.need_id) == Need.id)
        .join(Role, col(Role.id) == Proposal.role_id)
        .where(
            Proposal.professional_id == professional_id,
            Proposal.id != besides,
            col(Proposal.id).not_in(joined),
            or_(
                col(Proposal.state) == ProposalState.CONFIRMED,
                (col(Proposal.state) == ProposalState.OFFERED)
                & (col(Proposal.professional_reply) == Reply.ACCEPTED),
            ),
        )
    ).all()
    return Promised(
        frozenset({*(need_id for need_id, _ in members), *(need.id for need, _ in accepted)}),
        sum(minutes for _, minutes in members)
        + sum(asked_minutes(need, role) for need, role in accepted),
    )


def shortage(person: Professional, held: Promised, asked: int) -> Conflict | None:
    """Why a person cannot take a seat of ``asked`` minutes a week on top of ``held``, or None.

    ``no_room_left`` when the number of projects is used up, ``hours_used_up`` when the weekly
    hours are; no hours in a profile mean that nothing was said.
    """
    if len(held.needs) >= person.capacity:
        return Conflict("no_room_left", capacity=person.capacity)
    left = round(person.hours_per_week * 60) - held.minutes
    if person.hours_per_week and asked > left:
        return Conflict("hours_used_up", asked=_hours(asked), left=_hours(max(left, 0)))
    return None


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def require_room(session: Session, person: Professional, proposal: Proposal, asked: int) -> None:
    """Refuse what ``shortage`` finds. Call with the person locked (``lock_people``)."""
    held = promised(session, person.id, besides=proposal.id)
    if refused := shortage(person, held, asked):
        raise refused
