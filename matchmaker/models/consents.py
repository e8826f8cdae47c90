"""What people agreed to: purpose, recipient, text version, from when until when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from matchmaker.models.base import one_of, ref, time_field


class ConsentPurpose(StrEnum):
    TERMS = "terms"
    EMPLOYER_REPORT = "employer_report"  # my employer may see my participation by name


class ConsentText(SQLModel, table=True):
    """The words somebody agreed to; never changed, only followed by a next version."""

    __tablename__ = "consent_text"
    __table_args__ = (one_of("purpose", ConsentPurpose),)
    purpose: str = Field(primary_key=True, max_length=24)
    version: int = Field(primary_key=True)
    text_ja: str = Field(max_length=4000)
    text_en: str = Field(max_length=4000)
    published_on: date


def _live(columns: list[str], condition: str, name: str) -> Index:
    live = text(f"withdrawn_at IS NULL AND {condition}")
    return Index(name, *columns, unique=True, sqlite_where=live, postgresql_where=live)


class Consent(SQLModel, table=True):
    """One agreement, by an account or (also on paper) by a professional; withdrawn, not deleted."""

    __table_args__ = (
        one_of("purpose", ConsentPurpose),
        CheckConstraint("(account_id IS NULL) <> (professional_id IS NULL)", name="one_subject"),
        _live(["account_id", "purpose"], "account_id IS NOT NULL", "uq_consent_live_account"),
        _live(
            ["professional_id", "purpose", "company_id"],
            "professional_id IS NOT NULL",
            "uq_consent_live_professional",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    account_id: str | None = ref("account.id", nullable=True)
    professional_id: str | None = ref("professional.id", nullable=True)
    purpose: str = Field(max_length=24)
    company_id: str | None = ref("company.id", nullable=True)  # the recipient, where there is one
    text_version: int
    given_at: datetime = time_field()
    expires_on: date | None = None
    withdrawn_at: datetime | None = time_field(nullable=True)
