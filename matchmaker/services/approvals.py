"""What a coordinator decides about a proposal before anything is sent: approve, reject, undo.

Nobody outside is told. Every decision is kept with who, when and why. Of two coordinators who
decide at once, one wins and the other is told; the partial unique indexes of the table hold even
where this code would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Account,
    Decision,
    DecisionAct,
    Proposal,
    ProposalState,
    Round,
)
from matchmaker.services import audit, marks
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Choice, Code, Command, ShortText, Version, validated
from matchmaker.services.overtaken import Sorted
from matchmaker.services.rounds import lock_ready, request_computation
from matchmaker.services.still_true import require_still_true, sort_out
from matchmaker.services.versions import claim

# Why a coordinator does not want a proposal. Codes; the site has the words.
REJECT_REASONS = (
    "skills_doubtful",
    "too_much_now",
    "relation",
    "group_not_ready",
    "person_asked",
    "better_person",
    "other",
)


class Rejection(Command):
    """A coded reason, and a note for colleagues."""

    version: Version
    reason: Annotated[str, Choice(REJECT_REASONS)]
    note: Annotated[str, ShortText(1000)] = ""


class Replacement(Command):
    """Who shall have the seat instead."""

    version: Version
    professional_id: Code
    note: Annotated[str, ShortText(400)] = ""


def approve(
    session: Session, *, actor: Actor, now: datetime, proposal_id: str, version: int
) -> Proposal:
    """Approve a proposal. Doing it twice is doing it once.

    Refused: ``proposal_not_found``, ``round_not_in_review``, ``already_decided`` (by somebody
    else, or the other way), ``changed_meanwhile``, ``need_not_open_now``,
    ``person_not_verified_now``, ``asked_elsewhere_now``, ``seat_taken_meanwhile``.
    """
    proposal = _in_review(session, actor, proposal_id)
    return _approve_all(session, actor, now, [(proposal, version)])[0]


def approve_team(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    round_id: str,
    need_id: str,
    seen: Mapping[str, int],
) -> list[Proposal]:
    """Approve everybody proposed for a need as it was shown (``seen``: proposal → version).

    All or nothing; refused as ``approve``, and ``changed_meanwhile`` when the team is not the one
    that was shown.
    """
    row = lock_ready(session, actor=actor, round_id=round_id)
    team = _of_round(session, row, need_id=need_id)
    if not team:
        raise NotFound("need_not_found")
    if {each.id for each in team} != set(seen):
        raise Conflict("changed_meanwhile")
    return _approve_all(session, actor, now, [(each, seen[each.id]) for each in team])


def approve_all(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    round_id: str,
    version: int | None = None,
    need_ids: Iterable[str] | None = None,
) -> Sorted:
    """Approve everything that is still proposed in a round and may be (``overtaken.sort_out``), or
    for the needs ``need_ids`` alone; what others decided stays.

    ``version`` is the round's as it was shown: ``changed_meanwhile`` when it was worked out since.
    Refused as ``approve`` where nothing may be approved.
    """
    row = lock_ready(session, actor=actor, round_id=round_id)
    if version is not None and version != row.version:
        raise Conflict("changed_meanwhile")
    waiting = [each for each in _of_round(session, row) if each.state == ProposalState.PROPOSED]
    if need_ids is not None:
        wanted = set(need_ids)
        waiting = [each for each in waiting if each.need_id in wanted]
    found = sort_out(session, waiting)
    _take(session, actor, now, [(each, each.version) for each in found.may])
    return found


def reject(
    session: Session, *, actor: Actor, now: datetime, proposal_id: str, data: Mapping[str, Any]
) -> Proposal:
    """Reject a proposal, or an approval, with a reason (``Rejection``).

    The seat stays empty until the round is computed anew; the pair is then kept apart, also when
    somebody had fixed it before.
    """
    proposal = _in_review(session, actor, proposal_id)
    wanted = validated(Rejection, data)
    if proposal.state == ProposalState.REJECTED:
        return _decided_already(session, proposal, actor, DecisionAct.REJECT)
    claim(session, proposal, wanted.version)
    proposal.state, proposal.state_reason = ProposalState.REJECTED, wanted.reason
    proposal.state_note = wanted.note
    marks.lift_pin(session, actor=actor, now=now, proposal=proposal)
    _decide(session, actor, now, proposal, DecisionAct.REJECT, wanted.reason, wanted.note)
    return proposal


def undo(
    session: Session, *, actor: Actor, now: datetime, proposal_id: str, version: int
) -> Proposal:
    """Take an approval or a rejection back. Undoing twice is undoing once.

    A rejection that was followed by a computation only ends: the pair is no longer kept apart,
    and the next computation may propose it again.
    """
    proposal = _in_review(session, actor, proposal_id)
    if proposal.state not in (ProposalState.APPROVED, ProposalState.REJECTED):
        return proposal
    claim(session, proposal, version)
    proposal.state = ProposalState.PROPOSED
    proposal.state_reason = proposal.state_note = ""
    if _decided_before_computation(session, proposal):
        proposal.state, proposal.state_reason = ProposalState.REPLACED, "ban_lifted"
    _decide(session, actor, now, proposal, DecisionAct.UNDO)
    return proposal


def replace(
    session: Session, *, actor: Actor, now: datetime, proposal_id: str, data: Mapping[str, Any]
) -> Round:
    """Give the seat to somebody else (``Replacement``): the pair is rejected, the other pinned,
    and the round computed anew around it. Refused as ``reject`` and ``marks.mark``."""
    proposal = _in_review(session, actor, proposal_id, alone=True)
    wanted = validated(Replacement, data)
    reject(
        session,
        actor=actor,
        now=now,
        proposal_id=proposal_id,
        data={"version": wanted.version, "reason": "better_person", "note": wanted.note},
    )
    pin = {
        "professional_id": wanted.professional_id,
        "role_id": proposal.role_id,
        "kind": "pin",
        "reason": wanted.note,
    }
    marks.mark(session, actor=actor, now=now, round_id=proposal.round_id, data=pin)
    row = session.get_one(Round, proposal.round_id)
    return request_computation(session, actor=actor, now=now, round_id=row.id, version=row.version)


def history(session: Session, *, round_id: str) -> list[tuple[Decision, Proposal, str]]:
    """Every decision about a round's proposals with who took it, newest first."""
    found = session.exec(
        select(Decision, Proposal, Account.name)
        .join(Proposal, col(Proposal.id) == Decision.proposal_id)
        .join(Account, col(Account.id) == Decision.actor_id, isouter=True)
        .where(Proposal.round_id == round_id)
        .order_by(col(Decision.at).desc(), col(Decision.id).desc())
    )
    return [(decision, proposal, name or "") for decision, proposal, name in found]


