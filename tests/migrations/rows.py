"""One row in every table, made from the tables themselves."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Table

from matchmaker.models import metadata
from matchmaker.models.base import UTCDateTime

MOMENT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
# Where a check ties columns together, one row that satisfies it.
GIVEN: dict[tuple[str, str], Any] = {
    ("case_release", "member_id"): None,
    ("case_release", "side"): "group",
    ("consent", "professional_id"): None,
    ("outcome", "member_id"): None,
    ("terms_acceptance", "member_id"): None,
    ("terms_acceptance", "side"): "group",
    ("outcome", "side"): "group",
    ("outcome", "goal"): 4,
    ("follow_up", "months"): 6,
    ("project_file", "size"): 0,
    ("audit_head", "id"): 1,
}


def fill(connection: Connection) -> dict[str, int]:
    """Insert one row into every table, parents first; returns table -> number of rows."""
    keys: dict[tuple[str, str], Any] = {}
    for table in metadata.sorted_tables:
        row = {column.name: value(table, column, keys) for column in table.columns}
        connection.execute(table.insert().values(row))
        keys |= {(table.name, name): given for name, given in row.items()}
    return count(connection)


def count(connection: Connection) -> dict[str, int]:
    """Rows of every table."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def value(table: Table, column: Column[Any], keys: dict[tuple[str, str], Any]) -> Any:
    """A value for a column: its parent's key, a word its check knows, or one of its type."""
    if (table.name, column.name) in GIVEN:
        return GIVEN[table.name, column.name]
    for key in column.foreign_keys:
        if key.column.table is table:
            return None
        return keys[key.column.table.name, key.column.name]
    for check in table.constraints:
        found = re.match(rf"{column.name} IN \('(\w+)'", str(getattr(check, "sqltext", "")))
        if found:
            return found[1]
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return MOMENT
    for known, sample in (
        (sa.Date, date(2026, 11, 2)),
        (sa.Boolean, True),
        (sa.Float, 1.5),
        (sa.Integer, 1),
        (sa.LargeBinary, b"\x00\xff"),
        (sa.JSON, {"ja": "会計"}),
    ):
        if isinstance(kind, known):
            return sample
    return f"{table.name} 値"[: getattr(kind, "length", None) or 40]
