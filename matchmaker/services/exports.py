"""The tables as a market folder: as files, as a zip, as a workbook, or as empty templates."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.engine.files.columns import FILES
from matchmaker.engine.files.folder import write_folder
from matchmaker.engine.files.tables import FolderError as FolderError  # for pages to catch
from matchmaker.engine.files.tables import Row, Tables
from matchmaker.models import NeedState, ProfileState
from matchmaker.services import audit, workbooks
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.market_rows import FIELD_ROWS, MODELS, folder_row, key_of

IN_MARKET = {
    "professionals": (ProfileState.VERIFIED,),
    "groups": (ProfileState.VERIFIED,),
    "needs": (NeedState.OPEN, NeedState.IN_ROUND, NeedState.UNSTAFFED),
}
FORMATS = ("zip", "xlsx")
UTF8 = "utf-8-sig"


def stored_rows(session: Session, file: str) -> list[tuple[Any, Row]]:
    """Every stored row of ``file`` with what the folder says of it, sorted by key."""
    fields = _fields(session, file)
    table: Any = MODELS[file]
    rows = [
        (stored, folder_row(file, stored, tuple(fields[getattr(stored, "id", "")])))
        for stored in session.exec(select(table))
    ]
    return sorted(rows, key=lambda pair: key_of(file, pair[1]))


def _fields(session: Session, file: str) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    if file in FIELD_ROWS:
        table, owner = FIELD_ROWS[file]
        columns: Any = table
        for row_id, field in session.exec(select(getattr(columns, owner), col(columns.field))):
            found[row_id].append(field)
    return found


def market_tables(session: Session) -> Tables:
    """The market as it stands: everybody verified, every need that is open or in a round.

    What refers to somebody outside the market stays out with them.
    """
    rows: dict[str, tuple[Row, ...]] = {}
    ids: dict[str, set[Any]] = {}
    for name, file in FILES.items():
        kept = []
        for stored, row in stored_rows(session, name):
            states = IN_MARKET.get(name)
            if states and stored.state not in states:
                continue
            if all(
                not column.refers or not row[column.name] or row[column.name] in ids[column.refers]
                for column in file.columns
                if column.refers != name
            ):
                kept.append(row)
        rows[name] = tuple(kept)
        ids[name] = {row[file.key[0]] for row in kept}
    return Tables(rows)


def export_market(
    session: Session, *, actor: Actor, now: datetime, kind: str, encoding: str = UTF8
) -> bytes:
    """The market as a ``zip`` of CSV files or an ``xlsx`` workbook; coordinators only.

    ``encoding`` as in ``packed``. The caller's transaction records who took it.
    """
    return packed(recorded_tables(session, actor=actor, now=now, kind=kind), kind, encoding)


def recorded_tables(session: Session, *, actor: Actor, now: datetime, kind: str) -> Tables:
    """``market_tables``, with a record of who took them and as what; coordinators only."""
    require_coordinator(actor)
    tables = market_tables(session)
    audit.record(
        session,
        actor=actor,
        act="market_exported",
        subject=("market", kind),
        now=now,
        rows={name: len(rows) for name, rows in tables.rows.items()},
    )
    return tables


def template(kind: str) -> bytes:
    """An empty market folder with its header rows, as ``zip`` or ``xlsx``."""
    return packed(Tables({}), kind)


def packed(tables: Tables, kind: str, encoding: str = UTF8) -> bytes:
    """``tables`` as the bytes of a ``zip`` of CSV files or of an ``xlsx`` workbook.

    ``encoding`` of the CSV files: ``utf-8-sig`` or ``cp932``; ``FolderError`` lists the cells that
    CP932 cannot hold. Nothing is replaced: the files are to be read in again.
    """
    return workbooks.write_workbook(tables) if kind == "xlsx" else _zip(tables, encoding)


def _zip(tables: Tables, encoding: str) -> bytes:
    out = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(out, "w") as archive:
        write_folder(tables, folder, encoding)
        for name in FILES:
            entry = zipfile.ZipInfo(f"{name}.csv")  # a fixed date: the same rows, the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (Path(folder) / entry.filename).read_bytes())
    return out.getvalue()
