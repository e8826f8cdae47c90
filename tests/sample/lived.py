"""The city that has lived, built once a run, and its tables as plain rows."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlmodel import Session, select

from matchmaker import schema
from matchmaker.db import open_engine, session_factory
from matchmaker.models import Account
from matchmaker.sample import demo
from matchmaker.sample.year import Lived
from matchmaker.services import demo_people
from tests import factories
from tests.pages import Pages

NOW = datetime(2026, 5, 25, 1, 0, tzinfo=UTC)  # a whole fiscal year has passed, and some weeks
TODAY = NOW.date()
TOKYO = ZoneInfo("Asia/Tokyo")
YEARS = range(2022, 2027)


@cache
def _built() -> tuple[Path, Lived]:
    path = Path(mkdtemp(prefix="lived")) / "lived.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    _told, lived = demo.build_lived(session_factory(engine), now=NOW)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path, lived


def copy(folder: Path) -> Path:
    """A fresh copy of the city's database."""
    target = folder / "lived.sqlite3"
    shutil.copyfile(_built()[0], target)
    return target


def lived() -> Lived:
    """What the building told."""
    return _built()[1]


class Books:
    """Every table as plain rows: what the reports are counted from a second time, without any of
    the service's own queries."""

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        self._tables: dict[str, list[dict[str, Any]]] = {}
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in names.fetchall():
            rows = connection.execute(f'SELECT * FROM "{name}"')
            self._tables[name] = [dict(row) for row in rows]
        connection.close()

    def __getattr__(self, table: str) -> list[dict[str, Any]]:
        try:
            return self._tables[table]
        except KeyError:
            raise AttributeError(table) from None

    def by_id(self, table: str) -> dict[str, dict[str, Any]]:
        """The rows of a table by their id."""
        return {row["id"]: row for row in self._tables[table]}


def day(value: str | None) -> date | None:
    """A stored day."""
    return date.fromisoformat(value[:10]) if value else None


def moment(value: str) -> datetime:
    """A stored moment, on the city's clock."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(TOKYO)


def stored(value: str) -> Any:
    """A stored document."""
    return json.loads(value)


def year_of(value: date) -> int:
    """The fiscal year of a day, counted on the fingers: from April to March."""
    return value.year - (value.month in (1, 2, 3))


def signed_in(site: Flask, session: Session, role: str) -> Pages:
    """The demo's person of a role, in a browser."""
    account = session.exec(select(Account).where(Account.email == demo_people.address(role))).one()
    pages = Pages(factories.signed_in(site, session, account))
    session.commit()
    return pages
