"""Why a cell of a market folder was not accepted, what was left out, and how many rows change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.field_errors import FIELD_SENTENCES
from web.formats import plain_date
from web.labels import word

CELL_SENTENCES = {
    "missing": _l("This cell must not be empty."),
    "not_a_whole_number": _l("Enter a whole number from %(low)s to %(high)s."),
    "not_a_number": _l("Enter a number from %(low)s to %(high)s."),
    "out_of_range": _l("Enter a value from %(low)s to %(high)s."),
    "not_a_date": _l("Enter a date such as 2026-11-30."),
    "not_yes_or_no": _l("Enter yes or no."),
    "not_in_list": _l("Enter one of these: %(choices)s"),
    "not_a_language": _l("Enter language codes such as ja;en."),
    "not_an_email": _l("Enter an e-mail address."),
    "not_a_corporate_number": _l("Enter the 13 digits of the corporate number."),
    "not_a_code": _l("Use letters, digits, hyphens, dots and underscores, without spaces."),
    "too_long": _l("Shorten this to %(most)s characters."),
    "no_such_row": _l("There is no row with this id or code in %(file)s."),
    "stated_twice": _l("This row stands on line %(first_line)s already."),
    "before": _l("This date lies before %(other)s (%(than)s)."),
    "own_parent": _l("A skill cannot be its own parent."),
    "column_missing": _l("This column is missing in the first row."),
    "column_twice": _l("This column stands twice in the first row."),
    "too_many_cells": _l("This row has more cells than the first row (%(columns)s)."),
    "header_missing": _l("The file is empty. The first row must name the columns."),
    "unknown_encoding": _l("Save the file as UTF-8 or Shift_JIS (CP932)."),
    "broken_quotes": _l("A quotation mark is not closed."),
    "formula": _l("Enter the value itself, not a formula."),
    "no_such_menu": _l("There is no project type with this code."),
    "merged_into": _l("This record was merged into %(other)s. Please use that id."),
    "number_taken": _l("Another company (%(other)s) has this corporate number."),
    "need_is_busy": _l("This need is “%(state)s”. It can no longer be changed by an import."),
    "role_moved": _l("This role belongs to another need (%(other)s)."),
    "too_many_rows": _l("The sheet has too many rows."),
    "file_unreadable": _l(
        "The file could not be opened. Send CSV files, a zip of them, or an Excel workbook (.xlsx)."
    ),
    "file_too_large": _l("The file is larger than 100 MB when unpacked."),
    "file_twice": _l("This file is in the zip twice."),
    "no_market_files": _l(
        "No file of the market folder was found. The names must be as in the template, such as "
        "professionals.csv."
    ),
}


def cell_sentence(error: Mapping[str, Any]) -> str:
    """What is expected of a refused cell, in the reader's language."""
    params = {name: _shown(value) for name, value in error["params"].items()}
    if error["code"] == "need_is_busy":
        params["state"] = word(params.get("state", ""), "need_state")
    text = CELL_SENTENCES.get(error["code"]) or FIELD_SENTENCES.get(error["code"])
    return str(text or FIELD_SENTENCES["invalid"]) % params


def warning_sentence(warning: Mapping[str, Any]) -> str:
    """What was left out of the import, and that nothing is wrong with that."""
    if warning["code"] == "file_left_out":
        return _("%(file)s was left out: it is no file of the market folder.",
                 file=warning["file"])  # fmt: skip
    return _("%(file)s: unknown columns were left out: %(columns)s",
             file=warning["file"], columns=", ".join(warning["columns"]))  # fmt: skip


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def batch_name(filename: str, sent: datetime) -> str:
    """An import by its kind and day, whatever the files were called."""
    return _("%(kind)s, %(day)s", kind=_kind(filename), day=plain_date(sent))


def _kind(filename: str) -> str:
    first, *more = filename.split(", ")
    if more:
        return _("Several tables (CSV)")
    if first.lower().endswith(".xlsx"):
        return _("Workbook (Excel)")
    return _("Tables (zip)") if first.lower().endswith(".zip") else first
