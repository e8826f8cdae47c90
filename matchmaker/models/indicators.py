"""Indicators of the city's plan: definitions with versions, and figures per fiscal year."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref, time_field


class Indicator(SQLModel, table=True):
    """One indicator with its baseline and target as the plan prints them.

    Values are whole numbers in units of the last of its ``decimals``: 29.4 % is 294 with one.
    """

    code: str = Field(primary_key=True, max_length=40)
    label_ja: str = Field(max_length=200)
    label_en: str = Field(max_length=200)
    unit_ja: str = Field(max_length=20)
    unit_en: str = Field(max_length=20)
    baseline: int
    baseline_year: int  # fiscal year, e.g. 2024 for 令和6年度
    target: int
    target_year: int
    section: int = 3  # the plan's basic policy it belongs to
    position: int = 1  # its place there
    decimals: int = 0
    counted: bool = True  # by this service; the others are entered by hand
    baseline_provisional: bool = False  # printed with a ★
    # Counted before the first project in these tables; zero when the past was entered too.
    opening_gross: int = 0
    opening_distinct: int = 0


class IndicatorDefinition(SQLModel, table=True):
    """How a figure is counted, from a day on; never changed, only followed by a next version."""

    __tablename__ = "indicator_definition"
    indicator: str = ref("indicator.code", primary_key=True)
    version: int = Field(primary_key=True)
    text_ja: str = Field(max_length=2000)
    text_en: str = Field(max_length=2000)
    from_on: date


class IndicatorFigure(SQLModel, table=True):
    """A figure that is frozen, or was measured before this service: gross and distinct."""

    __tablename__ = "indicator_figure"
    __table_args__ = (
        CheckConstraint("distinct_count IS NULL OR distinct_count <= gross", name="counts_agree"),
    )
    indicator: str = ref("indicator.code", primary_key=True)
    fiscal_year: int = Field(primary_key=True)
    gross: int
    distinct_count: int | None = None  # unknown for years before this service
    provisional: bool = False
    source_ja: str = Field(default="", max_length=200)
    source_en: str = Field(default="", max_length=200)
    measured_on: date | None = None
    frozen_by: str | None = ref("account.id", nullable=True)  # who kept what was counted
    frozen_at: datetime | None = time_field(nullable=True)


class YearReview(SQLModel, table=True):
    """What the city says of a fiscal year for the committee, besides the figures."""

    __tablename__ = "year_review"
    fiscal_year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    changed: str = Field(default="", max_length=4000)
    learned: str = Field(default="", max_length=4000)
    questions: str = Field(default="", max_length=4000)
    actions: str = Field(default="", max_length=4000)  # what is done about it
    written_by: str | None = ref("account.id", nullable=True)
    written_at: datetime = time_field()
    version: int = 1
