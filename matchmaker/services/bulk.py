"""Approving many teams at once, after a look at what it would send to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from matchmaker.db import wide_select
from matchmaker.models import (
    HELD,
    Group,
    Need,
    Professional,
    ProfileState,
    Proposal,
    ProposalState,
    Role,
    Round,
)
from matchmaker.services import approvals, letters, overtaken, rounds, seats
from matchmaker.services.actors import Actor
from matchmaker.services.board_search import Search, matching
from matchmaker.services.letters import Letter
from matchmaker.services.overtaken import Elsewhere, Rival, Sorted

_STANDING = (ProposalState.PROPOSED, *HELD)


@dataclass(frozen=True)
class Chosen:
    """A team that would be approved: (person's name, role) of each seat still undecided."""

    need: Need
    group: Group
    seats: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Left:
    """Somebody whose seat is left undecided, as another round or project has them by now, or they
    paused (``paused``). ``held``: where their room is taken; ``rivals``: other seats proposed for
    them that do not fit beside this one; ``waits``: the whole team is left with them."""

    proposal_id: str
    person: str
    role: str
    need: Need
    paused: bool
    held: tuple[Elsewhere, ...]
    rivals: tuple[Rival, ...]
    waits: bool


@dataclass(frozen=True)
class Plan:
    """What one approval of many teams would do. ``incomplete``: teams that lack an essential seat
    and are left as they are; ``left``: who is left out of the others. ``letters``: to whom the
    round would write about these teams once it is sent; one a person and need, one a member of the
    group and need."""

    round: Round
    teams: tuple[Chosen, ...]
    incomplete: tuple[tuple[Need, Group], ...]
    left: tuple[Left, ...]
    letters: tuple[Letter, ...]
    people: int  # who would get an invitation; some of them for more than one seat

    @property
    def proposals(self) -> int:
        """How many proposals would be approved."""
        return sum(len(each.seats) for each in self.teams)

    @property
    def need_ids(self) -> set[str]:
        """The needs this is about, those that wait included."""
        return {each.need.id for each in self.teams} | {each.need.id for each in self.left}

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Names of those who left no address and get a letter on paper."""
        return tuple(dict.fromkeys(each.name for each in self.letters if not each.email))


def plan(
    session: Session,
    *,
    actor: Actor,
    round_id: str,
    search: Search,
    need_ids: Collection[str] = (),
) -> Plan:
    """What approving the teams of ``need_ids`` would do, or of all that match ``search``."""
    row = rounds.find(session, actor=actor, round_id=round_id)
    asked = need_ids or matching(round_id, staffed=True, search=search)
    found = _rows(
        session,
        Proposal.round_id == row.id,
        Proposal.state == ProposalState.PROPOSED,
        col(Proposal.need_id).in_(asked),
    )
    lacking = seats.lacking(session, {each[1].id for each in found}, _STANDING)
    whole = [each for each in found if each[1].id not in lacking]
    sorting = overtaken.sort_out(
        session, [each[0] for each in whole], {each[3].id: each[3] for each in whole}
    )
    chosen = [each for each in whole if each[0] in sorting.may]
    book = letters.address_book(
        session,
        people=[each[3] for each in chosen],
        groups={each[2].id: each[2] for each in chosen}.values(),
    )
    taken: dict[str, list[tuple[str, str]]] = {}
    to: list[Letter] = []
    for proposal, need, group, person, role in chosen:
        if need.id not in taken:
            to += letters.to_group(book, group, "team_proposed", proposal.round_id)
        taken.setdefault(need.id, []).append((person.name, role))
        to.append(letters.to_professional(book, person, "offer", need.id))
    needs = {each[1].id: (each[1], each[2]) for each in found}
    return Plan(
        row,
        tuple(Chosen(*needs[need_id], tuple(members)) for need_id, members in taken.items()),
        tuple(pair for need_id, pair in needs.items() if need_id in lacking),
        _left(whole, sorting),
        tuple(to),
        len({each[3].id for each in chosen}),
    )


def approve(
    session: Session, *, actor: Actor, now: datetime, planned: Plan, version: int
) -> tuple[int, tuple[Left, ...]]:
    """Approve what may be of a plan's teams: how many proposals, and who was left out. Refused:
    ``changed_meanwhile`` when the round was worked out since (``version`` is the round's as it was
    shown), and as ``approvals.approve_all``."""
    done = approvals.approve_all(
        session,
        actor=actor,
        now=now,
        round_id=planned.round.id,
        version=version,
        need_ids=planned.need_ids,
    )
    left = [each.id for each in done.left]
    return len(done.may), _left(_rows(session, col(Proposal.id).in_(left)), done) if left else ()


def _rows(session: Session, *conditions: Any) -> list[Any]:
    return list(
        session.execute(
            wide_select(Proposal, Need, Group, Professional, Role.title)
            .join(Need, col(Need.id) == Proposal.need_id)
            .join(Group, col(Group.id) == Need.group_id)
            .join(Professional, col(Professional.id) == Proposal.professional_id)
            .join(Role, col(Role.id) == Proposal.role_id)
            .where(*conditions)
            .order_by(col(Need.title), col(Need.id), col(Role.position), col(Proposal.seat))
        )
    )


def _left(rows: list[Any], sorting: Sorted) -> tuple[Left, ...]:
    found = sorting.overtaken
    return tuple(
        Left(
            proposal.id,
            person.name,
            role,
            need,
            person.state != ProfileState.VERIFIED,
            found.gone.get(proposal.id, ()),
            found.rivals.get(proposal.id, ()),
            need.id in sorting.waiting,
        )
        for proposal, need, _group, person, role in rows
        if proposal.id in found.all
    )
