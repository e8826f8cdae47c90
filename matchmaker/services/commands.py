"""Commands: what an act takes, checked at the door of its service.

A command is a pydantic model; its fields use the kinds of ``services.entries``. A field with a
default may be left blank; one without must be given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from matchmaker.errors import FieldError, Invalid
from matchmaker.services.entries import (
    DAYS,
    LANGUAGES,
    PARTS,
    SLOTS,
    Choice,
    Choices,
    ClockTime,
    Code,
    CodeList,
    Codes,
    Date,
    EmailText,
    Flag,
    Hours,
    Kana,
    KanaText,
    Kilometres,
    Languages,
    Level,
    Levels,
    LongText,
    Number,
    ShortText,
    Slots,
    Version,
    WebAddress,
    Whole,
    fault,
)

__all__ = [
    "DAYS",
    "LANGUAGES",
    "PARTS",
    "SLOTS",
    "Choice",
    "Choices",
    "ClockTime",
    "Code",
    "CodeList",
    "Codes",
    "Command",
    "Date",
    "EmailText",
    "Flag",
    "Hours",
    "Kana",
    "KanaText",
    "Kilometres",
    "Languages",
    "Level",
    "Levels",
    "LongText",
    "Number",
    "ShortText",
    "Slots",
    "Version",
    "WebAddress",
    "Whole",
    "fault",
    "in_order",
    "validated",
]


class Command(BaseModel):
    """What one act takes. Frozen; what it does not know is left out (a form sends its token)."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Given = TypeVar("Given", bound=Command)


# What a page notes about the record it shows: blank is not "as you please" but wrong.
_NOTED = frozenset({"version", "based_on", "kept_version", "other_version"})


def validated(kind: type[Given], data: Mapping[str, Any], context: Any = None) -> Given:
    """``data`` as a command of ``kind``. A blank entry counts as not given. ``context``: what its
    validators compare with.

    Raises ``Invalid`` with one ``FieldError`` per field that is wrong: missing, too_long(max),
    too_short(min), too_many(max), not_a_number, not_a_whole_number, out_of_range(min, max),
    not_a_date, not_in_list, not_an_email, kana_only, not_a_url, not_text, dates_out_of_order, and
    those of ``text_fault``.
    """
    given = {name: value for name, value in data.items()
             if not _blank(value) or (name in _NOTED and value is not None)}  # fmt: skip
    try:
        return kind.model_validate(given, context=context)
    except ValidationError as refused:
        raise Invalid(_unique(_field_errors(refused))) from None


def in_order(earlier: Any, later: Any, *, field: str) -> None:
    """Refuse (``dates_out_of_order`` beside ``field``) a window that ends before it begins."""
    if earlier is not None and later is not None and later < earlier:
        raise fault("dates_out_of_order", field=field)


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _unique(errors: Iterator[FieldError]) -> list[FieldError]:
    return list({error.field: error for error in errors}.values())


def _field_errors(refused: ValidationError) -> Iterator[FieldError]:
    for error in refused.errors():
        params = dict(error.get("ctx") or {})
        place = params.pop("field", None) or "-".join(str(step) for step in error["loc"])
        yield _field_error(place, params, error)


# What pydantic's own kinds say, in our words.
_PATTERNS = (
    (r"missing|none_required", "missing"),
    (r"string_too_long|too_long", "too_long"),
    (r"string_too_short|too_short", "too_short"),
    (r"greater_than.*|less_than.*|finite_number", "out_of_range"),
    (r"(int|float|decimal)_.*|multiple_of", "not_a_number"),
    (r"(date|datetime|time)_.*", "not_a_date"),
    (r"literal_error|enum|bool_.*|list_type|dict_type|set_type|tuple_type", "not_in_list"),
    (r"url_.*", "not_a_url"),
    (r"string_.*", "not_text"),
)


def _field_error(place: str, params: dict[str, Any], error: ErrorDetails) -> FieldError:
    kind = error["type"]
    code = next((ours for pattern, ours in _PATTERNS if re.fullmatch(pattern, kind)), kind)
    if code == kind:
        return FieldError(place, code, params)
    if code == "too_long":
        params = {"max": params.get("max_length")}
    elif code == "too_short":
        params = {"min": params.get("min_length")}
    elif code == "out_of_range":
        params = {
            "min": params.get("ge", params.get("gt")),
            "max": params.get("le", params.get("lt")),
        }
    else:
        params = {}
    return FieldError(place, code, params)
