"""Changes of a need that its group was asked for, because they would bring a team."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class SuggestionState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"  # and the need was changed
    DECLINED = "declined"
    SETTLED = "settled"  # another change of the same need was agreed to


class SuggestedChange(SQLModel, table=True):
    """One change, proven to bring the need a team in the round that it came from."""

    __tablename__ = "suggested_change"
    __table_args__ = (
        one_of("state", SuggestionState),
        Index(
            "uq_suggested_change_asked",
            "need_id",
            "change",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
    id: str = id_field("h")
    need_id: str = ref("need.id")
    round_id: str = ref("matching_round.id")
    change: str = Field(max_length=200)  # a reason code of the engine with its parameters
    state: str = Field(default=SuggestionState.ASKED, max_length=16)
    note: str = Field(default="", max_length=1000)  # what the group says to it
    asked_by: str | None = ref("account.id", nullable=True)
    asked_at: datetime = time_field()
    answered_by: str | None = ref("account.id", nullable=True)
    answered_at: datetime | None = time_field(nullable=True)
