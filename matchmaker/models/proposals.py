"""A person put forward for a seat: score, parts, reasons, and both sides' replies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field, where


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    OFFERED = "offered"
    CONFIRMED = "confirmed"  # accepted by the professional and by the group
    REJECTED = "rejected"  # by the coordinator
    DECLINED = "declined"  # by either side
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Reply(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


# A seat is taken, and a person's place in a need used, while a proposal is in one of these.
HELD = (ProposalState.APPROVED, ProposalState.OFFERED, ProposalState.CONFIRMED)
_HELD = text(where("state", *HELD))
_LIVE = text(where("state", ProposalState.PROPOSED, *HELD))


class Proposal(SQLModel, table=True):
    """One person on one seat of a role."""

    __table_args__ = (
        one_of("state", ProposalState),
        one_of("professional_reply", Reply),
        one_of("group_reply", Reply),
        CheckConstraint("score BETWEEN 0 AND 10000", name="score_range"),
        CheckConstraint("seat >= 1", name="seat_range"),
        CheckConstraint(
            "state <> 'confirmed' OR"
            " (professional_reply = 'accepted' AND group_reply = 'accepted')",
            name="confirmed_by_both",
        ),
        # Against double approval: a seat is held by one person.
        Index(
            "uq_proposal_seat_held",
            "role_id",
            "seat",
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        # Against double booking: a person holds one seat of a need.
        Index(
            "uq_proposal_person_once",
            "need_id",
            "professional_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_proposal_round_state", "round_id", "state"),
    )
    id: str = id_field("x")
    round_id: str = ref("matching_round.id")
    need_id: str = ref("need.id")
    role_id: str = ref("role.id")
    seat: int = 1
    professional_id: str = ref("professional.id")
    score: int
    contributions: dict[str, int] = json_field()  # feature -> part; they add up to the score
    strengths: list[Any] = json_field(list)  # codes with parameters
    gaps: list[Any] = json_field(list)
    pinned: bool = False
    sure: dict[str, Any] = json_field()  # whether it holds under other weights; empty: not known
    state: str = Field(default=ProposalState.PROPOSED, max_length=16, index=True)
    state_reason: str = Field(default="", max_length=40)  # a coded reason for the off-ramps
    state_note: str = Field(default="", max_length=1000)
    reply_by: date | None = None
    offered_at: datetime | None = time_field(nullable=True)
    professional_reply: str = Field(default=Reply.WAITING, max_length=16)
    professional_replied_at: datetime | None = time_field(nullable=True)
    group_reply: str = Field(default=Reply.WAITING, max_length=16)
    group_replied_at: datetime | None = time_field(nullable=True)
    confirmed_at: datetime | None = time_field(nullable=True)
    created_at: datetime = time_field()
    version: int = 1
