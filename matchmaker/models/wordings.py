"""Message texts in the city's own words; what is not said here is said by the site."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref, time_field


class Wording(SQLModel, table=True):
    """One version of a message's subject, opening and closing in a language; never changed, only
    followed by a next number. A part that is empty is said as the site says it."""

    code: str = Field(primary_key=True, max_length=40)
    language: str = Field(primary_key=True, max_length=2)
    number: int = Field(primary_key=True)
    subject: str = Field(default="", max_length=160)
    opening: str = Field(default="", max_length=2000)
    closing: str = Field(default="", max_length=2000)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()
