"""Checked rows into the tables, all at once.

Ids are kept. A row whose id is known is updated in the columns that the file has; a row that is
not in the files stays as it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, delete, select

from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.tables import Row
from matchmaker.models import NeedState, ProfileState
from matchmaker.services.import_plan import Changes
from matchmaker.services.market_rows import FIELD_ROWS, MODELS, attributes, key_of
from matchmaker.services.need_drafts import refresh_search_texts
from matchmaker.text import search_key


def store(session: Session, changes: Changes, *, now: datetime) -> None:
    """Write what ``plan`` found. People and groups that are new count as checked, needs as open:
    whoever imports them vouches for them."""
    for name in FILES:
        if changes.write.get(name):
            _store_file(session, name, changes.write[name], now)
    session.info.pop("taxonomy", None)
    _refresh_needs(session, changes)
    session.flush()


def _store_file(session: Session, name: str, rows: list[Row], now: datetime) -> None:
    table: Any = MODELS[name]
    stored = {
        tuple(getattr(row, column) for column in FILES[name].key): row
        for row in session.exec(select(table))
    }
    parents: list[tuple[Any, Any]] = []
    for position, row in enumerate(rows):
        key = key_of(name, row)
        values = attributes(name, row)
        if name == "skills":
            parents.append((key, values.pop("parent")))
        known = stored.get(key)
        if known is None:
            known = stored[key] = table(**values, **_first(name, now, position))
        else:
            _change(known, values)
        _refresh(name, known)
        session.add(known)
    session.flush()
    for key, parent in parents:  # a skill may stand before its family
        stored[key].parent = parent
    session.flush()
    _store_fields(session, name, rows)


def _first(name: str, now: datetime, position: int) -> dict[str, Any]:
    """What a new row gets beside its own columns."""
    checked = {"submitted_at": now, "verified_at": now, "created_at": now}
    first: dict[str, dict[str, Any]] = {
        "skills": {"position": 10_000 + position},
        "districts": {"position": 10_000 + position},
        "companies": {"created_at": now},
        "professionals": {"state": ProfileState.VERIFIED, **checked},
        "groups": {"state": ProfileState.VERIFIED, **checked},
        "needs": {
            "state": NeedState.OPEN,
            "submitted_at": now,
            "opened_at": now,
            "created_at": now,
        },
        "roles": {"position": position},
    }
    return first.get(name, {})


def _change(row: Any, values: dict[str, Any]) -> None:
    for column, value in values.items():
        if getattr(row, column) != value:
            setattr(row, column, value)
    if hasattr(row, "version"):  # whoever looks at the older one is told
        row.version += 1


def _refresh(name: str, row: Any) -> None:
    """Keep what is looked up by in step."""
    if name in ("professionals", "companies"):
        row.search_text = search_key(row.name, row.kana)
    elif name == "groups":
        row.search_text = search_key(row.name, row.kana, row.about)[:1000]


def _store_fields(session: Session, name: str, rows: list[Row]) -> None:
    if name not in FIELD_ROWS:
        return
    table: Any
    table, owner = FIELD_ROWS[name]
    column = getattr(table, owner)
    ids = [row["id"] for row in rows]
    for start in range(0, len(ids), 500):  # databases take a limited number of parameters
        session.execute(delete(table).where(column.in_(ids[start : start + 500])))
    session.add_all(
        table(**{owner: row["id"], "field": each}) for row in rows for each in row["fields"]
    )
    session.flush()


def _refresh_needs(session: Session, changes: Changes) -> None:
    touched = {row["id"] for row in changes.write.get("needs", [])}
    touched |= {row["need_id"] for row in changes.write.get("roles", [])}
    if not touched:
        return
    need: Any = MODELS["needs"]
    rows = session.exec(select(need))  # all of them: databases take few parameters
    refresh_search_texts(session, [row for row in rows if row.id in touched])
