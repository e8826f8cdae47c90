"""Rows of text become checked tables: every error is found, and nothing is half-imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from matchmaker.engine.files.cells import BadCell, read_cell
from matchmaker.engine.files.columns import FILES, File
from matchmaker.errors import Refusal

Row = dict[str, Any]
RawRows = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True)
class CellError:
    """One cell that was refused. Line 1 is the header; line 0 speaks of the whole file."""

    file: str
    line: int
    column: str
    value: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UnknownColumns:
    """A warning: these columns of a file were left out."""

    file: str
    columns: tuple[str, ...]


class FolderError(Refusal):
    """A market folder was refused; ``errors`` holds every bad cell at once."""

    def __init__(self, errors: Sequence[CellError], code: str = "folder_refused") -> None:
        self.errors = tuple(errors)
        super().__init__(code, count=len(self.errors))


@dataclass(frozen=True)
class Tables:
    """Checked values: file name (without ``.csv``) → rows, each with every column of the file."""

    rows: dict[str, tuple[Row, ...]]
    warnings: tuple[UnknownColumns, ...] = ()


def parse_tables(
    raw: Mapping[str, RawRows],
    headers: Mapping[str, Sequence[str]] | None = None,
    known: Mapping[str, Set[str]] | None = None,
) -> Tables:
    """Check ``raw`` (file name → numbered rows of column → text) and return typed tables.

    ``headers`` gives each file's column names; without it, a file's columns are those of its rows.
    ``known`` (file name → ids) names rows that exist elsewhere and may be referred to.
    Files that are absent count as empty. Raises ``FolderError`` with every fault: unreadable
    cells, missing columns, doubled keys, references to rows that do not exist, dates out of order.
    """
    errors: list[CellError] = []
    warnings: list[UnknownColumns] = []
    rows: dict[str, tuple[Row, ...]] = {}
    elsewhere = known or {}
    keys = {
        name: _stated_ids(file, raw.get(name, ())) | elsewhere.get(name, frozenset())
        for name, file in FILES.items()
    }
    for name, file in FILES.items():
        numbered = raw.get(name, ())
        header = _header(numbered, None if headers is None else headers.get(name))
        found = list(_header_errors(file, header))
        errors += found
        unknown = tuple(sorted(column for column in header if column not in _names(file)))
        if any(unknown):
            warnings.append(UnknownColumns(f"{name}.csv", tuple(filter(None, unknown))))
        if not found:
            rows[name] = _parse_file(file, numbered, keys, errors)
    if errors:
        raise FolderError(sorted(errors, key=lambda error: (_place(error.file), error.line)))
    return Tables(rows, tuple(warnings))


def _place(file: str) -> int:
    return list(FILES).index(file.removesuffix(".csv"))


def _names(file: File) -> set[str]:
    return {column.name for column in file.columns}


def _header(rows: RawRows, stated: Sequence[str] | None) -> tuple[str, ...]:
    if stated is not None:
        return tuple(stated)
    return tuple(dict.fromkeys(name for _, row in rows for name in row))


def _header_errors(file: File, header: tuple[str, ...]) -> Iterator[CellError]:
    if not header:
        return
    for column in file.columns:
        if column.required and column.name not in header:
            yield CellError(f"{file.name}.csv", 1, column.name, "", "column_missing")
        elif header.count(column.name) > 1:
            yield CellError(f"{file.name}.csv", 1, column.name, column.name, "column_twice")


def _stated_ids(file: File, rows: RawRows) -> frozenset[str]:
    """Every identifier a file states, readable row or not, so that one fault is told once."""
    if len(file.key) != 1:
        return frozenset()
    column = file.column(file.key[0])
    found = set()
    for _, row in rows:
        try:
            found.add(read_cell(column, row.get(column.name, "")))
        except BadCell:
            continue
    return frozenset(found)


def _parse_file(
    file: File, rows: RawRows, keys: Mapping[str, frozenset[str]], errors: list[CellError]
) -> tuple[Row, ...]:
    parsed: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, texts in rows:
        row, faults = _parse_row(file, line, texts, keys)
        if not faults:
            faults = list(_row_errors(file, line, texts, row, seen))
        errors += faults
        parsed.append(row)
    return tuple(parsed)


def _parse_row(
    file: File, line: int, texts: Mapping[str, str], keys: Mapping[str, frozenset[str]]
) -> tuple[Row, list[CellError]]:
    row: Row = {}
    faults = []
    for column in file.columns:
        text = texts.get(column.name, "")
        try:
            value = read_cell(column, text)
            if column.refers and value and value not in keys[column.refers]:
                raise BadCell("no_such_row", file=f"{column.refers}.csv")
            row[column.name] = value
        except BadCell as bad:
            place = (f"{file.name}.csv", line, column.name)
            faults.append(CellError(*place, text, bad.code, bad.params))
    return row, faults


def _row_errors(
    file: File, line: int, texts: Mapping[str, str], row: Row, seen: dict[tuple[Any, ...], int]
) -> Iterator[CellError]:
    key = tuple(row[name] for name in file.key)
    if key in seen:
        yield _fault(file, line, file.key[-1], texts, "stated_twice", first_line=seen[key])
    seen.setdefault(key, line)
    if file.in_order:
        earlier, later = file.in_order
        if row[earlier] and row[later] and row[later] < row[earlier]:
            yield _fault(file, line, later, texts, "before", other=earlier, than=row[earlier])
    if row.get("parent") and row["parent"] == row.get("code"):
        yield _fault(file, line, "parent", texts, "own_parent")


def _fault(
    file: File, line: int, column: str, texts: Mapping[str, str], code: str, **params: Any
) -> CellError:
    return CellError(f"{file.name}.csv", line, column, texts.get(column, ""), code, params)
