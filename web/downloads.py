"""Tables as files: CSV for spreadsheets and machines, Excel for offices.

Every CSV of the site is UTF-8 with BOM, or with ``?encoding=cp932`` in the code that older
Japanese software reads. What that code lacks is listed first; nothing is replaced unasked.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, make_response, render_template, request
from openpyxl import Workbook

Rows = Iterable[Sequence[Any]]
CSV = "text/csv; charset=utf-8"
CSV_CP932 = "text/csv; charset=Windows-31J"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MISSING = "〓"  # what a printer sets for a character it lacks
MOST_LISTED = 200
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?")
# One sign of JIS under two numbers of Unicode: Microsoft's table knows only the second.
_SAME = str.maketrans("\u301c\u2212\u2014\u2016\u00a2\u00a3\u00ac", "～－―∥￠￡￢")


@dataclass(frozen=True)
class Unwritable:
    """A cell with ``characters`` that CP932 lacks; ``line`` counts from the header, which is 1."""

    line: int
    column: str
    cell: str
    characters: str


def csv_download(name: str, header: Sequence[Any], rows: Rows) -> Response:
    """One header row, ISO dates, no cell taken for a formula; encoded as the reader asked.

    With ``encoding=cp932`` a page lists the cells that cannot be written, if there are any; with
    ``missing=marked`` besides, each of their characters is written as ``MISSING``.
    """
    table = [[str(cell) for cell in header], *([_plain(cell) for cell in row] for row in rows)]
    if request.args.get("encoding") != "cp932":
        return _file(f"{name}.csv", CSV, _csv(table).encode("utf-8-sig"))
    table = [[cell.translate(_SAME) for cell in row] for row in table]
    marked = request.args.get("missing") == "marked"
    if not marked and (found := list(_unwritable(table))):
        page = render_template(
            "errors/unwritable.html", found=found[:MOST_LISTED], total=len(found), name=name
        )
        return make_response(page)
    table = [[_marked(cell) for cell in row] for row in table]
    return _file(f"{name}.csv", CSV_CP932, _csv(table).encode("cp932"))


def xlsx_download(name: str, header: Sequence[Any], rows: Rows) -> Response:
    """One sheet, one header row, no merged cells."""
    return xlsx_book(name, [("Sheet", header, rows)])


def xlsx_book(name: str, sheets: Iterable[tuple[str, Sequence[Any], Rows]]) -> Response:
    """Several sheets (name, header, rows), each with one header row and no merged cells."""
    book = Workbook()
    book.remove(book.active)
    for title, header, rows in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.append([str(cell) for cell in header])
        for row in rows:
            sheet.append([_typed(cell) for cell in row])
        sheet.freeze_panes = "A2"
    return _file(f"{name}.xlsx", XLSX, _same_bytes(book))


def _same_bytes(book: Workbook) -> bytes:
    """The workbook without the moment it was written: the same figures give the same bytes."""
    written, target = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as found, zipfile.ZipFile(target, "w") as kept:
        for name in found.namelist():
            content = found.read(name)
            if name == "docProps/core.xml":
                content = _MOMENT.sub(b"2000-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name)  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
    return target.getvalue()


def _csv(table: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue()


def _unwritable(table: Sequence[Sequence[str]]) -> Iterable[Unwritable]:
    for line, row in enumerate(table, 1):
        for column, cell in zip(table[0], row, strict=True):
            if missing := "".join(dict.fromkeys(char for char in cell if not _writable(char))):
                yield Unwritable(line, column, cell, missing)


def _marked(cell: str) -> str:
    return "".join(char if _writable(char) else MISSING for char in cell)


def _writable(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return str(cell)
    text = str(cell)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _typed(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.isoformat()
    if cell is None or isinstance(cell, date | int | float):
        return cell
    return _plain(cell)


def _file(name: str, kind: str, content: bytes) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
