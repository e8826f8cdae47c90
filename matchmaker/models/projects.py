"""The work agreed, its members, and the hours given."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class ProjectState(StrEnum):
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    EVALUATED = "evaluated"
    FOLLOWED_UP = "followed_up"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    NOT_USED = "not_used"  # delivered but not used


class Payer(StrEnum):
    OWN = "own"  # own time
    COMPANY = "company"  # company time


class ExpensePayer(StrEnum):
    GROUP = "group"
    COMPANY = "company"
    OWN = "own"


class ActivityPlace(StrEnum):
    CITY = "city"  # in the city, at the group or wherever it works
    ONLINE = "online"
    HOME = "home"
    OUTSIDE = "outside"  # of the city
    UNKNOWN = ""


class Insurance(StrEnum):
    COVERED = "covered"
    NOT_COVERED = "not_covered"
    UNKNOWN = ""


class Voice(StrEnum):
    PROFESSIONAL = "professional"
    GROUP = "group"
    COORDINATOR = "coordinator"


class Project(SQLModel, table=True):
    """A need whose team both sides accepted."""

    __table_args__ = (
        one_of("state", ProjectState),
        CheckConstraint(
            "ended_on IS NULL OR started_on IS NULL OR ended_on >= started_on",
            name="dates_in_order",
        ),
    )
    id: str = id_field("j")
    need_id: str = ref("need.id", unique=True)
    group_id: str = ref("civic_group.id")
    title: str = Field(max_length=120)
    state: str = Field(default=ProjectState.AGREED, max_length=16, index=True)
    goal: str = Field(default="", max_length=2000)  # what both sides want to reach, in their words
    delivered: str = Field(default="", max_length=2000)  # what was handed over, with links
    agreed_on: date = Field(index=True)  # the day that decides the fiscal year
    started_on: date | None = None
    ended_on: date | None = None
    created_at: datetime = time_field()
    version: int = 1


class ProjectMember(SQLModel, table=True):
    """A professional on a project, with the employer at the time: reports must not change later."""

    __tablename__ = "project_member"
    __table_args__ = (
        Index(
            "uq_project_member_active",
            "project_id",
            "professional_id",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )
    id: str = id_field("b")
    project_id: str = ref("project.id")
    professional_id: str = ref("professional.id")
    role_id: str | None = ref("role.id", nullable=True)
    proposal_id: str | None = ref("proposal.id", nullable=True, unique=True)
    company_id: str | None = ref("company.id", nullable=True)
    minutes_per_week: int = 0  # what the seat asks; counted against the hours offered
    joined_on: date = Field(index=True)
    left_on: date | None = None


class HoursEntry(SQLModel, table=True):
    """Time given on a day, in own or company time; counted once the group has confirmed it."""

    __tablename__ = "hours_entry"
    __table_args__ = (
        one_of("payer", Payer),
        one_of("place", ActivityPlace),
        one_of("insurance", Insurance),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_range"),
        CheckConstraint("travel_minutes BETWEEN 0 AND 1440", name="travel_range"),
        CheckConstraint(
            "logged_minutes IS NULL OR confirmed_at IS NOT NULL", name="corrected_is_confirmed"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    professional_id: str = ref("professional.id")
    worked_on: date = Field(index=True)
    minutes: int
    travel_minutes: int = 0  # to get there and back; noted, counted nowhere
    payer: str = Field(default=Payer.OWN, max_length=16)
    place: str = Field(default=ActivityPlace.UNKNOWN, max_length=16)
    insurance: str = Field(default=Insurance.UNKNOWN, max_length=16)  # what the insurer says
    insurance_note: str = Field(default="", max_length=400)
    note: str = Field(default="", max_length=400)
    logged_minutes: int | None = None  # what was entered, where the group confirmed other minutes
    correction: str = Field(default="", max_length=400)  # why, in the group's words
    confirmed_at: datetime | None = time_field(nullable=True)
    confirmed_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class Expense(SQLModel, table=True):
    """Money somebody spent for a project, and who bears it; a record, not a payment."""

    __table_args__ = (
        one_of("payer", ExpensePayer),
        CheckConstraint("yen BETWEEN 1 AND 1000000", name="yen_range"),
        CheckConstraint(
            "noted_yen IS NULL OR confirmed_at IS NOT NULL", name="corrected_is_confirmed"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    professional_id: str = ref("professional.id")
    spent_on: date = Field(index=True)
    yen: int
    payer: str = Field(max_length=16)
    purpose: str = Field(max_length=400)
    noted_yen: int | None = None  # what was noted, where the group confirmed another amount
    correction: str = Field(default="", max_length=400)  # why, in the group's words
    confirmed_at: datetime | None = time_field(nullable=True)
    confirmed_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class ProjectMessage(SQLModel, table=True):
    """Something written to everybody on a project; ``voice`` says as whom."""

    __tablename__ = "project_message"
    __table_args__ = (one_of("voice", Voice),)
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    account_id: str | None = ref("account.id", nullable=True)
    voice: str = Field(max_length=16)
    text: str = Field(max_length=2000)
    created_at: datetime = time_field()
