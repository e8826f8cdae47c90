"""The market folder as an Excel workbook: one sheet a file, the same columns.

Cells come as text, number, date or truth; each becomes the text that the CSV file would hold, so
that one set of rules reads both. Formulas are refused: what they show depends on who opens them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from matchmaker.engine.files.cells import format_number
from matchmaker.engine.files.columns import FILES, File
from matchmaker.engine.files.folder import RawFiles, check_files, folder_texts
from matchmaker.engine.files.tables import CellError, Tables

MOST_BYTES = 100 * 1024 * 1024  # of an unpacked workbook or zip
MOST_ROWS = 200_000  # of one sheet
MOST_COLUMNS = 200
_NUMBERS = frozenset({"whole", "decimal"})


def read_workbook(source: str | Path | bytes) -> Tables:
    """The checked tables of a workbook; ``FolderError`` with every fault at once."""
    raw = read_sheets(source)
    raw.faults += [
        CellError(f"{name}.csv", 0, "", "", "file_missing")
        for name, file in FILES.items()
        if file.needed and name not in raw.headers
    ]
    return check_files(raw)


def read_sheets(source: str | Path | bytes) -> RawFiles:
    """The texts of a workbook's sheets by name; other sheets are passed over.

    What is no workbook, or too large when unpacked, is noted as one fault of the whole.
    """
    raw = RawFiles()
    stream: BinaryIO = (
        io.BytesIO(source) if isinstance(source, bytes) else io.BytesIO(Path(source).read_bytes())
    )
    try:
        with zipfile.ZipFile(stream) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raw.faults.append(CellError("workbook", 0, "", "", "file_too_large"))
                return raw
        stream.seek(0)
        book = load_workbook(stream, read_only=True, data_only=False)
        for name in book.sheetnames:
            if (file := FILES.get(name.strip().lower())) is not None:
                _read_sheet(file, book[name], raw)
    except Exception:
        raw = RawFiles()
        raw.faults.append(CellError("workbook", 0, "", "", "file_unreadable"))
    return raw


def _read_sheet(file: File, sheet: Any, raw: RawFiles) -> None:
    lines = list(_lines(file, sheet, raw.faults))
    if not lines:
        raw.headers[file.name], raw.rows[file.name] = [], []
        return
    header = [cell.strip().lower() for cell in lines[0][1]]
    while header and not header[-1]:
        header.pop()
    rows = []
    for number, cells in lines[1:]:
        beyond = [cell for cell in cells[len(header) :] if cell.strip()]
        if beyond:
            params = {"columns": len(header)}
            raw.faults.append(
                CellError(f"{file.name}.csv", number, "", beyond[0], "too_many_cells", params)
            )
        rows.append((number, dict(zip(header, cells, strict=False))))
    raw.headers[file.name], raw.rows[file.name] = header, rows


def _lines(file: File, sheet: Any, faults: list[CellError]) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a file claims to hold is not believed
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            faults.append(CellError(f"{file.name}.csv", number, "", "", "too_many_rows"))
            return
        texts = []
        for cell in cells:
            if cell.data_type == "f":
                place = (f"{file.name}.csv", number, str(cell.coordinate))
                faults.append(CellError(*place, str(cell.value), "formula"))
            texts.append("" if cell.data_type == "f" else cell_text(cell.value))
        if any(text.strip() for text in texts):
            yield number, texts


def cell_text(value: Any) -> str:
    """``value`` of a cell as the text the CSV file would hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format_number(value)
    return str(value)


def write_workbook(tables: Tables) -> bytes:
    """A workbook with every sheet of the folder, header rows bold and frozen."""
    book = Workbook(write_only=True)
    for name, rows in folder_texts(tables).items():
        sheet: Any = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        columns = FILES[name].columns
        sheet.append([_bold(sheet, column.name) for column in columns])
        for row in rows:
            sheet.append(
                [
                    _typed(sheet, column.kind, text)
                    for column, text in zip(columns, row, strict=True)
                ]
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: Worksheet, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _typed(sheet: Worksheet, kind: str, text: str) -> Any:
    if not text:
        return None
    if kind in _NUMBERS:
        return float(text) if "." in text else int(text)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # text stays text, whatever it begins with
    return cell
