"""Skills, fields of activity, districts and the menu of projects; their names in ja/en are data."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field, SQLModel

from matchmaker.models.base import json_field, ref


class Skill(SQLModel, table=True):
    """A skill, or a family of skills when it has no parent."""

    code: str = Field(primary_key=True, max_length=64)
    label_ja: str = Field(max_length=120)
    label_en: str = Field(max_length=120)
    kana: str = Field(default="", max_length=120)
    keywords: str = Field(default="", max_length=1000)
    parent: str | None = ref("skill.code", nullable=True)
    position: int = 0


class ActivityField(SQLModel, table=True):
    """A field of civic activity: the twenty of the NPO Act, and ``local``."""

    __tablename__ = "activity_field"
    code: str = Field(primary_key=True, max_length=64)
    label_ja: str = Field(max_length=120)
    label_en: str = Field(max_length=120)
    kana: str = Field(default="", max_length=120)
    full_ja: str = Field(default="", max_length=240)
    full_en: str = Field(default="", max_length=240)
    position: int = 0


class District(SQLModel, table=True):
    """A district of the city with an approximate centre (degrees)."""

    code: str = Field(primary_key=True, max_length=64)
    label_ja: str = Field(max_length=120)
    label_en: str = Field(max_length=120)
    kana: str = Field(default="", max_length=120)
    lat: float
    lon: float
    position: int = 0


class Menu(SQLModel, table=True):
    """A project type a group can order from: its roles, skills, hours and phases as one document.

    ``body`` has the shape of an entry of ``matchmaker/taxonomy/menus.json``.
    """

    code: str = Field(primary_key=True, max_length=64)
    label_ja: str = Field(max_length=120)
    label_en: str = Field(max_length=120)
    kana: str = Field(default="", max_length=120)
    summary_ja: str = Field(default="", max_length=400)
    summary_en: str = Field(default="", max_length=400)
    body: dict[str, Any] = json_field()
    position: int = 0
