"""What both sides of a project agree to: the city's text, and who accepted which version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import json_field, one_of, ref, time_field
from matchmaker.models.outcomes import Side


class ProjectTerms(SQLModel, table=True):
    """The text as published; never changed, only followed by a next number."""

    __tablename__ = "project_terms"
    number: int = Field(primary_key=True)
    text_ja: str = Field(max_length=8000)
    text_en: str = Field(max_length=8000)
    note: str = Field(default="", max_length=400)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class ProjectScope(SQLModel, table=True):
    """What a project itself agrees on beside the text: results and expenses, as its people wrote
    them; never changed, only followed by a next number."""

    __tablename__ = "project_scope"
    project_id: str = ref("project.id", primary_key=True, index=False)
    number: int = Field(primary_key=True)
    deliverables: list[str] = json_field(list)
    expenses: str = Field(default="", max_length=1000)
    created_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class TermsAcceptance(SQLModel, table=True):
    """One side's yes to a version of the text and of the project's scope; ``member_id`` says which
    professional's. ``scope`` 0: as the need said it, before anybody wrote a scope."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (
        one_of("side", Side),
        CheckConstraint("(side = 'professional') = (member_id IS NOT NULL)", name="who_accepts"),
        UniqueConstraint("project_id", "side", "member_id", "scope"),
        Index(
            "uq_terms_acceptance_group",
            "project_id",
            "scope",
            unique=True,
            sqlite_where=text("member_id IS NULL"),
            postgresql_where=text("member_id IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    number: int = ref("project_terms.number")
    scope: int = 0
    side: str = Field(max_length=16)
    member_id: str | None = ref("project_member.id", nullable=True)
    accepted_by: str | None = ref("account.id", nullable=True)
    accepted_at: datetime = time_field()
