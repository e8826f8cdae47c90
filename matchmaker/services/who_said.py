"""Of a reply that a coordinator wrote down: who said so, how and when, as the record keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import AuditEntry, Decision, DecisionAct, Professional, Proposal, Side
from matchmaker.services.history import shown

ACTS = (DecisionAct.ACCEPT, DecisionAct.DECLINE)
NOTED = ("said_by", "channel", "said_on")


def who_said(session: Session, decisions: Iterable[Decision]) -> dict[int, Mapping[str, Any]]:
    """Decision → ``said_by``, ``channel`` and ``said_on`` of those taken for others. Of somebody
    who was erased, no words come back."""
    replies = {
        (each.proposal_id, f"{each.act}_offer", each.side, each.at): each.id or 0
        for each in decisions
        if each.act in ACTS and each.side in (Side.PROFESSIONAL, Side.GROUP)
    }
    seats = {key[0] for key in replies}
    found = session.exec(
        select(AuditEntry, Professional.name)
        .join(Proposal, col(Proposal.id) == AuditEntry.subject_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(
            AuditEntry.subject_type == "proposal",
            col(AuditEntry.subject_id).in_(seats),
            col(AuditEntry.act).in_([f"{act}_offer" for act in ACTS]),
        )
    )
    noted: dict[int, Mapping[str, Any]] = {}
    for entry, name in found:
        told = shown(entry.details, name)
        key = (entry.subject_id, entry.act, entry.details.get("side", ""), entry.at)
        if "said_by" in told and key in replies:
            noted[replies[key]] = {field: told[field] for field in NOTED}
    return noted
