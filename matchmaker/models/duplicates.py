"""Records that were the same thing twice, and records that only look like it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref, time_field


class MergedRecord(SQLModel, table=True):
    """A record that was merged into another one: its old id still leads there."""

    __tablename__ = "merged_record"
    kind: str = Field(primary_key=True, max_length=16)  # professional, group or company
    old_id: str = Field(primary_key=True, max_length=64)
    kept_id: str = Field(max_length=64, index=True)
    merged_by: str | None = ref("account.id", nullable=True)
    merged_at: datetime = time_field()


class KnownDifferent(SQLModel, table=True):
    """Two records that look alike and are not the same; ``first_id`` is the lower id."""

    __tablename__ = "known_different"
    kind: str = Field(primary_key=True, max_length=16)
    first_id: str = Field(primary_key=True, max_length=64)
    second_id: str = Field(primary_key=True, max_length=64)
    noted_by: str | None = ref("account.id", nullable=True)
    noted_at: datetime = time_field()
