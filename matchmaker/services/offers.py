"""Sending a round: a step of its own, after a look at everything that will go out.

Until here nobody but coordinators saw anything. With it, approved proposals become offers, each
person and each group is written to once a need, and what was not approved ends. Later in the
round: withdraw an offer, close the round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    HELD,
    Decision,
    DecisionAct,
    Group,
    Need,
    NeedState,
    Professional,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundNeed,
    RoundState,
)
from matchmaker.services import audit, letters, seats
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Code, Command, Date, Version, validated
from matchmaker.services.letters import Letter
from matchmaker.services.rounds import end_proposal, find
from matchmaker.services.still_true import require_still_true
from matchmaker.services.versions import claim


class Sending(Command):
    """What the coordinator saw (``shown``: the plan's digest) and until when replies are asked."""

    version: Version
    shown: Code
    reply_by: Date


@dataclass(frozen=True)
class PlannedSeat:
    """An approved person on a seat."""

    proposal: Proposal
    role: Role
    person: Professional


@dataclass(frozen=True)
class PlannedTeam:
    """A need with its approved seats, the letters about it, and how many essential seats lack."""

    need: Need
    group: Group
    seats: tuple[PlannedSeat, ...]
    letters: tuple[Letter, ...]
    missing: tuple[tuple[Role, int], ...]


@dataclass(frozen=True)
class Plan:
    """Everything that sending a round would do. ``left``: proposals that end unapproved;
    ``open_needs``: needs that stay open for the next round."""

    round: Round
    teams: tuple[PlannedTeam, ...]
    left: int
    open_needs: int
    digest: str

    @property
    def letters(self) -> list[Letter]:
        """Every letter, team by team."""
        return [letter for team in self.teams for letter in team.letters]

    @property
    def unreachable(self) -> list[Letter]:
        """Letters to people without an address: they must be told in another way."""
        return [letter for letter in self.letters if not letter.email]

    @property
    def incomplete(self) -> list[PlannedTeam]:
        """Teams that lack an essential seat; while there is one, nothing can be sent."""
        return [team for team in self.teams if team.missing]


def plan(session: Session, *, actor: Actor, round_id: str, reply_by: date | None = None) -> Plan:
    """What sending this round would do now, without doing it. ``reply_by``: in the letters."""
    row = find(session, actor=actor, round_id=round_id)
    return _plan(session, row, reply_by or row.reply_by)


def written(session: Session, *, actor: Actor, round_id: str) -> Plan:
    """The letters of a round as they would go out, or of a sent one as they went out to everybody
    who has not been answered for: to be printed for people without an address."""
    row = find(session, actor=actor, round_id=round_id)
    sent = row.state in (RoundState.SENT, RoundState.CLOSED)
    return _plan(session, row, row.reply_by, sent=sent)


def _plan(session: Session, row: Round, reply_by: date | None, *, sent: bool = False) -> Plan:
    taken = ProposalState.OFFERED if sent else ProposalState.APPROVED
    found = session.exec(
        select(Proposal, Role, Professional)
        .join(Role, col(Role.id) == Proposal.role_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(
            Proposal.round_id == row.id,
            col(Proposal.state).in_([ProposalState.PROPOSED, taken]),
        )
        .order_by(col(Role.position), col(Role.id), col(Proposal.seat))
    ).all()
    approved: dict[str, list[PlannedSeat]] = {}
    for each in found:
        if each[0].state == taken:
            approved.setdefault(each[0].need_id, []).append(PlannedSeat(*each))
    needs = session.exec(
        select(Need, Group)
        .join(Group, col(Group.id) == Need.group_id)
        .where(col(Need.id).in_(approved))
        .order_by(col(Need.title), col(Need.id))
    ).all()
    people = [seat.person for team in approved.values() for seat in team]
    book = letters.address_book(session, people=people, groups=[group for _, group in needs])
    lacking = seats.lacking(session, set(approved), HELD)
    live = session.exec(
        select(RoundNeed.need_id).where(RoundNeed.round_id == row.id, col(RoundNeed.live))
    ).all()
    teams = tuple(
        PlannedTeam(
            need,
            group,
            tuple(approved[need.id]),
            tuple(_letters(book, row, need, group, approved[need.id], reply_by)),
            lacking.get(need.id, ()),
        )
        for need, group in needs
    )
    return Plan(
        round=row,
        teams=teams,
        left=sum(each[0].state == ProposalState.PROPOSED for each in found),
        open_needs=len(set(live) - set(approved)),
        digest=_digest(approved),
    )


def _digest(approved: Mapping[str, list[PlannedSeat]]) -> str:
    shown = sorted(
        f"{seat.proposal.id}.{seat.proposal.version}" for team in approved.values() for seat in team
    )
    return sha256("\n".join(shown).encode()).hexdigest()[:32]


def _letters(
    book: letters.AddressBook,
    row: Round,
    need: Need,
    group: Group,
    team: list[PlannedSeat],
    reply_by: date | None,
) -> list[Letter]:
    facts = {
        "need_id": need.id,
        "need": need.title,
        "group": group.name,
        "reply_by": reply_by.isoformat() if reply_by else "",
        "round_id": row.id,
    }
    key = f"{row.id}:{need.id}"
    written = letters.to_group(
        book, group, "team_to_group", key, **facts, roles=[seat.role.title for seat in team]
    )
    for seat in team:
        written.append(
            letters.to_professional(
                book,
                seat.person,
                "offer_to_professional",
                key,
                **facts,
                proposal_id=seat.proposal.id,
                role=seat.role.title,
            )
        )
    return written


def send_round(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    round_id: str,
    data: Mapping[str, Any],
) -> Round:
    """Send a reviewed round as it was shown (``Sending``). Sending twice is sending once.

    Approved proposals become offers with letters in this same transaction; others end as
    ``withdrawn`` (``not_approved``); needs without a team stay open for the next round. Refused:
    ``round_not_in_review``, ``changed_meanwhile`` (approvals differ from what was shown),
    ``nothing_approved``, ``half_team`` with the need, ``need_not_open_now``,
    ``person_not_verified_now``, ``asked_elsewhere_now``; ``Invalid`` for a reply date that is not
    ahead (``in_the_past``).
    """
    find(session, actor=actor, round_id=round_id)
    row = session.exec(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.state in (RoundState.SENT, RoundState.CLOSED):
        return row
    if row.state != RoundState.READY:
        raise Conflict("round_not_in_review", state=row.state)
    wanted = validated(Sending, data)
    if wanted.reply_by <= today:
        raise Invalid([FieldError("reply_by", "in_the_past")])
    planned = _plan(session, row, wanted.reply_by)
    _check(session, planned, wanted)
    claim(session, row, wanted.version)
    row.state, row.sent_at, row.reply_by = RoundState.SENT, now, wanted.reply_by
    session.add(row)
    _lock_needs(session, [team.need for team in planned.teams])
    for team in planned.teams:
        _offer(session, actor, now, team, wanted.reply_by)
    _end_the_rest(session, actor, now, row, {team.need.id for team in planned.teams})
    letters.post(session, planned.letters, now=now)
    audit.record(
        session,
        actor=actor,
        act="send_round",
        subject=("round", row.id),
        now=now,
        teams=len(planned.teams),
        letters=len(planned.letters),
    )
    return row


def _check(session: Session, planned: Plan, wanted: Sending) -> None:
    if planned.digest != wanted.shown:
        raise Conflict("changed_meanwhile")
    if not planned.teams:
        raise Conflict("nothing_approved")
    for team in planned.incomplete:
        raise Conflict("half_team", need=team.need.title)
    require_still_true(session, [seat.proposal for team in planned.teams for seat in team.seats])


def _lock_needs(session: Session, needs: list[Need]) -> None:
    session.exec(
        select(Need.id)
        .where(col(Need.id).in_([need.id for need in needs]))
        .order_by(col(Need.id))
        .with_for_update()
    ).all()


def _offer(
    session: Session, actor: Actor, now: datetime, team: PlannedTeam, reply_by: date
) -> None:
    claim(session, team.need, team.need.version)
    team.need.state = NeedState.IN_ROUND
    session.add(team.need)
    for seat in team.seats:
        claim(session, seat.proposal, seat.proposal.version)
        seat.proposal.state = ProposalState.OFFERED
        seat.proposal.reply_by, seat.proposal.offered_at = reply_by, now
        session.add(seat.proposal)
        session.add(
            Decision(
                proposal_id=seat.proposal.id,
                act=DecisionAct.SEND,
                side="coordinator",
                actor_id=actor.account_id,
                at=now,
            )
        )


def _end_the_rest(
    session: Session, actor: Actor, now: datetime, row: Round, offered: set[str]
) -> None:
    for each in session.exec(
        select(Proposal).where(
            Proposal.round_id == row.id, Proposal.state == ProposalState.PROPOSED
        )
    ).all():
        end_proposal(session, each, actor, now, DecisionAct.WITHDRAW, "not_approved")
    for entry in session.exec(select(RoundNeed).where(RoundNeed.round_id == row.id)):
        entry.live = entry.live and entry.need_id in offered
        entry.staffed = entry.need_id in offered
        session.add(entry)
    session.flush()


def close_round(
    session: Session, *, actor: Actor, now: datetime, round_id: str, version: int
) -> Round:
    """Close a sent round in which nobody's reply is awaited any more (``replies_waiting``)."""
    row = find(session, actor=actor, round_id=round_id)
    if row.state == RoundState.CLOSED:
        return row
    if row.state != RoundState.SENT:
        raise Conflict("round_not_sent", state=row.state)
    waiting = session.exec(
        select(Proposal.id).where(
            Proposal.round_id == row.id, Proposal.state == ProposalState.OFFERED
        )
    ).all()
    if waiting:
        raise Conflict("replies_waiting", count=len(waiting))
    claim(session, row, version)
    row.state, row.closed_at = RoundState.CLOSED, now
    session.add(row)
    for entry in session.exec(select(RoundNeed).where(RoundNeed.round_id == row.id)):
        entry.live = False
        session.add(entry)
    audit.record(session, actor=actor, act="close_round", subject=("round", row.id), now=now)
    return row
