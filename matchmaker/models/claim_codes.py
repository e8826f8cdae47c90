"""Codes on paper by which somebody takes over the profile that was entered for them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref, time_field


class ClaimCode(SQLModel, table=True):
    """One a profile. Only the hash is kept: the code stands on the letter alone."""

    __tablename__ = "claim_code"
    id: int | None = Field(default=None, primary_key=True)
    professional_id: str = ref("professional.id", unique=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    expires_at: datetime = time_field()
