"""The outbox: messages waiting to be sent, as a code with parameters; and who wants which when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field


class NoticeState(StrEnum):
    WAITING = "waiting"
    COLLECTED = "collected"  # goes out with others, as its reader wishes
    PAPER = "paper"  # to be printed: its reader takes no mail
    SENT = "sent"  # or printed and posted
    FAILED = "failed"  # given up after several tries; nothing is known about the address
    BOUNCED = "bounced"  # the address does not take it
    DROPPED = "dropped"  # nobody is to get it any more


class Pace(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Notice(SQLModel, table=True):
    """One message to one person, written in the same transaction as the act it tells of."""

    __table_args__ = (
        one_of("state", NoticeState),
        one_of("pace", Pace),
        Index("ix_notice_due", "state", "not_before"),
    )
    id: str = id_field("o")  # also the Message-ID, so a second sending is recognised
    account_id: str | None = ref("account.id", nullable=True)
    email: str = Field(max_length=254)
    language: str = Field(default="ja", max_length=8)
    code: str = Field(max_length=40)
    params: dict[str, Any] = json_field()
    dedupe_key: str = Field(max_length=120, unique=True)
    state: str = Field(default=NoticeState.WAITING, max_length=16)
    pace: str = Field(default=Pace.AT_ONCE, max_length=16)
    digest_id: str = Field(default="", max_length=64, index=True)  # the mail it goes out with
    not_before: datetime = time_field()
    leased_until: datetime | None = time_field(nullable=True)
    attempts: int = 0
    error: str = Field(default="", max_length=400)
    created_at: datetime = time_field()
    sent_at: datetime | None = time_field(nullable=True)
    bounced_at: datetime | None = time_field(nullable=True)


class NoticeChoice(SQLModel, table=True):
    """How often an account wants messages of a kind; without a row, as the kind usually comes."""

    __tablename__ = "notice_choice"
    __table_args__ = (one_of("pace", Pace),)
    account_id: str = ref("account.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=24)
    pace: str = Field(max_length=16)
    changed_at: datetime = time_field()
