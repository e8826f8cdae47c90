"""What is left of a project after half a year and a year, and letters of thanks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field
from matchmaker.models.deliveries import Use
from matchmaker.models.outcomes import Side


class FollowUp(SQLModel, table=True):
    """What one side says some months after the delivery; ``member_id`` says which professional."""

    __tablename__ = "follow_up"
    __table_args__ = (
        one_of("side", Side),
        one_of("in_use", Use),
        CheckConstraint("months IN (6, 12)", name="months_known"),
        CheckConstraint("(side = 'professional') = (member_id IS NOT NULL)", name="who_speaks"),
        UniqueConstraint("project_id", "months", "side", "member_id"),
        Index(
            "uq_follow_up_group",
            "project_id",
            "months",
            unique=True,
            sqlite_where=text("member_id IS NULL"),
            postgresql_where=text("member_id IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    months: int
    side: str = Field(max_length=16)
    member_id: str | None = ref("project_member.id", nullable=True)
    in_use: str | None = Field(default=None, max_length=16)  # asked of the group
    text: str = Field(default="", max_length=2000)  # what changed; what the professional kept
    again: bool | None = None  # would do it again
    at: datetime = time_field()


class Thanks(SQLModel, table=True):
    """A letter of thanks from the group to one professional."""

    id: str = id_field("t")
    project_id: str = ref("project.id")
    member_id: str = ref("project_member.id", unique=True)
    text: str = Field(max_length=2000)
    written_by: str | None = ref("account.id", nullable=True)
    at: datetime = time_field()
