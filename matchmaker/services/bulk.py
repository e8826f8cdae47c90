"""Approving many teams at once, after a look at what it would send to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from matchmaker.db import wide_select
from matchmaker.models import HELD, Group, Need, Professional, Proposal, ProposalState, Role, Round
from matchmaker.services import approvals, letters, proposals, rounds, seats
from matchmaker.services.actors import Actor
from matchmaker.services.letters import Letter

_STANDING = (ProposalState.PROPOSED, *HELD)


@dataclass(frozen=True)
class Chosen:
    """A team that would be approved: (person's name, role) of each seat still undecided."""

    need: Need
    group: Group
    seats: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """What one approval of many teams would do. ``incomplete``: teams that lack an essential seat
    and are left as they are. ``letters``: to whom the round would write about these teams once it
    is sent; one a person and need, one a member of the group and need."""

    round: Round
    teams: tuple[Chosen, ...]
    incomplete: tuple[tuple[Need, Group], ...]
    letters: tuple[Letter, ...]
    people: int  # who would get an invitation; some of them for more than one seat

    @property
    def proposals(self) -> int:
        """How many proposals would be approved."""
        return sum(len(each.seats) for each in self.teams)

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Names of those who left no address and get a letter on paper."""
        return tuple(dict.fromkeys(each.name for each in self.letters if not each.email))


def plan(
    session: Session,
    *,
    actor: Actor,
    round_id: str,
    search: proposals.Search,
    need_ids: Collection[str] = (),
) -> Plan:
    """What approving the teams of ``need_ids`` would do, or of all that match ``search``."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    found = session.execute(
        wide_select(Proposal, Need, Group, Professional, Role.title)
        .join(Need, col(Need.id) == Proposal.need_id)
        .join(Group, col(Group.id) == Need.group_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .join(Role, col(Role.id) == Proposal.role_id)
        .where(
            Proposal.round_id == row.id,
            Proposal.state == ProposalState.PROPOSED,
            col(Proposal.need_id).in_(
                need_ids or proposals.matching(round_id, staffed=True, search=search)
            ),
        )
        .order_by(col(Need.title), col(Need.id), col(Role.position), col(Proposal.seat))
    ).all()
    lacking = seats.lacking(session, {each[1].id for each in found}, _STANDING)
    whole = [each for each in found if each[1].id not in lacking]
    book = letters.address_book(
        session,
        people=[each[3] for each in whole],
        groups={each[2].id: each[2] for each in whole}.values(),
    )
    taken: dict[str, list[tuple[str, str]]] = {}
    to: list[Letter] = []
    for proposal, need, group, person, role in whole:
        if need.id not in taken:
            to += letters.to_group(book, group, "team_proposed", proposal.round_id)
        taken.setdefault(need.id, []).append((person.name, role))
        to.append(letters.to_professional(book, person, "offer", need.id))
    needs = {each[1].id: (each[1], each[2]) for each in found}
    return Plan(
        row,
        tuple(Chosen(*needs[need_id], tuple(members)) for need_id, members in taken.items()),
        tuple(pair for need_id, pair in needs.items() if need_id in lacking),
        tuple(to),
        len({each[3].id for each in whole}),
    )


def approve(
    session: Session, *, actor: Actor, now: datetime, planned: Plan, version: int
) -> list[Proposal]:
    """Approve the teams of a plan. Refused: ``changed_meanwhile`` when the round was worked out
    since (``version`` is the round's as it was shown), and as ``approvals.approve_all``."""
    return approvals.approve_all(
        session,
        actor=actor,
        now=now,
        round_id=planned.round.id,
        version=version,
        need_ids=[each.need.id for each in planned.teams],
    )
