"""Indicators of the city's plan: definitions with versions, and figures per fiscal year."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import ref


class Indicator(SQLModel, table=True):
    """One indicator with its baseline and target as the plan prints them."""

    code: str = Field(primary_key=True, max_length=40)
    label_ja: str = Field(max_length=200)
    label_en: str = Field(max_length=200)
    unit_ja: str = Field(max_length=20)
    unit_en: str = Field(max_length=20)
    baseline: int
    baseline_year: int  # fiscal year, e.g. 2024 for 令和6年度
    target: int
    target_year: int
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
