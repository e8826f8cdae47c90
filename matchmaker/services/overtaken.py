"""Whom a round counts on although other rounds or projects have them by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.models import (
    HELD,
    Need,
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
from matchmaker.services import commitments, promises, seats
from matchmaker.services.commitments import Commitments


@dataclass(frozen=True)
class Elsewhere:
    """A seat that a round has approved somebody for, or offered them: where it is taken back.
    ``offered``: whether the person was asked already."""

    person_id: str
    name: str
    proposal_id: str
    need_id: str
    round_id: str
    round_name: str
    offered: bool


@dataclass(frozen=True)
class Rival:
    """Another seat the same round proposes the same person for."""

    proposal_id: str
    need: Need
    role: Role


@dataclass(frozen=True)
class Overtaken:
    """Seats of a round that cannot be approved as they stand. ``gone``: proposal → the seats that
    take the person's room, none where they paused. ``rivals``: proposal → the person's other
    proposals of the round, where each has room alone, and all of them together have not."""

    gone: Mapping[str, tuple[Elsewhere, ...]]
    rivals: Mapping[str, tuple[Rival, ...]]

    @property
    def all(self) -> frozenset[str]:
        """Ids of the proposals concerned."""
        return frozenset({*self.gone, *self.rivals})


@dataclass(frozen=True)
class Sorted:
    """Proposals that may be approved, and those left as they are: overtaken themselves, or of a
    team (``waiting``: its need's id) that would lack an essential seat without them."""

    may: tuple[Proposal, ...]
    left: tuple[Proposal, ...]
    waiting: frozenset[str]
    overtaken: Overtaken


@dataclass(frozen=True)
class Rooms:
    """What people offer, against what they hold besides some proposals. ``seats``: person → their
    proposals, of those who hold anything besides; ``asked``: role → its need and itself."""

    people: Mapping[str, Professional]
    seats: Mapping[str, list[Proposal]]
    elsewhere: Commitments
    asked: Mapping[str, tuple[Need, Role]]

    def fit(self, person_id: str, proposals: Collection[Proposal]) -> bool:
        """Whether somebody has room for all of these beside what they hold."""
        person = self.people[person_id]
        needs = {*self.elsewhere.needs[person_id], *(each.need_id for each in proposals)}
        minutes = self.elsewhere.minutes[person_id] + sum(
            promises.asked_minutes(*self.asked[each.role_id]) for each in proposals
        )
        offered = round(person.hours_per_week * 60)
        return len(needs) <= person.capacity and (minutes <= offered or offered <= 0)


def rooms(
    session: Session, proposals: Collection[Proposal], people: Mapping[str, Professional]
) -> Rooms:
    """The room of ``people`` (id → record), whom ``proposals`` are about."""
    elsewhere = commitments.besides(session, proposals)
    theirs: dict[str, list[Proposal]] = defaultdict(list)
    for each in proposals:
        if elsewhere.needs[each.professional_id]:
            theirs[each.professional_id].append(each)
    roles = {each.role_id for seats in theirs.values() for each in seats}
    asked = session.exec(
        select(Need, Role).join(Role, col(Role.need_id) == Need.id).where(col(Role.id).in_(roles))
    )
    return Rooms(people, theirs, elsewhere, {role.id: (need, role) for need, role in asked})


def in_review(session: Session, row: Round) -> Overtaken:
    """The seats of a round in review whose people offer no more room for them by now."""
    if row.state != RoundState.READY:
        return Overtaken({}, {})
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
    return among(session, [each for each, _who in found], {who.id: who for _each, who in found})


def among(
    session: Session, proposals: Collection[Proposal], people: Mapping[str, Professional]
) -> Overtaken:
    """Which of a round's ``proposals`` have no room any more; what is approved comes first."""
    if not proposals:
        return Overtaken({}, {})
    room = rooms(session, proposals, people)
    paused = {each.id for each in people.values() if each.state != ProfileState.VERIFIED}
    gone = [each for each in proposals if each.professional_id in paused]
    rivals: dict[str, tuple[Rival, ...]] = {}
    for person_id, theirs in room.seats.items():
        if person_id in paused:
            continue
        held = [each for each in theirs if each.state != ProposalState.PROPOSED]
        asked = [each for each in theirs if each.state == ProposalState.PROPOSED]
        gone += [] if room.fit(person_id, held) else held
        alone = [each for each in asked if room.fit(person_id, [*held, each])]
        gone += [each for each in asked if each not in alone]
        if not room.fit(person_id, [*held, *alone]):
            for each in alone:
                rivals[each.id] = tuple(
                    Rival(other.id, *room.asked[other.role_id]) for other in alone if other != each
                )
    taken = held_seats(session, {each.professional_id for each in gone})
    return Overtaken(
        {
            each.id: tuple(
                seat
                for seat in taken
                if seat.person_id == each.professional_id and seat.proposal_id != each.id
            )
            for each in gone
        },
        rivals,
    )


def sort_out(
    session: Session, proposals: Collection[Proposal], people: Mapping[str, Professional]
) -> Sorted:
    """Which of a round's undecided ``proposals`` may be approved together. Of two seats that stand
    against each other neither is chosen here; a team that would lack an essential seat waits."""
    found = among(session, proposals, people)
    overtaken = found.all
    hit = {each.need_id for each in proposals if each.id in overtaken}
    standing = (ProposalState.PROPOSED, *HELD)
    short = frozenset(seats.lacking(session, hit, standing, without=overtaken))
    may: list[Proposal] = []
    left: list[Proposal] = []
    for each in proposals:
        (left if each.id in overtaken or each.need_id in short else may).append(each)
    return Sorted(tuple(may), tuple(left), short, found)


def held_seats(session: Session, people: Collection[str]) -> tuple[Elsewhere, ...]:
    """The seats that rounds hold these people on and no project has yet."""
    if not people:
        return ()
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
            col(Proposal.id).not_in(joined),
        )
        .order_by(col(Professional.id), col(Round.created_at), col(Proposal.id))
    )  # fmt: skip
    return tuple(
        Elsewhere(person, name, seat, need, round_id, round_name, state != ProposalState.APPROVED)
        for person, name, seat, need, round_id, round_name, state in found
    )
