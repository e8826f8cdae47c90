"""What groups need: a need, its roles, the skills they ask for, and people's wishes for it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, one_of, ref, time_field


class NeedForm(StrEnum):
    SESSION = "session"
    DAY = "day"
    SINGLE = "single"
    TEAM = "team"


class Mode(StrEnum):
    REMOTE = "remote"
    ONSITE = "onsite"
    HYBRID = "hybrid"


class Urgency(StrEnum):
    URGENT = "urgent"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class NeedState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    OPEN = "open"
    IN_ROUND = "in_round"
    STAFFED = "staffed"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    EVALUATED = "evaluated"
    FOLLOWED_UP = "followed_up"
    WITHDRAWN = "withdrawn"
    UNSTAFFED = "unstaffed"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Need(SQLModel, table=True):
    """One piece of work a group asks for."""

    __table_args__ = (
        one_of("form", NeedForm),
        one_of("mode", Mode),
        one_of("urgency", Urgency),
        one_of("state", NeedState),
        CheckConstraint("hours_per_week >= 0 AND hours_per_week <= 60", name="hours_range"),
        CheckConstraint("weeks IS NULL OR weeks BETWEEN 1 AND 52", name="weeks_range"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates_in_order"
        ),
        Index("ix_need_state_opened_at", "state", "opened_at"),
    )
    id: str = id_field("n")
    group_id: str = ref("civic_group.id")
    title: str = Field(max_length=120)
    summary: str = Field(default="", max_length=4000)  # what troubles the group
    deliverable: str = Field(default="", max_length=2000)  # what there is at the end
    gain: str = Field(default="", max_length=1000)  # what the professional takes home
    menu: str | None = ref("menu.code", nullable=True)
    form: str = Field(default=NeedForm.SINGLE, max_length=16)
    mode: str = Field(default=Mode.HYBRID, max_length=16)
    district: str | None = ref("district.code", nullable=True)  # empty: the group's own
    starts_on: date | None = None
    ends_on: date | None = None
    weeks: int | None = None  # how long it takes; None: from the dates
    hours_per_week: float = 0
    slots: list[str] = json_field(list)
    languages: list[str] = json_field(list)
    goals: list[str] = json_field(list)  # SDGs by number; none: those of its fields
    urgency: str = Field(default=Urgency.ORDINARY, max_length=16)
    urgency_reason: str = Field(default="", max_length=400)
    readiness: dict[str, bool] = json_field()  # the four readiness tests, as answered
    state: str = Field(default=NeedState.DRAFT, max_length=16)
    returned_comment: str = Field(default="", max_length=2000)
    state_note: str = Field(default="", max_length=1000)  # why it was paused or withdrawn
    submitted_at: datetime | None = time_field(nullable=True)
    opened_at: datetime | None = time_field(nullable=True)
    search_text: str = Field(default="", max_length=4000)
    created_at: datetime = time_field()
    version: int = 1


class NeedField(SQLModel, table=True):
    """A field of activity a need belongs to."""

    __tablename__ = "need_field"
    need_id: str = ref("need.id", primary_key=True)
    field: str = ref("activity_field.code", primary_key=True)


class Role(SQLModel, table=True):
    """A part in a need with identical seats; without its essential roles a need never starts."""

    __table_args__ = (
        CheckConstraint("seats BETWEEN 1 AND 20", name="seats_range"),
        CheckConstraint("hours_per_week IS NULL OR hours_per_week >= 0", name="hours_range"),
    )
    id: str = id_field("r")
    need_id: str = ref("need.id")
    title: str = Field(max_length=120)
    seats: int = 1
    essential: bool = True
    hours_per_week: float | None = None  # None: the need's
    position: int = 0


class RoleSkill(SQLModel, table=True):
    """A skill a role asks for, at what level, how much it weighs."""

    __tablename__ = "role_skill"
    __table_args__ = (
        CheckConstraint("min_level BETWEEN 1 AND 4", name="level_range"),
        CheckConstraint("weight BETWEEN 1 AND 10", name="weight_range"),
    )
    role_id: str = ref("role.id", primary_key=True)
    skill: str = ref("skill.code", primary_key=True)
    min_level: int = 1
    essential: bool = False
    weight: int = 1


class Wish(SQLModel, table=True):
    """A professional's wish for a need: rank 1 (most) to 5, or 0 for "not this one"."""

    __table_args__ = (CheckConstraint("rank BETWEEN 0 AND 5", name="rank_range"),)
    professional_id: str = ref("professional.id", primary_key=True)
    need_id: str = ref("need.id", primary_key=True)
    rank: int
