"""Whether what a round was computed from still holds for what is approved and sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.errors import Conflict
from matchmaker.models import (
    HELD,
    Need,
    NeedState,
    Professional,
    ProfileState,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundState,
)
from matchmaker.services import commitments, promises


@dataclass(frozen=True)
class Elsewhere:
    """A seat that another round has approved somebody for, or offered them: where it is taken
    back. ``offered``: whether the person was asked already."""

    person_id: str
    name: str
    proposal_id: str
    need_id: str
    round_id: str
    round_name: str
    offered: bool


def require_still_true(session: Session, proposals: list[Proposal]) -> None:
    """A need may have been withdrawn, a person may have paused since the computation, or another
    round may have asked them for all the work they offer. Their records are locked meanwhile, so
    that two rounds at once never ask the same person."""
    needs = {each.need_id for each in proposals}
    closed = session.exec(
        select(Need.title).where(col(Need.id).in_(needs), Need.state != NeedState.OPEN)
    ).first()
    if closed is not None:
        raise Conflict("need_not_open_now", title=closed)
    people = promises.lock_people(session, {each.professional_id for each in proposals})
    for person in people.values():
        if person.state != ProfileState.VERIFIED:
            raise Conflict("person_not_verified_now", name=person.name)
    asked = _asked_elsewhere(session, proposals, people)
    if asked:
        names = [people[each].name for each in asked]
        raise Conflict("asked_elsewhere_now", names=names, seats=_seats(session, proposals, asked))


@dataclass(frozen=True)
class Overtaken:
    """What a round in review proposes and cannot be approved any more. ``people``: who is asked
    elsewhere, or paused, since it was worked out → the seats other rounds hold them on;
    ``seats``: how many of the round's seats that concerns."""

    people: Mapping[str, tuple[Elsewhere, ...]]
    seats: int


def overtaken(session: Session, row: Round) -> Overtaken:
    """Whom a round in review counts on although they offer no more room by now."""
    if row.state != RoundState.READY:
        return Overtaken({}, 0)
    others = select(Proposal.professional_id).where(
        Proposal.round_id != row.id, col(Proposal.state).in_(HELD)
    )
    members = (
        select(ProjectMember.professional_id)
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(col(Project.state).in_(commitments.RUNNING), col(ProjectMember.left_on).is_(None))
    )
    person = col(Proposal.professional_id)
    found = session.exec(
        select(Proposal, Professional)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(
            Proposal.round_id == row.id,
            col(Proposal.state).in_([ProposalState.PROPOSED, ProposalState.APPROVED]),
            or_(
                person.in_(others),
                person.in_(members),
                Professional.state != ProfileState.VERIFIED,
            ),
        )
    ).all()
    if not found:
        return Overtaken({}, 0)
    proposals = [proposal for proposal, _who in found]
    people = {who.id: who for _proposal, who in found}
    asked = _asked_elsewhere(session, proposals, people)
    gone = {*asked, *(each.id for each in people.values() if each.state != ProfileState.VERIFIED)}
    seats = _seats(session, proposals, asked)
    return Overtaken(
        {each: tuple(seat for seat in seats if seat.person_id == each) for each in gone},
        sum(each.professional_id in gone for each in proposals),
    )


def _seats(
    session: Session, proposals: list[Proposal], people: Collection[str]
) -> tuple[Elsewhere, ...]:
    """The seats beside ``proposals`` that rounds hold these people on and no project has yet."""
    joined = select(ProjectMember.proposal_id).where(col(ProjectMember.proposal_id).is_not(None))
    found = session.exec(
        wide_select(
            Professional.id, Professional.name, Proposal.id, Proposal.need_id, Round.id,
            Round.name, Proposal.state,
        )
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(
            col(Proposal.professional_id).in_(people),
            col(Proposal.state).in_(HELD),
            col(Proposal.id).not_in({each.id for each in proposals}),
            col(Proposal.id).not_in(joined),
        )
        .order_by(col(Professional.id), col(Round.created_at), col(Proposal.id))
    )  # fmt: skip
    return tuple(
        Elsewhere(person, name, seat, need, round_id, round_name, state != ProposalState.APPROVED)
        for person, name, seat, need, round_id, round_name, state in found
    )


def _asked_elsewhere(
    session: Session, proposals: list[Proposal], people: Mapping[str, Professional]
) -> list[str]:
    """Ids of who would hold more projects, or hours a week, than they offer."""
    elsewhere = commitments.besides(session, proposals)
    busy = {each for each in people if elsewhere.needs[each]}
    theirs = [each for each in proposals if each.professional_id in busy]
    asked = {
        role.id: promises.asked_minutes(need, role)
        for need, role in session.exec(
            select(Need, Role)
            .join(Role, col(Role.need_id) == Need.id)
            .where(col(Role.id).in_({each.role_id for each in theirs}))
        )
    }
    held = elsewhere.needs
    for each in theirs:
        held[each.professional_id].add(each.need_id)
        elsewhere.minutes[each.professional_id] += asked[each.role_id]
    return [
        each
        for each in sorted(busy)
        if len(held[each]) > people[each].capacity
        or elsewhere.minutes[each] > round(people[each].hours_per_week * 60) > 0
    ]
