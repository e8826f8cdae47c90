"""What both sides say came of a project, and what a professional can show of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class Side(StrEnum):
    PROFESSIONAL = "professional"
    GROUP = "group"


class Outcome(SQLModel, table=True):
    """One side's evaluation; ``member_id`` says which professional when it is theirs."""

    __table_args__ = (
        one_of("side", Side),
        CheckConstraint("goal BETWEEN 1 AND 5", name="goal_range"),
        CheckConstraint("relation BETWEEN 1 AND 5", name="relation_range"),
        CheckConstraint("(side = 'professional') = (member_id IS NOT NULL)", name="who_speaks"),
        UniqueConstraint("project_id", "side", "member_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    side: str = Field(max_length=16)
    member_id: str | None = ref("project_member.id", nullable=True)
    goal: int  # how far the goal was reached, 1 to 5
    relation: int | None = None  # how the work together was, 1 to 5
    learned: str = Field(default="", max_length=2000)
    used: bool | None = None  # the group: is the result in use
    again: bool | None = None  # would do it again
    comment: str = Field(default="", max_length=2000)
    quotable: bool = False  # the comment may be quoted, without the name of whoever wrote it
    at: datetime = time_field()


class Certificate(SQLModel, table=True):
    """That somebody took part, as it was on the day of issue; its id is the code to check it by."""

    id: str = id_field("k")
    member_id: str = ref("project_member.id")
    professional_id: str = ref("professional.id")
    name: str = Field(max_length=80)
    project: str = Field(max_length=120)
    group_name: str = Field(max_length=120)
    role: str = Field(default="", max_length=120)
    joined_on: date
    ended_on: date
    own_minutes: int = 0  # confirmed by the group
    company_minutes: int = 0
    issued_on: date
    created_at: datetime = time_field()
