"""The lived city for tests: its database, its books, its site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.db import open_engine, session_factory
from matchmaker.settings import read_settings
from tests.apps import fresh_app
from tests.sample.lived import NOW, Books, copy


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copy(tmp_path)


@pytest.fixture
def city(path: Path) -> Iterator[Session]:
    engine = open_engine(f"sqlite:///{path}")
    with session_factory(engine)() as session:
        yield session
    engine.dispose()


@pytest.fixture
def books(path: Path) -> Books:
    return Books(path)


@pytest.fixture
def site(path: Path, tmp_path: Path) -> Iterator[Flask]:
    url = f"sqlite:///{path}"
    engine = open_engine(url)
    settings = read_settings({}, home=tmp_path, environment="test", database_url=url)
    app = fresh_app(settings, engine)
    app.config["CLOCK"] = lambda: NOW
    yield app
    engine.dispose()
