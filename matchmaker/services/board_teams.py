"""The teams of a review board: who is proposed for which seat, who decided, what is empty."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.models import (
    HELD,
    Account,
    Company,
    Decision,
    District,
    Group,
    Need,
    Professional,
    Proposal,
    ProposalState,
    Role,
)

SHOWN = (ProposalState.PROPOSED, *HELD, ProposalState.REJECTED)


@dataclass(frozen=True)
class Seat:
    """A person on a seat, with who decided about it."""

    proposal: Proposal
    role: Role
    person: Professional
    company: str
    decided_by: str

    @property
    def undecided(self) -> bool:
        """Whether somebody still has to decide."""
        return self.proposal.state == ProposalState.PROPOSED

    @property
    def ended(self) -> bool:
        """Whether the person has the seat no longer."""
        return self.proposal.state not in SHOWN


@dataclass(frozen=True)
class Team:
    """A need with everybody proposed for it. ``empty``: (role, seats nobody has)."""

    need: Need
    group: Group
    district: District | None
    seats: tuple[Seat, ...]
    empty: tuple[tuple[Role, int], ...]

    @property
    def seen(self) -> dict[str, int]:
        """Proposal → version of the team as it stands; what an approval of the team is about."""
        live = (ProposalState.PROPOSED, ProposalState.APPROVED)
        return {
            seat.proposal.id: seat.proposal.version
            for seat in self.seats
            if seat.proposal.state in live
        }

    @property
    def undecided(self) -> bool:
        """Whether anybody in the team still has to be decided about."""
        return any(seat.undecided for seat in self.seats)

    @property
    def essential_missing(self) -> bool:
        """Whether an essential seat has nobody: such a team cannot be sent."""
        return any(role.essential for role, _seats in self.empty)


def ended_seat(session: Session, proposal: Proposal) -> Seat:
    """A seat that is no part of its team any more."""
    person = session.get_one(Professional, proposal.professional_id)
    company = session.get(Company, person.company_id) if person.company_id else None
    return Seat(
        proposal,
        session.get_one(Role, proposal.role_id),
        person,
        company.name if company else "",
        session.exec(select(_decider()).where(Proposal.id == proposal.id)).one() or "",
    )


def teams_of(
    session: Session, round_id: str, needs: list[tuple[Need, Group, District | None]]
) -> list[Team]:
    """These needs of a round with everybody who is proposed for them, in their order."""
    ids = [need.id for need, _group, _district in needs]
    roles: dict[str, list[Role]] = defaultdict(list)
    held: dict[str, int] = {}
    for role, taken in session.exec(
        select(Role, _held_elsewhere(round_id))
        .where(col(Role.need_id).in_(ids))
        .order_by(col(Role.essential).desc(), col(Role.position), col(Role.id))
    ):
        roles[role.need_id].append(role)
        held[role.id] = taken
    seats = _seats(session, round_id, ids, roles)
    return [
        Team(
            need,
            group,
            district,
            tuple(seats[need.id]),
            tuple(_empty(roles[need.id], seats[need.id], held)),
        )
        for need, group, district in needs
    ]


def _seats(
    session: Session, round_id: str, ids: list[str], roles: dict[str, list[Role]]
) -> dict[str, list[Seat]]:
    order = {role.id: place for each in roles.values() for place, role in enumerate(each)}
    known = {role.id: role for each in roles.values() for role in each}
    found = session.exec(
        wide_select(Proposal, Professional, Company.name, _decider())
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .join(Company, col(Company.id) == Professional.company_id, isouter=True)
        .where(
            Proposal.round_id == round_id,
            col(Proposal.need_id).in_(ids),
            col(Proposal.state).in_(SHOWN),
        )
    ).all()
    seats: dict[str, list[Seat]] = defaultdict(list)
    for proposal, person, company, decider in sorted(
        found,
        key=lambda row: (
            order[row[0].role_id],
            row[0].state == ProposalState.REJECTED,
            row[0].seat,
            row[0].id,
        ),
    ):
        by = "" if proposal.state == ProposalState.PROPOSED else decider or ""
        seats[proposal.need_id].append(
            Seat(proposal, known[proposal.role_id], person, company or "", by)
        )
    return seats


def _decider() -> Any:
    """Who decided last about a proposal, as a column beside it."""
    return (
        select(Account.name)
        .join(Decision, col(Decision.actor_id) == Account.id)
        .where(Decision.proposal_id == Proposal.id)
        .order_by(col(Decision.id).desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery()
    )


def _held_elsewhere(round_id: str) -> Any:
    """How many seats of a role other rounds hold, as a column beside it."""
    return (
        select(func.count())
        .where(
            Proposal.role_id == Role.id,
            Proposal.round_id != round_id,
            col(Proposal.state).in_(HELD),
        )
        .correlate(Role)
        .scalar_subquery()
    )


def _empty(roles: list[Role], seats: list[Seat], held: dict[str, int]) -> list[tuple[Role, int]]:
    taken: dict[str, int] = defaultdict(int)
    for each in seats:
        taken[each.role.id] += each.proposal.state != ProposalState.REJECTED
    left = [(role, role.seats - taken[role.id] - held.get(role.id, 0)) for role in roles]
    return [(role, count) for role, count in left if count > 0]
