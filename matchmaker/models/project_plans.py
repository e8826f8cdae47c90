"""When what is done on a project, and what both sides say of it half-way."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field
from matchmaker.models.outcomes import Side


class StepKind(StrEnum):
    KICK_OFF = "kick_off"
    PHASE = "phase"
    MILESTONE = "milestone"
    MEETING = "meeting"
    MID_TERM = "mid_term"
    DELIVERY = "delivery"


class OnTrack(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class HoursRight(StrEnum):
    RIGHT = "right"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"


class PlanStep(SQLModel, table=True):
    """A day both sides plan for; a phase also has the day it begins on."""

    __tablename__ = "plan_step"
    __table_args__ = (
        one_of("kind", StepKind),
        CheckConstraint("begins_on IS NULL OR due_on >= begins_on", name="dates_in_order"),
        Index("ix_plan_step_project_id_due_on", "project_id", "due_on"),
    )
    id: str = id_field("e")
    project_id: str = ref("project.id", index=False)
    kind: str = Field(max_length=16)
    title: str = Field(default="", max_length=400)  # empty: the word of its kind
    begins_on: date | None = None
    due_on: date
    at: str = Field(default="", max_length=5)  # time of day of a meeting: 18:30
    place: str = Field(default="", max_length=400)
    done_on: date | None = None
    done_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    version: int = 1


class MidTermCheck(SQLModel, table=True):
    """What one side says half-way; ``member_id`` says which professional when it is theirs."""

    __tablename__ = "mid_term_check"
    __table_args__ = (
        one_of("side", Side),
        one_of("on_track", OnTrack),
        one_of("hours", HoursRight),
        CheckConstraint("(side = 'professional') = (member_id IS NOT NULL)", name="who_speaks"),
        UniqueConstraint("project_id", "side", "member_id"),
        Index(
            "uq_mid_term_check_group",
            "project_id",
            unique=True,
            sqlite_where=text("member_id IS NULL"),
            postgresql_where=text("member_id IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    side: str = Field(max_length=16)
    member_id: str | None = ref("project_member.id", nullable=True)
    on_track: str = Field(max_length=16)
    hours: str = Field(max_length=16)
    change: str = Field(default="", max_length=1000)  # what should change
    call: bool = False  # a coordinator is asked to call
    called_on: date | None = None
    at: datetime = time_field()
