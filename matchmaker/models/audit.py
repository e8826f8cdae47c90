"""Who did what, when: a chain of rows that are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from matchmaker.models.base import json_field, time_field


class AuditEntry(SQLModel, table=True):
    """One act. ``hash`` covers the row and the hash before it, so a change or gap shows."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = time_field(index=True)
    actor_id: str | None = Field(default=None, max_length=64, index=True)  # None: the system
    act: str = Field(max_length=40)
    subject_type: str = Field(max_length=40)
    subject_id: str = Field(max_length=64)
    details: dict[str, Any] = json_field()
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class AuditHead(SQLModel, table=True):
    """The last hash of the chain: one row, locked by whoever adds the next entry."""

    __tablename__ = "audit_head"
    id: int = Field(default=1, primary_key=True)
    hash: str = Field(max_length=64)
