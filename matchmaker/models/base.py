"""What all tables share: ids, times, constraint names."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from random import Random
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, DateTime, Dialect, String, TypeDecorator
from sqlmodel import Field, SQLModel

# Named, so that later migrations can find them on SQLite too.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: read aloud on the telephone


_SYSTEM = secrets.SystemRandom()
_chance: ContextVar[Random | None] = ContextVar("chance", default=None)


def new_id(prefix: str) -> str:
    """A fresh id that cannot be guessed, such as ``p-7k2m9qx4w0``."""
    chance = _chance.get() or _SYSTEM
    return f"{prefix}-" + "".join(chance.choice(_ALPHABET) for _ in range(10))


@contextmanager
def ids_from(chance: Random) -> Iterator[None]:
    """Within, fresh ids come from ``chance`` and can be guessed: only for an invented city, whose
    every figure is to be the same each time it is built."""
    token = _chance.set(chance)
    try:
        yield
    finally:
        _chance.reset(token)


class UTCDateTime(TypeDecorator[datetime]):
    """Times are stored and returned in UTC, aware on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def id_field(prefix: str) -> Any:
    """The primary key of a thing people speak of; a market folder's id is kept as it is."""
    return Field(
        default_factory=lambda: new_id(prefix), sa_column=Column(String(64), primary_key=True)
    )


def ref(target: str, *, nullable: bool = False, index: bool = True, **options: Any) -> Any:
    """A foreign key, indexed because every one is looked up from the other side."""
    if nullable:
        options.setdefault("default", None)
    return Field(foreign_key=target, nullable=nullable, index=index, max_length=64, **options)


def time_field(*, nullable: bool = False, index: bool = False) -> Any:
    """A moment in UTC."""
    options: dict[str, Any] = {"default": None} if nullable else {}
    return Field(sa_type=UTCDateTime, nullable=nullable, index=index, **options)


def json_field(default: Any = dict) -> Any:
    """A small document that is read and written whole."""
    return Field(default_factory=default, sa_type=JSON, nullable=False)


def one_of(column: str, words: type[StrEnum], *, name: str | None = None) -> CheckConstraint:
    """A CHECK that ``column`` holds one of ``words``."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


def where(column: str, *words: str) -> str:
    """The condition of a partial index: ``column`` is one of ``words``."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"
