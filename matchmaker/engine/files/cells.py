"""One cell: text to value and back. A bad cell is refused with a code and parameters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaker.engine.files.columns import Column
from matchmaker.text import clean, text_fault

_CODE = re.compile(r"[^\W_][\w.\-]*")
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,9})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_GUARDED = re.compile(r"'+[=+\-@]")
_FORMULA = re.compile(r"'*[=+\-@]")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class BadCell(Exception):
    """A cell that cannot be read; ``code`` and ``params`` say what is expected."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)


def read_cell(column: Column, text: str) -> Any:
    """The value of ``text`` in ``column``; the default when blank. Raises ``BadCell``."""
    value = clean(text)
    if _GUARDED.match(value):
        value = value[1:]
    if not value:
        if column.required:
            raise BadCell("missing")
        return column.default
    if not (value.isascii() and value.isprintable()) and (fault := text_fault(value)):
        raise BadCell(fault)
    return _READERS[column.kind](column, value)


def write_cell(column: Column, value: Any) -> str:
    """``value`` as text that ``read_cell`` reads back to the same value."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, float):
        return format_number(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def format_number(value: float) -> str:
    """``value`` without an exponent and without a needless ``.0``."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _read_code(column: Column, value: str) -> str:
    if len(value) > column.high:
        raise BadCell("too_long", most=int(column.high))
    if not _CODE.fullmatch(value):
        raise BadCell("not_a_code")
    return value


def _read_text(column: Column, value: str) -> str:
    if len(value) > column.high:
        raise BadCell("too_long", most=int(column.high))
    return value


def _in_range(column: Column, number: float) -> None:
    if not column.low <= number <= column.high:
        low, high = format_number(column.low), format_number(column.high)
        raise BadCell("out_of_range", low=low, high=high)


def _read_whole(column: Column, value: str) -> int:
    plain = _plain(value)
    if not _WHOLE.fullmatch(plain):
        raise BadCell("not_a_whole_number", low=int(column.low), high=int(column.high))
    _in_range(column, int(plain))
    return int(plain)


def _read_decimal(column: Column, value: str) -> float:
    plain = _plain(value)
    if not _DECIMAL.fullmatch(plain):
        low, high = format_number(column.low), format_number(column.high)
        raise BadCell("not_a_number", low=low, high=high)
    _in_range(column, float(plain))
    return float(plain) + 0.0


def _read_date(column: Column, value: str) -> date:
    plain = _plain(value)
    try:
        read = date.fromisoformat(plain) if _DATE.fullmatch(plain) else None
    except ValueError:
        read = None
    if read is None:
        raise BadCell("not_a_date")
    if not EARLIEST <= read <= LATEST:
        raise BadCell("out_of_range", low=EARLIEST.isoformat(), high=LATEST.isoformat())
    return read


def _read_flag(column: Column, value: str) -> bool:
    plain = _plain(value).lower()
    if plain not in ("yes", "no"):
        raise BadCell("not_yes_or_no")
    return plain == "yes"


def _read_choice(column: Column, value: str) -> str:
    plain = _plain(value).lower()
    if plain not in column.choices:
        raise BadCell("not_in_list", choices=column.choices)
    return plain


def _items(value: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _plain(value).lower().split(";"))
    return tuple(dict.fromkeys(part for part in parts if part))


def _read_choices(column: Column, value: str) -> tuple[str, ...]:
    items = _items(value)
    if unknown := [item for item in items if item not in column.choices]:
        raise BadCell("not_in_list", choices=column.choices, unknown=tuple(unknown))
    return tuple(sorted(items, key=column.choices.index))


def _read_languages(column: Column, value: str) -> tuple[str, ...]:
    items = _items(value)
    if not all(_LANGUAGE.fullmatch(item) for item in items):
        raise BadCell("not_a_language")
    return tuple(sorted(items))


def _read_email(column: Column, value: str) -> str:
    if len(value) > column.high:
        raise BadCell("too_long", most=int(column.high))
    if not _EMAIL.fullmatch(value):
        raise BadCell("not_an_email")
    return value


def _read_corporate_number(column: Column, value: str) -> str:
    plain = _plain(value)
    if not re.fullmatch("[0-9]{13}", plain):
        raise BadCell("not_a_corporate_number")
    return plain


_READERS: dict[str, Callable[[Column, str], Any]] = {
    "code": _read_code,
    "text": _read_text,
    "whole": _read_whole,
    "decimal": _read_decimal,
    "date": _read_date,
    "flag": _read_flag,
    "choice": _read_choice,
    "choices": _read_choices,
    "languages": _read_languages,
    "email": _read_email,
    "corporate_number": _read_corporate_number,
}
