"""One run of the matching: policy, seed, versions, what was reached, what proves it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field


class RoundState(StrEnum):
    DRAFT = "draft"
    COMPUTING = "computing"
    READY = "ready"  # ready for review; nobody else sees anything yet
    SENT = "sent"
    CLOSED = "closed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MarkKind(StrEnum):
    PIN = "pin"  # must be together
    BAN = "ban"  # must not


OPEN_ROUND = (RoundState.DRAFT, RoundState.COMPUTING, RoundState.READY, RoundState.FAILED)


class PolicyVersion(SQLModel, table=True):
    """Weights, floor and levels as published from a date on; never changed, only followed."""

    __tablename__ = "policy_version"
    id: int | None = Field(default=None, primary_key=True)
    body: dict[str, Any] = json_field()  # the engine's Policy as JSON, without pins and bans
    note: str = Field(default="", max_length=400)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class Round(SQLModel, table=True):
    """A round: a draft changes nothing anyone else can see until it is sent."""

    __tablename__ = "matching_round"
    __table_args__ = (one_of("state", RoundState), CheckConstraint("seed >= 0", name="seed_range"))
    id: str = id_field("m")
    name: str = Field(max_length=120)
    state: str = Field(default=RoundState.DRAFT, max_length=16, index=True)
    policy: dict[str, Any] = json_field()
    left_out: list[str] = json_field(list)  # people who take no part in this round
    policy_version: int | None = ref("policy_version.id", nullable=True)
    seed: int = 0
    as_of: date
    reply_by: date | None = None
    stage: str = Field(default="", max_length=32)  # what is being done while computing
    progress: int = 0  # per cent
    runs: int = 0  # how often it was computed; proposals of older runs are gone
    engine_version: str = Field(default="", max_length=32)
    inputs_hash: str = Field(default="", max_length=64)
    snapshot: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    levels: dict[str, Any] = json_field()
    proof: dict[str, Any] = json_field()  # bounds, gaps, prices, verdict of the checker
    measures: dict[str, Any] = json_field()  # counts shown at the top of the board
    first: dict[str, Any] = json_field()  # figures and pairs of the first computation
    seconds: dict[str, Any] = json_field()
    failure: dict[str, Any] = json_field()  # code and params when the state is failed
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    computed_at: datetime | None = time_field(nullable=True)
    sent_at: datetime | None = time_field(nullable=True)
    closed_at: datetime | None = time_field(nullable=True)
    version: int = 1


class RoundNeed(SQLModel, table=True):
    """A need in a round and what came of it; a need is in one live round at most."""

    __tablename__ = "round_need"
    __table_args__ = (
        Index(
            "uq_round_need_live",
            "need_id",
            unique=True,
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),
    )
    round_id: str = ref("matching_round.id", primary_key=True)
    need_id: str = ref("need.id", primary_key=True)
    live: bool = True  # until the round is closed or cancelled
    staffed: bool = False
    blocking_role: str | None = ref("role.id", nullable=True)
    reasons: list[Any] = json_field(list)  # codes with parameters
    smallest_change: dict[str, Any] = json_field()


class RoundPerson(SQLModel, table=True):
    """A professional in a round who got no seat, and why."""

    __tablename__ = "round_person"
    round_id: str = ref("matching_round.id", primary_key=True)
    professional_id: str = ref("professional.id", primary_key=True)
    matched: bool = False
    reasons: list[Any] = json_field(list)
    openings: dict[str, Any] = json_field()  # what would open a seat; empty: not looked at


class RoundMark(SQLModel, table=True):
    """A coordinator's pin or ban of a pair in a round, with the reason."""

    __tablename__ = "round_mark"
    __table_args__ = (one_of("kind", MarkKind),)
    round_id: str = ref("matching_round.id", primary_key=True)
    professional_id: str = ref("professional.id", primary_key=True)
    role_id: str = ref("role.id", primary_key=True)
    kind: str = Field(max_length=8)
    reason: str = Field(default="", max_length=400)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class Scenario(SQLModel, table=True):
    """Changes to a round that a coordinator tries out; nothing of it is seen by anybody else."""

    id: str = id_field("e")
    round_id: str = ref("matching_round.id")
    name: str = Field(max_length=80)
    steps: list[Any] = json_field(list)  # kind, what it is about, and the engine's changes
    done: int = 0  # how many of the steps are in force; those after them can be redone
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    version: int = 1
