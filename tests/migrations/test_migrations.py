"""Migrations keep every row, agree with the tables in code, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from matchmaker import schema
from matchmaker.db import open_engine
from tests import postgres
from tests.conftest import require_postgres
from tests.migrations import rows


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "postgresql":
        require_postgres()
        url = postgres.url(postgres.create_database())
    else:
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    engine = open_engine(url)
    yield engine
    engine.dispose()


def revisions() -> list[str]:
    """All revisions, oldest first."""
    script = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def test_up_check_down_and_up_again_with_rows_in_every_table(empty: Engine) -> None:
    schema.upgrade(empty)
    assert schema.differences(empty) == ""
    with empty.begin() as connection:
        filled = rows.fill(connection)
    assert set(filled.values()) == {1}
    schema.downgrade(empty, "base")
    left = set(sa.inspect(empty).get_table_names()) - {"alembic_version"}
    assert left == set()
    schema.upgrade(empty)
    with empty.begin() as connection:
        assert rows.fill(connection) == filled


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_each_step_back_and_forth_keeps_the_rows(empty: Engine, revision: str) -> None:
    schema.upgrade(empty)
    with empty.begin() as connection:
        filled = rows.fill(connection)
    schema.downgrade(empty, revision)
    then = set(sa.inspect(empty).get_table_names())
    schema.upgrade(empty)
    with empty.begin() as connection:
        kept = {name: number for name, number in rows.count(connection).items() if name in then}
    assert kept == {name: number for name, number in filled.items() if name in then}
    assert set(kept) >= {"account", "need", "proposal", "hours_entry"}
    assert schema.differences(empty) == ""


def test_a_table_that_no_migration_makes_is_noticed(empty: Engine) -> None:
    schema.upgrade(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE wish ADD COLUMN extra INTEGER")
    assert "extra" in schema.differences(empty)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE audit_entry SET act = 'x'",
        "UPDATE decision SET reason = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM decision",
    ],
)
def test_the_database_itself_keeps_the_record_append_only(empty: Engine, act: str) -> None:
    schema.upgrade(empty)
    with empty.begin() as connection:
        rows.fill(connection)
    with pytest.raises(sa.exc.DBAPIError, match="append only"), empty.begin() as connection:
        connection.exec_driver_sql(act)
