"""What a project hands over: agreed results, files and links, and what became of each."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from matchmaker.models.base import id_field, one_of, ref, time_field


class Use(StrEnum):
    USED = "used"
    PARTLY = "partly"
    NOT_USED = "not_used"


class Deliverable(SQLModel, table=True):
    """An agreed result as it was at the delivery; later the group says whether it is in use."""

    __table_args__ = (
        one_of("use", Use),
        UniqueConstraint("project_id", "position"),
    )
    id: int | None = Field(default=None, primary_key=True)
    project_id: str = ref("project.id")
    position: int
    title: str = Field(max_length=400)
    handed_over: bool = False
    use: str | None = Field(default=None, max_length=16)
    use_note: str = Field(default="", max_length=400)
    use_said_on: date | None = None


class ProjectFile(SQLModel, table=True):
    """A file or a link (``address``) of a project; a file's bytes are in ``FileContent``."""

    __tablename__ = "project_file"
    __table_args__ = (CheckConstraint("(address = '') = (size > 0)", name="file_or_link"),)
    id: str = id_field("f")
    project_id: str = ref("project.id")
    title: str = Field(max_length=400)  # a file's name, or what the link leads to
    address: str = Field(default="", max_length=400)
    media_type: str = Field(default="", max_length=100)
    size: int = 0  # bytes
    added_by: str | None = ref("account.id", nullable=True)
    created_at: datetime = time_field()


class FileContent(SQLModel, table=True):
    """The bytes of a file: in the database, so that a backup is whole."""

    __tablename__ = "file_content"
    file_id: str = ref("project_file.id", primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
