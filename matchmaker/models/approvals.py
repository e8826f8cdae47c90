"""Who decided what about a proposal, when and why. Rows are only ever added; a note can be erased
with whoever wrote it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from matchmaker.models.base import one_of, ref, time_field


class DecisionAct(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"  # an approval or rejection taken back before sending
    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    REPLACE = "replace"


class Decision(SQLModel, table=True):
    """One decision. ``side`` is who spoke: coordinator, professional, group or system."""

    __table_args__ = (one_of("act", DecisionAct),)
    id: int | None = Field(default=None, primary_key=True)
    proposal_id: str = ref("proposal.id")
    act: str = Field(max_length=16)
    side: str = Field(max_length=16)
    actor_id: str | None = ref("account.id", nullable=True)
    reason: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=1000)
    at: datetime = time_field()
