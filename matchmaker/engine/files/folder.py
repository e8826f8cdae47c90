"""The market folder on disk: CSV in (UTF-8 with or without BOM, or CP932), CSV out."""

from __future__ import annotations

import csv
import errno
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from matchmaker.engine.files.cells import write_cell
from matchmaker.engine.files.columns import FILES, File
from matchmaker.engine.files.tables import (
    CellError,
    FolderError,
    RawRows,
    Row,
    Tables,
    parse_tables,
)

Texts = dict[str, str]


@dataclass
class RawFiles:
    """Files as text: rows with their line numbers, headers, and what could not be read."""

    rows: dict[str, RawRows] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)
    faults: list[CellError] = field(default_factory=list)


def read_folder(path: str | Path) -> Tables:
    """Read the market folder at ``path``.

    Each file is taken as UTF-8 (a BOM is fine), else as CP932. Files other than professionals,
    groups, needs and roles may be absent. Raises ``FolderError`` with every fault at once;
    ``OSError`` when there is no such folder.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "no such folder", str(folder))
    contents = {
        name: source.read_bytes() for name in FILES if (source := folder / f"{name}.csv").is_file()
    }
    raw = read_files(contents)
    raw.faults += [
        CellError(f"{name}.csv", 0, "", "", "file_missing")
        for name, file in FILES.items()
        if file.needed and name not in contents
    ]
    return check_files(raw)


def read_files(contents: Mapping[str, bytes]) -> RawFiles:
    """The texts of files given by name (without ``.csv``); what cannot be read is noted."""
    raw = RawFiles()
    for name in (name for name in FILES if name in contents):
        raw.headers[name], raw.rows[name] = _read_file(FILES[name], contents[name], raw.faults)
    return raw


def check_files(raw: RawFiles, known: Mapping[str, Set[str]] | None = None) -> Tables:
    """The checked tables of ``raw``; ``FolderError`` with every fault at once.

    ``known`` (file name → ids) names rows that exist elsewhere and may be referred to.
    """
    if not raw.faults:
        return parse_tables(raw.rows, raw.headers, known)
    errors = list(raw.faults)
    try:  # the other files' faults belong in the same list
        parse_tables(raw.rows, raw.headers, known)
    except FolderError as refused:
        errors += _not_caused_by(errors, refused)
    raise FolderError(errors)


def _not_caused_by(errors: list[CellError], refused: FolderError) -> Iterator[CellError]:
    broken = {error.file for error in errors if error.code != "too_many_cells"}
    for error in refused.errors:
        if not broken & {error.file, error.params.get("file")}:
            yield error


def decode(data: bytes) -> str | None:
    """``data`` as text: UTF-8 with or without BOM, else CP932, else None."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _read_file(
    file: File, data: bytes, errors: list[CellError]
) -> tuple[list[str], list[tuple[int, Texts]]]:
    name = f"{file.name}.csv"
    text = decode(data)
    if text is None:
        errors.append(CellError(name, 0, "", "", "unknown_encoding"))
        return [], []
    lines = list(_records(name, text, errors))
    if not lines:
        if file.needed:
            errors.append(CellError(name, 1, "", "", "header_missing"))
        return [], []
    header = [cell.strip().lower() for cell in lines[0][1]]
    rows = []
    for number, cells in lines[1:]:
        if any(cell.strip() for cell in cells[len(header) :]):
            extra = next(cell for cell in cells[len(header) :] if cell.strip())
            params = {"columns": len(header)}
            errors.append(CellError(name, number, "", extra, "too_many_cells", params))
        rows.append((number, dict(zip(header, cells, strict=False))))
    return header, rows


def _records(name: str, text: str, errors: list[CellError]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; blank lines are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            errors.append(CellError(name, line, "", "", "broken_quotes"))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def write_folder(
    tables: Tables | Mapping[str, Iterable[Iterable[object]]],
    path: str | Path,
    encoding: str = "utf-8-sig",
) -> None:
    """Write every file of the market folder into ``path`` (made when absent).

    ``tables``: checked tables, or file name → values of each row in the order of its columns.
    ``encoding`` is ``utf-8-sig``, ``utf-8`` or ``cp932``. Raises ``FolderError`` listing the cells
    that CP932 cannot hold. Rows are written as they come and the files appear together when all
    are complete; before that, nothing is changed. Reading the folder gives ``tables`` again.
    """
    rows = _values(tables) if isinstance(tables, Tables) else tables
    folder = Path(path)
    beside = folder if folder.is_dir() else folder.parent
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".part-", dir=beside) as part:
        errors = [
            error
            for name, file in FILES.items()
            for error in _write_file(file, rows.get(name, ()), Path(part), encoding)
        ]
        if errors:
            raise FolderError(errors, code="not_in_encoding")
        folder.mkdir(exist_ok=True)
        for name in FILES:
            (Path(part) / f"{name}.csv").replace(folder / f"{name}.csv")


def _values(tables: Tables) -> dict[str, Iterable[Iterable[object]]]:
    return {name: _in_order(file, tables.rows.get(name, ())) for name, file in FILES.items()}


def _in_order(file: File, rows: Iterable[Row]) -> Iterator[list[object]]:
    return ([row[column.name] for column in file.columns] for row in rows)


def _write_file(
    file: File, rows: Iterable[Iterable[object]], folder: Path, encoding: str
) -> list[CellError]:
    """Write one file; the cells that ``encoding`` cannot hold are replaced and returned."""
    errors: list[CellError] = []
    path = folder / f"{file.name}.csv"
    with path.open("w", encoding=encoding, errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(column.name for column in file.columns)
        for line, row in enumerate(rows, start=2):
            cells = list(map(write_cell, file.columns, row))
            if not encoding.startswith("utf"):
                errors += _unwritable(file, line, cells, encoding)
            writer.writerow(cells)
    return errors


def folder_texts(tables: Tables) -> dict[str, list[list[str]]]:
    """File name → rows of cells as text, in the order of the file's columns."""
    return {name: list(_texts(file, tables)) for name, file in FILES.items()}


def _texts(file: File, tables: Tables) -> Iterator[list[str]]:
    for row in tables.rows.get(file.name, ()):
        yield [write_cell(column, row[column.name]) for column in file.columns]


def to_csv(header: list[str], rows: list[list[str]]) -> str:
    """``header`` and ``rows`` as CSV text with ``\\n`` line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _unwritable(file: File, line: int, cells: list[str], encoding: str) -> Iterator[CellError]:
    for column, text in zip(file.columns, cells, strict=True):
        try:
            text.encode(encoding)
        except UnicodeEncodeError as error:
            params = {"characters": text[error.start : error.end], "encoding": encoding}
            place = (f"{file.name}.csv", line, column.name)
            yield CellError(*place, text, "not_in_encoding", params)
