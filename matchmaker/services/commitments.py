"""What professionals have promised elsewhere, and which seats are taken: a round must not offer
the same hour, or the same seat, twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.engine.snapshot import minutes_of
from matchmaker.models import (
    HELD,
    Need,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Role,
)

RUNNING = (ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED)
FINISHED = (
    ProjectState.DELIVERED,
    ProjectState.EVALUATED,
    ProjectState.FOLLOWED_UP,
    ProjectState.NOT_USED,
)


@dataclass(frozen=True)
class Commitments:
    """``needs``: professional → needs they hold a seat in. ``minutes``: professional → minutes a
    week those seats ask. ``seats``: role → seat numbers taken. ``seated``: (professional, need)
    with a live seat, so that nobody is offered a second one in the same need. ``declined``:
    (professional, need) that either side declined, or whose project the professional has left."""

    needs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    minutes: Counter[str] = field(default_factory=Counter)
    seats: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    seated: set[tuple[str, str]] = field(default_factory=set)
    declined: set[tuple[str, str]] = field(default_factory=set)


def outside(session: Session, round_id: str | None) -> Commitments:
    """Everything promised outside the round ``round_id`` (None: everywhere).

    Counts members of running projects, and proposals that are approved, offered or confirmed and
    have not become a membership yet.
    """
    there = col(Proposal.round_id) != (round_id or "")
    declined = Proposal.state == ProposalState.DECLINED
    return _found(session, or_(col(Proposal.state).in_(HELD) & there, declined))


def besides(session: Session, proposals: Iterable[Proposal]) -> Commitments:
    """What the people of ``proposals`` have promised, or are asked for, apart from these."""
    these = list(proposals)
    people = {each.professional_id for each in these}
    theirs = col(Proposal.professional_id).in_(people)
    return _found(
        session,
        col(Proposal.state).in_(HELD) & theirs,
        people=people,
        without={each.id for each in these},
    )


def _found(
    session: Session,
    chosen: Any,
    *,
    people: Set[str] | None = None,
    without: Set[str] = frozenset(),
) -> Commitments:
    found = Commitments()
    members = (
        select(ProjectMember, Project.need_id)
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(col(Project.state).in_(RUNNING), col(ProjectMember.left_on).is_(None))
    )
    left = (
        select(ProjectMember.professional_id, Project.need_id)
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(col(ProjectMember.left_on).is_not(None))
    )
    if people is not None:
        members = members.where(col(ProjectMember.professional_id).in_(people))
        left = left.where(col(ProjectMember.professional_id).in_(people))
    for member, need_id in session.exec(members):
        found.needs[member.professional_id].add(need_id)
        found.minutes[member.professional_id] += member.minutes_per_week
        found.seated.add((member.professional_id, need_id))
    found.declined.update((person, need_id) for person, need_id in session.exec(left))
    for proposal_id, *proposal in _proposals(session, chosen):
        if proposal_id not in without:
            _count(found, *proposal)
    return found


def _proposals(session: Session, chosen: Any) -> list[tuple[Any, ...]]:
    joined = select(ProjectMember.proposal_id).where(col(ProjectMember.proposal_id).is_not(None))
    found = session.exec(
        wide_select(
            Proposal.id,
            Proposal.professional_id,
            Proposal.need_id,
            Proposal.role_id,
            Proposal.seat,
            Proposal.state,
            col(Proposal.id).in_(joined),
            Role.hours_per_week,
            Need.hours_per_week,
        )
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Need, col(Need.id) == Proposal.need_id)
        .where(chosen)
    )
    return [tuple(row) for row in found]


def _count(
    found: Commitments,
    person: str,
    need: str,
    role: str,
    seat: int,
    state: str,
    joined: bool,
    role_hours: float | None,
    need_hours: float,
) -> None:
    if state == ProposalState.DECLINED:
        found.declined.add((person, need))
        return
    found.seats[role].add(seat)
    if joined:
        return  # the membership counts, as long as it lasts
    found.needs[person].add(need)
    found.seated.add((person, need))
    found.minutes[person] += minutes_of(need_hours if role_hours is None else role_hours)
