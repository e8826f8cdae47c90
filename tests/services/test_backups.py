"""A backup taken while others write comes back whole, on both databases."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from matchmaker.db import open_engine
from matchmaker.errors import Refusal
from matchmaker.services import backups
from tests import postgres
from tests.conftest import both_databases
from tests.migrations import rows


def fresh_url(url: str, tmp_path: Path) -> str:
    """An empty place of the same kind of database."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    return postgres.url(postgres.create_database())


def tables(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    from matchmaker.models import metadata

    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


@both_databases
def test_a_backup_comes_back_equal(engine: Engine, database_url: str, tmp_path: Path) -> None:
    with engine.begin() as connection:
        rows.fill(connection)
    backups.backup(database_url, tmp_path / "city.backup")
    elsewhere = fresh_url(database_url, tmp_path)
    backups.restore(elsewhere, tmp_path / "city.backup")
    restored = open_engine(elsewhere)
    assert tables(restored) == tables(engine)
    restored.dispose()


@both_databases
def test_a_backup_while_others_write_is_one_moment(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with engine.begin() as connection:  # always a pair: half a pair is a torn backup
                for half in ("a", "b"):
                    connection.exec_driver_sql(
                        "INSERT INTO sign_in_failure (email_hash, at)"
                        f" VALUES ('{half}{number}', '2026-11-02 01:00:00+00:00')"
                    )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups.backup(database_url, tmp_path / "busy.backup")
    finally:
        stop.set()
        writer.join()
    elsewhere = fresh_url(database_url, tmp_path)
    backups.restore(elsewhere, tmp_path / "busy.backup")
    restored = open_engine(elsewhere)
    with restored.connect() as connection:
        counted = connection.exec_driver_sql("SELECT count(*) FROM sign_in_failure").scalar_one()
    restored.dispose()
    assert counted % 2 == 0


def test_nothing_is_overwritten_unasked(engine: Engine, database_url: str, tmp_path: Path) -> None:
    target = tmp_path / "city.backup"
    backups.backup(database_url, target)
    with pytest.raises(Refusal, match="backup_exists"):
        backups.backup(database_url, target)
    with pytest.raises(Refusal, match="database_not_empty"):
        backups.restore(database_url, target)
    backups.restore(database_url, target, replace=True)
    assert (tmp_path / "matchmaker.sqlite3.before-restore").exists()


def test_a_damaged_backup_is_refused(database_url: str, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    with pytest.raises(Refusal, match="backup_unreadable"):
        backups.restore(f"sqlite:///{tmp_path / 'new.sqlite3'}", damaged)
    assert not (tmp_path / "new.sqlite3").exists()
