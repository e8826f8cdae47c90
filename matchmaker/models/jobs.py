"""Background work that must survive the death of whoever does it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(SQLModel, table=True):
    """One piece of work, leased to a worker until ``leased_until``; then anyone may take it."""

    __table_args__ = (one_of("state", JobState), Index("ix_job_due", "state", "not_before"))
    id: str = id_field("w")
    kind: str = Field(max_length=40)
    params: dict[str, Any] = json_field()
    dedupe_key: str | None = Field(default=None, max_length=120, unique=True)
    state: str = Field(default=JobState.WAITING, max_length=16)
    not_before: datetime = time_field()
    leased_until: datetime | None = time_field(nullable=True)
    attempts: int = 0
    error: str = Field(default="", max_length=1000)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    finished_at: datetime | None = time_field(nullable=True)


class ImportState(StrEnum):
    CHECKING = "checking"
    PREVIEW = "preview"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"


class ImportBatch(SQLModel, table=True):
    """An uploaded market folder or workbook: checked first, shown, then taken in whole or not."""

    __tablename__ = "import_batch"
    __table_args__ = (one_of("state", ImportState),)
    id: str = id_field("i")
    filename: str = Field(max_length=200)
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    state: str = Field(default=ImportState.CHECKING, max_length=16)
    counts: dict[str, Any] = json_field()  # file -> new, changed, same
    errors: list[Any] = json_field(list)  # file, line, column, value, code, params
    warnings: list[Any] = json_field(list)
    changes: list[Any] = json_field(list)  # file, id, column, before, after
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    applied_at: datetime | None = time_field(nullable=True)
    version: int = 1
