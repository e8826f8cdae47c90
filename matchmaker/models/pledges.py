"""What companies pledge for a coming round: people, for what, and when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class PledgeState(StrEnum):
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CompanyPledge(SQLModel, table=True):
    """So many of a company's people for needs of a form and a theme, in a period.

    ``round_id``: the round it went into; a round reserves it once.
    """

    __tablename__ = "company_pledge"
    __table_args__ = (
        one_of("state", PledgeState),
        CheckConstraint("seats BETWEEN 1 AND 99", name="seats_range"),
        CheckConstraint("from_on <= until_on", name="dates_in_order"),
    )
    id: str = id_field("cp")
    company_id: str = ref("company.id")
    seats: int
    form: str = Field(default="", max_length=16)  # of needs; empty: any
    theme: str = Field(default="", max_length=40)  # a field of activity; empty: any
    from_on: date
    until_on: date
    note: str = Field(default="", max_length=1000)
    state: str = Field(default=PledgeState.OFFERED, max_length=16)
    reason: str = Field(default="", max_length=400)  # of a coordinator who declined
    round_id: str | None = ref("matching_round.id", nullable=True)
    offered_by: str | None = ref("account.id", nullable=True)
    offered_at: datetime = time_field()
    decided_by: str | None = ref("account.id", nullable=True)
    decided_at: datetime | None = time_field(nullable=True)
    version: int = 1
