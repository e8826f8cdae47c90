"""How the coordinators share their work: who is in charge of what, how much, and while away who."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref, time_field


class CoordinatorDesk(SQLModel, table=True):
    """What one coordinator says of her own work."""

    __tablename__ = "coordinator_desk"
    __table_args__ = (
        CheckConstraint("most_projects IS NULL OR most_projects BETWEEN 0 AND 99", name="most"),
    )
    account_id: str = ref("account.id", primary_key=True)
    most_projects: int | None = None  # projects she can accompany at a time; None: no limit said
    most_until: date | None = None  # the last day this limit holds; None: until she says otherwise
    stand_in: str | None = ref("account.id", nullable=True)  # who does her work while she is away
    away_until: date | None = None  # the last day
    version: int = 1


class InCharge(SQLModel, table=True):
    """The coordinator who looks after a person, a group, a need or a project."""

    __tablename__ = "in_charge"
    subject_type: str = Field(primary_key=True, max_length=16)
    subject_id: str = Field(primary_key=True, max_length=64)
    account_id: str = ref("account.id")
    since: datetime = time_field()
