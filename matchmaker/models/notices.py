"""The outbox: messages waiting to be sent, as a code with parameters."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Notice(SQLModel, table=True):
    """One message to one person, written in the same transaction as the act it tells of."""

    __table_args__ = (
        one_of("state", NoticeState),
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
    not_before: datetime = time_field()
    leased_until: datetime | None = time_field(nullable=True)
    attempts: int = 0
    error: str = Field(default="", max_length=400)
    created_at: datetime = time_field()
    sent_at: datetime | None = time_field(nullable=True)
