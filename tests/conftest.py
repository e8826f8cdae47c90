"""Databases, sessions, a clock and the site for the tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import Session

from matchmaker import schema
from matchmaker.db import open_engine
from matchmaker.settings import Settings, read_settings
from tests import postgres
from tests.browser import browser as opened_browser

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 10:00 in Yokkaichi, a Monday


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; each test works on a copy."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@cache
def postgres_template() -> str:
    """A migrated, empty PostgreSQL database to copy from."""
    name = postgres.create_database()
    engine = open_engine(postgres.url(name))
    schema.upgrade(engine)
    engine.dispose()
    return name


def require_postgres() -> None:
    """Skip where PostgreSQL is not installed; fail in CI, where nothing may be skipped."""
    if postgres.server() is None:
        message = "PostgreSQL's server programs are not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(params=["sqlite"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[str]:
    """A migrated, empty database. ``both_databases`` runs a test on PostgreSQL too."""
    if request.param == "postgresql":
        require_postgres()
        yield postgres.url(postgres.create_database(postgres_template()))
        return
    path = tmp_path / "matchmaker.sqlite3"
    shutil.copyfile(sqlite_template, path)
    yield f"sqlite:///{path}"


both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session for arranging and looking; commit to let others see."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run (a process can drive only one); each visitor gets a window."""
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """The moment tests happen at."""
    return NOW


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a test installation."""
    return read_settings({}, home=tmp_path, environment="test", database_url=database_url)


@pytest.fixture
def clock() -> list[datetime]:
    """The site's clock: change its only item to let time pass."""
    return [NOW]


@pytest.fixture
def app(settings: Settings, engine: Engine, clock: list[datetime]) -> Flask:
    """The site on the test's database and clock."""
    from tests.apps import shared_app

    return _on_clock(shared_app(settings, engine), clock)


@pytest.fixture
def own_app(settings: Settings, engine: Engine, clock: list[datetime]) -> Flask:
    """The same, built for this test alone: it may be given more addresses."""
    from tests.apps import fresh_app

    return _on_clock(fresh_app(settings, engine), clock)


def _on_clock(app: Flask, clock: list[datetime]) -> Flask:
    read: Callable[[], datetime] = lambda: clock[0]  # noqa: E731
    app.config["CLOCK"] = read
    return app
