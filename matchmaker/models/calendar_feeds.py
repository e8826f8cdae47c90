"""Calendars people subscribe to: one secret address for each account."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref, time_field


class CalendarFeed(SQLModel, table=True):
    """Only the hash of the address is kept, so it can be revoked, not stolen."""

    __tablename__ = "calendar_feed"
    id: int | None = Field(default=None, primary_key=True)
    account_id: str = ref("account.id", unique=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = time_field()
