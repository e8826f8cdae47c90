"""Searches for needs that somebody keeps, to be told of new ones."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, json_field, ref, time_field


class SavedSearch(SQLModel, table=True):
    """The filters of a search for open needs, as in its address; ``name`` says them in words."""

    __tablename__ = "saved_search"
    id: str = id_field("f")
    account_id: str = ref("account.id")
    name: str = Field(max_length=200)
    filters: dict[str, str] = json_field()
    created_at: datetime = time_field()
