"""Employers, and who reports for them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, ref, time_field


class Company(SQLModel, table=True):
    """An employer of professionals: a company, office or other body (事業者)."""

    id: str = id_field("c")
    name: str = Field(max_length=120)
    kana: str = Field(default="", max_length=120)
    corporate_number: str | None = Field(default=None, max_length=13, unique=True)
    in_city: bool | None = None  # an office or plant in the city; None: not known yet
    hour_value: int | None = None  # yen an hour in company time is worth, as the company says
    hour_value_source: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=200)  # whom employees ask, as the company says
    programme: str = Field(default="", max_length=1000)  # how it takes part, in its own words
    search_text: str = Field(default="", max_length=400)
    created_at: datetime = time_field()


class CompanyOfficer(SQLModel, table=True):
    """An account that reads a company's report."""

    __tablename__ = "company_officer"
    company_id: str = ref("company.id", primary_key=True)
    account_id: str = ref("account.id", primary_key=True)
