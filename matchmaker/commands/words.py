"""What the command line says, in English: one line for each fault."""

from __future__ import annotations

from typing import Any

from matchmaker.engine.files.tables import CellError, FolderError, UnknownColumns
from matchmaker.engine.reasons import join_reasons
from matchmaker.engine.solution import Violation
from matchmaker.errors import FieldError, Invalid, Refusal

_EXPECTED = {
    "missing": "a value",
    "not_a_whole_number": "a whole number from {low} to {high}",
    "not_a_number": "a number from {low} to {high}",
    "out_of_range": "a value from {low} to {high}",
    "not_a_date": "a date like 2026-11-30",
    "not_yes_or_no": "yes or no",
    "not_in_list": "one of {choices}",
    "not_a_language": "language codes like ja;en",
    "not_an_email": "an e-mail address",
    "not_a_corporate_number": "13 digits",
    "not_a_code": "letters, digits, . _ or -, beginning with a letter or digit",
    "too_long": "at most {most} characters",
    "no_such_row": "an id or code that is in {file}",
    "stated_twice": "each one once; it is already on line {first_line}",
    "before": "a date not before {other} ({than})",
    "own_parent": "another skill as parent",
    "control_character": "text without control characters",
    "line_break": "text on one line",
    "half_width_kana": "full-width kana",
    "right_to_left": "text that reads from left to right",
    "invisible_character": "text without invisible characters",
    "emoji": "text without emoji",
    "broken_character": "characters that exist",
    "column_missing": "this column in the header",
    "column_twice": "this column only once",
    "too_many_cells": "at most {columns} cells in a row",
    "file_missing": "this file in the folder",
    "header_missing": "a header row",
    "unknown_encoding": "a file in UTF-8 or CP932",
    "broken_quotes": "quotes that are closed",
    "formula": "a value, not a formula",
    "no_such_menu": "the code of a project menu",
    "number_taken": "a number that no other company has (it is that of {other})",
    "need_is_busy": "no change: people are being found for this need, or at work ({state})",
    "role_moved": "the need this role already belongs to ({other})",
    "too_many_rows": "fewer rows",
    "file_unreadable": "a folder, a zip or an .xlsx workbook that can be opened",
    "file_too_large": "at most 100 MB when unpacked",
    "file_twice": "each file once",
    "no_market_files": "at least one file of the market folder, such as professionals.csv",
    "not_a_market_file": "a file of columns as `matchmaker sample --format npz` writes it",
    "not_in_normal_form": "text in one normal form (NFC, no space at either end)",
    "not_sorted": "rows sorted by their keys, each key once",
    "not_an_object": "an object, {{…}}",
    "not_a_list": "a list, […]",
    "unknown_name": "one of {choices}",
    "unknown_field": "a field of the policy",
    "already_there": "an id that is not in {file} yet",
    "not_pairs": "a list of [professional, role]",
    "not_weights": "whole numbers 0 to 1000 for {features}",
    "not_reserves": "a list of [company, [needs], seats]",
    "not_levels": "true or false for {levels}",
    "all_zero": "at least one weight above 0",
    "pinned_and_banned": "a pair not both pinned and banned ({pair})",
    "not_in_encoding": "characters that {encoding} has (not {characters})",
}


def cell_sentence(error: CellError) -> str:
    """``file, line, column: 'value': expected …`` for a refused cell."""
    params = {
        name: ", ".join(value) if isinstance(value, tuple) else value
        for name, value in error.params.items()
    }
    place = [error.file, *([f"line {error.line}"] if error.line else [])]
    place += [f"column {error.column}"] if error.column else []
    shown = f" {_shortened(error.value)!r}:" if error.value else ""
    return f"{', '.join(place)}:{shown} expected {_EXPECTED[error.code].format_map(params)}"


def _shortened(value: str, most: int = 60) -> str:
    return value if len(value) <= most else f"{value[: most - 1]}…"


def warning_sentence(warning: UnknownColumns) -> str:
    """A warning about columns that were left out."""
    return f"{warning.file}: warning: unknown columns left out: {', '.join(warning.columns)}"


def violation_sentence(fault: Violation) -> str:
    """A fault that a verification found."""
    return f"{fault.code.replace('_', ' ')}{_params(fault.params)}"


def refusal_sentences(refusal: Refusal) -> list[str]:
    """One line for each fact of a refusal."""
    if isinstance(refusal, FolderError):
        return [cell_sentence(error) for error in refusal.errors]
    if refusal.code in ("changes_invalid", "policy_invalid") and isinstance(refusal, Invalid):
        return [_place_sentence(fault) for fault in refusal.errors]
    if isinstance(refusal, Invalid):
        return [
            f"{fault.field}: {fault.code.replace('_', ' ')}{_params(fault.params)}"
            for fault in refusal.errors
        ]
    return [f"{refusal.code.replace('_', ' ')}{_params(refusal.params)}"]


def _place_sentence(fault: FieldError) -> str:
    """``place: 'value': expected …`` for a fault in a file of changes."""
    params = {
        name: ", ".join(value) if isinstance(value, list | tuple) else value
        for name, value in fault.params.items()
    }
    value = params.pop("value", "")
    shown = f" {_shortened(str(value))!r}:" if value else ""
    expected = _EXPECTED.get(fault.code, fault.code.replace("_", " ")).format_map(params)
    return f"{fault.field or 'the file'}:{shown} expected {expected}"


def _params(params: dict[str, Any]) -> str:
    shown = ", ".join(f"{name} {_value(value)}" for name, value in params.items())
    return f": {shown}" if shown else ""


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        if value and all(hasattr(each, "code") for each in value):
            return join_reasons(value)
        several = any(isinstance(each, list | tuple) for each in value)
        return ("; " if several else ", ").join(_value(each) for each in value)
    return str(value)
