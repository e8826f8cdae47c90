"""The sample city in a database, built once a run and copied for each test."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from matchmaker import schema
from matchmaker.db import open_engine, session_factory
from matchmaker.jobs import utc_now
from matchmaker.sample import demo
from tests import postgres


@cache
def sqlite_city() -> Path:
    """A SQLite file with the demonstration's city and its computed round."""
    path = Path(mkdtemp(prefix=f"city{os.getpid()}")) / "city.sqlite3"
    _build(f"sqlite:///{path}")
    return path


@cache
def postgres_city() -> str:
    """A PostgreSQL database with the same, to be used as a template."""
    name = postgres.create_database()
    _build(postgres.url(name))
    return name


def copy(kind: str, folder: Path) -> str:
    """A fresh copy of the city; returns its address."""
    if kind == "postgresql":
        return postgres.url(postgres.create_database(postgres_city()))
    target = folder / "city.sqlite3"
    shutil.copyfile(sqlite_city(), target)
    return f"sqlite:///{target}"


def _build(url: str) -> None:
    engine = open_engine(url)
    schema.upgrade(engine)
    demo.build(session_factory(engine), now=utc_now())
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    engine.dispose()
