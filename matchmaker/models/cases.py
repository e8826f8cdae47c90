"""Cases: finished projects as both sides allow them to be told in public."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field
from matchmaker.models.outcomes import Side


class CaseState(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"  # everybody on the project is asked to release it
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PeopleShown(StrEnum):
    NONE = "none"
    AGREED = "agreed"  # everybody who can be recognised agreed to be shown


class Case(SQLModel, table=True):
    """A finished project told in public. ``edition`` counts the texts and pictures it has had: who
    releases a case releases one edition."""

    __tablename__ = "project_case"
    __table_args__ = (one_of("state", CaseState),)
    id: str = id_field("d")
    project_id: str = ref("project.id", unique=True)
    state: str = Field(default=CaseState.DRAFT, max_length=16, index=True)
    title: str = Field(max_length=120)
    problem: str = Field(default="", max_length=2000)  # what troubled the group
    work: str = Field(default="", max_length=2000)  # what was done
    result: str = Field(default="", max_length=2000)  # what came of it
    group_words: str = Field(default="", max_length=1000)
    professional_words: str = Field(default="", max_length=1000)
    edition: int = 1
    search_text: str = Field(default="", max_length=4000)
    created_at: datetime = time_field()
    asked_at: datetime | None = time_field(nullable=True)
    published_at: datetime | None = time_field(nullable=True, index=True)
    version: int = 1


class CasePicture(SQLModel, table=True):
    """The picture of a case, as it is served: upright, small, without a camera's notes."""

    __tablename__ = "case_picture"
    __table_args__ = (one_of("people", PeopleShown),)
    case_id: str = ref("project_case.id", primary_key=True)
    content: bytes
    digest: str = Field(max_length=16)  # of the content; part of its address
    width: int
    height: int
    alt: str = Field(max_length=300)  # for those who cannot see it
    people: str = Field(max_length=16)


class CaseRelease(SQLModel, table=True):
    """One side's yes to an edition of a case; ``member_id`` says whose when it is a person's."""

    __tablename__ = "case_release"
    __table_args__ = (
        one_of("side", Side),
        CheckConstraint("(side = 'professional') = (member_id IS NOT NULL)", name="who_releases"),
        UniqueConstraint("case_id", "side", "member_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: str = ref("project_case.id")
    side: str = Field(max_length=16)
    member_id: str | None = ref("project_member.id", nullable=True)
    edition: int
    named: bool = False  # the person's, or the group's, name may stand there
    given_by: str | None = ref("account.id", nullable=True, index=False)
    given_at: datetime = time_field()
    withdrawn_at: datetime | None = time_field(nullable=True)