def _in_review(
    session: Session, actor: Actor, proposal_id: str, *, alone: bool = False
) -> Proposal:
    require_coordinator(actor)
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound("proposal_not_found")
    lock_ready(session, actor=actor, round_id=proposal.round_id, alone=alone)
    return proposal


def _of_round(session: Session, row: Round, *, need_id: str | None = None) -> list[Proposal]:
    chosen = select(Proposal).where(
        Proposal.round_id == row.id,
        col(Proposal.state).in_([ProposalState.PROPOSED, ProposalState.APPROVED]),
    )
    if need_id is not None:
        chosen = chosen.where(Proposal.need_id == need_id)
    return list(session.exec(chosen.order_by(col(Proposal.id))))


def _approve_all(
    session: Session, actor: Actor, now: datetime, shown: Iterable[tuple[Proposal, int]]
) -> list[Proposal]:
    shown = list(shown)
    fresh = [pair for pair in shown if pair[0].state != ProposalState.APPROVED]
    require_still_true(session, [proposal for proposal, _ in fresh])
    if len(shown) == 1 and not fresh:
        return [_decided_already(session, shown[0][0], actor, DecisionAct.APPROVE)]
    _take(session, actor, now, fresh)
    return [proposal for proposal, _ in shown]


def _take(session: Session, actor: Actor, now: datetime, fresh: list[tuple[Proposal, int]]) -> None:
    for proposal, version in sorted(fresh, key=lambda pair: pair[0].id):
        if proposal.state != ProposalState.PROPOSED:
            raise Conflict("already_decided", by=_decider(session, proposal)[1])
        claim(session, proposal, version)
    # Only now the audit log, which everybody shares: two teams at once never wait crosswise.
    for proposal, _ in fresh:
        proposal.state = ProposalState.APPROVED
        _decide(session, actor, now, proposal, DecisionAct.APPROVE)


def _decided_already(
    session: Session, proposal: Proposal, actor: Actor, act: DecisionAct
) -> Proposal:
    decided, name = _decider(session, proposal)
    if decided is not None and decided.act == act and decided.actor_id == actor.account_id:
        return proposal
    raise Conflict("already_decided", by=name)


def _decider(session: Session, proposal: Proposal) -> tuple[Decision | None, str]:
    found = session.exec(
        select(Decision, Account.name)
        .join(Account, col(Account.id) == Decision.actor_id, isouter=True)
        .where(Decision.proposal_id == proposal.id)
        .order_by(col(Decision.id).desc())
        .limit(1)
    ).first()
    return (found[0], found[1] or "") if found else (None, "")


def _decided_before_computation(session: Session, proposal: Proposal) -> bool:
    decision, _ = _decider(session, proposal)
    computed = session.get_one(Round, proposal.round_id).computed_at
    rejected = decision is not None and decision.act == DecisionAct.REJECT
    return bool(rejected and decision and computed and decision.at < computed)


def _decide(
    session: Session,
    actor: Actor,
    now: datetime,
    proposal: Proposal,
    act: DecisionAct,
    reason: str = "",
    note: str = "",
) -> None:
    session.add(proposal)
    session.add(
        Decision(
            proposal_id=proposal.id,
            act=act,
            side="coordinator",
            actor_id=actor.account_id,
            reason=reason,
            note=note,
            at=now,
        )
    )
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("seat_taken_meanwhile") from taken
    audit.record(
        session,
        actor=actor,
        act=f"{act.value}_proposal",
        subject=("proposal", proposal.id),
        now=now,
        round_id=proposal.round_id,
        reason=reason,
    )
