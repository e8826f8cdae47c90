"""Every reply of a sent round, seat by seat, for the coordinators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import NotFound
from matchmaker.models import (
    Account,
    Decision,
    Group,
    Need,
    Professional,
    ProjectMember,
    Proposal,
    ProposalState,
    Reply,
    Role,
    Round,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.rounds import find
from matchmaker.services.who_said import who_said


@dataclass(frozen=True)
class SeatLine:
    """A seat with both replies. ``reachable``: whether mail reaches the person."""

    proposal: Proposal
    role: Role
    person: Professional
    reachable: bool
    member: bool

    @property
    def can_withdraw(self) -> bool:
        """Whether the offer can still be taken back."""
        live = self.proposal.state in (ProposalState.OFFERED, ProposalState.CONFIRMED)
        return live and not self.member


@dataclass(frozen=True)
class NeedLine:
    """A need that was sent, with its seats."""

    need: Need
    group: Group
    seats: tuple[SeatLine, ...]


@dataclass(frozen=True)
class Replies:
    """A sent round. ``counts``: state → seats; ``silent``: people and groups yet to answer."""

    round: Round
    needs: tuple[NeedLine, ...]
    counts: Counter[str]
    silent_people: int
    silent_groups: int

    @property
    def total(self) -> int:
        """Every seat that was offered."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Seats about which nobody is awaited."""
        return self.total - self.counts[ProposalState.OFFERED]


def replies(session: Session, *, actor: Actor, round_id: str) -> Replies:
    """Every offer of a round with both sides' replies; refused as ``rounds.find``."""
    row = find(session, actor=actor, round_id=round_id)
    found = session.exec(
        wide_select(Proposal, Role, Professional, Need, Group, Account.email, ProjectMember.id)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .join(Need, col(Need.id) == Proposal.need_id)
        .join(Group, col(Group.id) == Need.group_id)
        .join(Account, col(Account.id) == Professional.account_id, isouter=True)
        .join(ProjectMember, col(ProjectMember.proposal_id) == Proposal.id, isouter=True)
        .where(Proposal.round_id == round_id, col(Proposal.offered_at).is_not(None))
        .order_by(
            col(Need.title), col(Need.id), col(Role.position), col(Role.id), col(Proposal.seat)
        )
    ).all()
    needs: dict[str, tuple[Need, Group, list[SeatLine]]] = {}
    for proposal, role, person, need, group, email, member in found:
        line = SeatLine(proposal, role, person, bool(email or person.email), member is not None)
        needs.setdefault(need.id, (need, group, []))[2].append(line)
    offered = [row[0] for row in found if row[0].state == ProposalState.OFFERED]
    return Replies(
        round=row,
        needs=tuple(NeedLine(need, group, tuple(lines)) for need, group, lines in needs.values()),
        counts=Counter(each[0].state for each in found),
        silent_people=sum(each.professional_reply == Reply.WAITING for each in offered),
        silent_groups=len({e.need_id for e in offered if e.group_reply == Reply.WAITING}),
    )


@dataclass(frozen=True)
class OneReply:
    """A seat with what was decided about it so far, oldest first: ``history`` holds who decided,
    and what was noted of a reply by telephone or on paper (``who_said``)."""

    line: SeatLine
    need: Need
    group: Group
    round: Round
    history: tuple[tuple[Decision, str, Mapping[str, Any]], ...]


def one(session: Session, *, actor: Actor, proposal_id: str) -> OneReply:
    """One offer with its whole history; ``proposal_not_found`` while it was not sent."""
    require_coordinator(actor)
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or proposal.offered_at is None:
        raise NotFound("proposal_not_found")
    listed = replies(session, actor=actor, round_id=proposal.round_id)
    need, line = next(
        (need, line)
        for need in listed.needs
        for line in need.seats
        if line.proposal.id == proposal_id
    )
    history = session.exec(
        select(Decision, Account.name)
        .join(Account, col(Account.id) == Decision.actor_id, isouter=True)
        .where(Decision.proposal_id == proposal_id)
        .order_by(col(Decision.at), col(Decision.id))
    ).all()
    said = who_said(session, [decision for decision, _name in history])
    told = tuple(
        (decision, name or "", said.get(decision.id or 0, {})) for decision, name in history
    )
    return OneReply(line, need.need, need.group, listed.round, told)
