"""Tables as files: CSV for spreadsheets and machines, Excel for offices."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask import Response
from openpyxl import Workbook

Rows = Iterable[Sequence[Any]]
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_download(name: str, header: Sequence[Any], rows: Rows) -> Response:
    """UTF-8 with BOM, one header row, ISO dates; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([str(cell) for cell in header])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return _file(f"{name}.csv", CSV, text.getvalue().encode("utf-8-sig"))


def xlsx_download(name: str, header: Sequence[Any], rows: Rows) -> Response:
    """One sheet, one header row, no merged cells."""
    book = Workbook()
    sheet = book.active
    sheet.append([str(cell) for cell in header])
    for row in rows:
        sheet.append([_typed(cell) for cell in row])
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return _file(f"{name}.xlsx", XLSX, target.getvalue())


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
    target = io.BytesIO()
    book.save(target)
    return _file(f"{name}.xlsx", XLSX, target.getvalue())


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
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
