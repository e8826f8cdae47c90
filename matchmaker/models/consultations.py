"""What the coordinators are asked and what they note: counted by topic, handed on to colleagues."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class Topic(StrEnum):
    START = "start"
    MANAGE = "manage"
    MONEY = "money"
    PEOPLE = "people"
    PUBLICITY = "publicity"
    PLACE = "place"
    LAW = "law"
    PRO_BONO = "pro_bono"
    COMPANY = "company"
    OTHER = "other"


class Medium(StrEnum):
    VISIT = "visit"
    PHONE = "phone"
    EMAIL = "email"
    ONLINE = "online"
    OUTSIDE = "outside"


class Consultation(SQLModel, table=True):
    """One conversation with somebody who asked for advice, or a note about a case."""

    __table_args__ = (one_of("topic", Topic), one_of("medium", Medium))
    id: str = id_field("q")
    held_on: date = Field(index=True)
    medium: str = Field(max_length=16)
    topic: str = Field(max_length=16, index=True)
    name: str = Field(default="", max_length=120)  # who asked, as far as they said
    group_id: str | None = ref("civic_group.id", nullable=True)
    professional_id: str | None = ref("professional.id", nullable=True)
    need_id: str | None = ref("need.id", nullable=True)
    project_id: str | None = ref("project.id", nullable=True)
    text: str = Field(default="", max_length=4000)
    counted: bool = True  # somebody asked for advice; False: a note of the coordinators' own
    follow_up_on: date | None = Field(default=None, index=True)
    handed_to: str | None = ref("account.id", nullable=True)  # who goes on with it
    done_at: datetime | None = time_field(nullable=True)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
    version: int = 1
