"""Two people at once: whoever saw the newest version may change it, the other is told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel

from matchmaker.errors import Conflict


def claim(session: Session, row: SQLModel, version: int) -> None:
    """Take ``row`` from ``version`` to the next one, or refuse with ``changed_meanwhile``.

    The database decides (UPDATE … WHERE version = …), so of two at once exactly one goes on.
    """
    table: Any = type(row)
    row_id: str = getattr(row, "id")  # noqa: B009 - every versioned table has an id
    session.flush()
    result = session.execute(
        update(table)
        .where(table.id == row_id, table.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise Conflict("changed_meanwhile")
    set_committed_value(row, "version", version + 1)
