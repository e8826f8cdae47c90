"""How an offer is decided and how it ends, and the record that is kept of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from matchmaker.models import Decision, DecisionAct, Proposal, ProposalState, Side
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.versions import claim


def decide(
    session: Session,
    actor: Actor,
    now: datetime,
    proposal: Proposal,
    act: DecisionAct,
    side: str,
    *,
    reason: str = "",
    note: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Record a decision about an offer, for the round's history and in the audit log."""
    session.add(proposal)
    session.add(
        Decision(
            proposal_id=proposal.id,
            act=act,
            side=side,
            actor_id=actor.account_id,
            reason=reason,
            note=note,
            at=now,
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        act=f"{act.value}_offer",
        subject=("proposal", proposal.id),
        now=now,
        round_id=proposal.round_id,
        side=str(side),
        reason=reason,
        **(details or {}),
    )


def decline(
    session: Session,
    actor: Actor,
    now: datetime,
    proposal: Proposal,
    side: Side,
    reason: str,
    note: str,
    details: dict[str, Any],
) -> None:
    """End an offer because ``side`` said no."""
    claim(session, proposal, proposal.version)
    proposal.state = ProposalState.DECLINED
    proposal.state_reason, proposal.state_note = reason, note
    decide(
        session, actor, now, proposal, DecisionAct.DECLINE, side,
        reason=reason, note=note, details=details,
    )  # fmt: skip


def expire(session: Session, actor: Actor, now: datetime, proposal: Proposal) -> None:
    """End an offer to which somebody did not reply in time."""
    claim(session, proposal, proposal.version)
    proposal.state, proposal.state_reason = ProposalState.EXPIRED, "no_reply"
    decide(session, actor, now, proposal, DecisionAct.EXPIRE, "system", reason="no_reply")
