"""After a no, silence or a withdrawal: the way on that changes the fewest of those who said yes.

It is worked out from what the sent round was computed from, without everybody who is gone or
takes nothing more today, and proven. Starting it is a small round of the open needs alone, with
profiles and promises of today. That small round is worked out beforehand: where it would have
nobody for the seat, this says why and what would help. Where another round has the need already,
there is nothing to work out: that round is the way on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.engine.answers.repair import Repair, repair
from matchmaker.engine.matcher import match
from matchmaker.engine.reasons import Reason
from matchmaker.engine.unstaffed import unstaffed_reasons
from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Need,
    Professional,
    ProfileState,
    Proposal,
    ProposalState,
    Round,
    RoundNeed,
    RoundPerson,
    SuggestedChange,
)
from matchmaker.services import commitments, results, rounds, snapshots, suggestions
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import Names, groups_of, names_for

ENDED = (ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN)
STANDING = (ProposalState.OFFERED, ProposalState.CONFIRMED)


LOOKED_AT, CHANGES = 12, 3  # smallest changes: proven, and told besides whom to recruit


@dataclass(frozen=True)
class Stuck:
    """Nobody can take the seat by the profiles and promises of today: ``reasons``, and the smallest
    ``changes`` of which each alone would bring somebody."""

    reasons: tuple[Reason, ...]
    changes: tuple[Reason, ...]


@dataclass(frozen=True)
class Report:
    """``open_needs``: needs of the round that could go into another one now, ids to titles.
    ``groups``: need → name of its group. ``stuck``: only where nobody can take the seat; then
    ``asked`` holds what the group was asked for, by the change."""

    round: Round
    proposal: Proposal
    person: Professional
    need: Need
    found: Repair
    open_needs: dict[str, str]
    names: Names
    groups: dict[str, str]
    stuck: Stuck | None
    asked: dict[str, SuggestedChange]


@dataclass(frozen=True)
class UnderWay:
    """The round that has the need of a free seat already: ``by``; ``round`` is the sent one."""

    round: Round
    need: Need
    person: Professional
    by: Round


def under_way(session: Session, *, actor: Actor, proposal_id: str) -> UnderWay | None:
    """Which other round has the need of an offer that ended, if any. Refused:
    ``proposal_not_found``, ``offer_not_ended``."""
    row, proposal = _ended(session, actor, proposal_id)
    by = session.exec(
        select(Round)
        .join(RoundNeed, col(RoundNeed.round_id) == Round.id)
        .where(RoundNeed.need_id == proposal.need_id, col(RoundNeed.live), col(Round.id) != row.id)
    ).first()
    if by is None:
        return None
    return UnderWay(
        row,
        session.get_one(Need, proposal.need_id),
        session.get_one(Professional, proposal.professional_id),
        by,
    )


def report(session: Session, *, actor: Actor, today: date, proposal_id: str) -> Report:
    """The best way on after an offer that ended. Refused: ``proposal_not_found``,
    ``offer_not_ended``, ``pair_not_in_round`` for who was not in the computation."""
    row, proposal = _ended(session, actor, proposal_id)
    sent = session.exec(
        select(Proposal).where(Proposal.round_id == row.id, col(Proposal.offered_at).is_not(None))
    ).all()
    result = results.result_of(row)
    known = result.outcome.snapshot.person_at
    if proposal.professional_id not in known:
        raise NotFound("pair_not_in_round")
    standing = {each.professional_id for each in sent if each.state in STANDING}
    gone = {each.professional_id for each in sent if each.state in ENDED} | _busy(session, row)
    gone -= standing
    found = repair(
        result.outcome,
        proposal.professional_id,
        [(each.professional_id, each.role_id) for each in sent if each.state in STANDING],
        also_gone=sorted((gone & set(known)) - {proposal.professional_id}),
    )
    difference = found.difference
    pairs = [*difference.gained, *difference.lost]
    needs = {*difference.staffed, *difference.unstaffed}
    open_needs = _open_needs(session, row)
    stuck = None
    if proposal.need_id in open_needs:
        stuck = _stuck(session, proposal, open_needs, today)
    asked = suggestions.of_needs(session, [proposal.need_id])
    return Report(
        row,
        proposal,
        session.get_one(Professional, proposal.professional_id),
        session.get_one(Need, proposal.need_id),
        found,
        open_needs,
        names_for(
            session,
            [*stuck.reasons, *stuck.changes] if stuck else [],
            people={person for person, _role in pairs},
            roles={role for _person, role in pairs} | set(found.reopened),
            needs=needs,
        ),
        groups_of(session, needs),
        stuck,
        {change: each for (_need, change), each in asked.items()},
    )


def _busy(session: Session, row: Round) -> set[str]:
    """Who cannot be asked today: paused, or asked for all they offer by other rounds since."""
    held = commitments.outside(session, row.id).needs
    people = session.exec(
        wide_select(Professional.id, Professional.state, Professional.capacity)
        .join(RoundPerson, col(RoundPerson.professional_id) == Professional.id)
        .where(RoundPerson.round_id == row.id)
    )
    return {
        person
        for person, state, capacity in people
        if state != ProfileState.VERIFIED or len(held.get(person, ())) >= max(capacity, 1)
    }


def _stuck(session: Session, proposal: Proposal, needs: Iterable[str], today: date) -> Stuck | None:
    """Why the small round would propose nobody for the seat; None if it would."""
    taken = snapshots.take(session, need_ids=needs, as_of=today)
    policy = replace(rounds.policy_today(session, today=today), bans=taken.seated)
    result = match(taken.market, policy)
    need = result.outcome.snapshot.need_at.get(proposal.need_id)
    if need is None or proposal.role_id in {each.role_id for each in result.proposals}:
        return None
    if result.outcome.solution.staffed[need]:
        return Stuck((), ())
    changes = result.changes(proposal.need_id, LOOKED_AT)
    recruits = tuple(each for each in changes if each.code == "recruit")[:1]
    own = tuple(each for each in changes if each.code != "recruit")[:CHANGES]
    return Stuck(unstaffed_reasons(result.outcome, need), own + recruits)


def ask(
    session: Session, *, actor: Actor, now: datetime, today: date, proposal_id: str, change: str
) -> SuggestedChange:
    """Ask the group for a change that would bring somebody for the seat. Refused: as ``report``,
    ``change_not_found`` for what it does not name, and as ``suggestions.put``."""
    found = report(session, actor=actor, today=today, proposal_id=proposal_id)
    if found.stuck is None or change not in map(str, found.stuck.changes):
        raise NotFound("change_not_found")
    return suggestions.put(
        session, actor=actor, now=now, round_id=found.round.id, need_id=found.need.id,
        change=change,
    )  # fmt: skip


def start(
    session: Session, *, actor: Actor, now: datetime, today: date, proposal_id: str, name: str
) -> Round:
    """A round of the needs that are open again after a sent round, and its computation.

    Refused: as ``report``, and ``nothing_to_repair`` when none of its needs is open.
    """
    row, _proposal = _ended(session, actor, proposal_id)
    needs = _open_needs(session, row)
    if not needs:
        raise Conflict("nothing_to_repair")
    made = rounds.create(
        session, actor=actor, now=now, today=today, pledged=False,
        data={"name": name, "need_ids": list(needs)},
    )  # fmt: skip
    return rounds.request_computation(
        session, actor=actor, now=now, round_id=made.id, version=made.version
    )


def _ended(session: Session, actor: Actor, proposal_id: str) -> tuple[Round, Proposal]:
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound("proposal_not_found")
    row = rounds.find(session, actor=actor, round_id=proposal.round_id)
    if proposal.offered_at is None or proposal.state not in ENDED:
        raise Conflict("offer_not_ended")
    return row, proposal


def _open_needs(session: Session, row: Round) -> dict[str, str]:
    mine: Iterable[str] = session.exec(
        select(RoundNeed.need_id).where(
            RoundNeed.round_id == row.id,
            col(RoundNeed.need_id).in_(
                select(Proposal.need_id).where(
                    Proposal.round_id == row.id,
                    col(Proposal.offered_at).is_not(None),
                    col(Proposal.state).in_(ENDED),
                )
            ),
        )
    ).all()
    here = set(mine)
    return {
        each.need.id: each.need.title for each in rounds.open_needs(session) if each.need.id in here
    }
