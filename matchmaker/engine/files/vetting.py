"""Columns judged as a market folder's cells are: whatever reading would refuse is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from matchmaker.engine.files.cells import EARLIEST, LATEST, BadCell, format_number, read_cell
from matchmaker.engine.files.columnar import BLANK, Array, Coded, Data, Texts, decoded
from matchmaker.engine.files.columns import Column, File
from matchmaker.engine.problem import Bools

_PLAIN_CODES = re.compile(r"(?:[A-Za-z0-9][\w.\-]{0,63}+\n)*+", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """A column that holds what it must not, with the first such value."""

    column: str
    value: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


def faults(file: File, columns: Mapping[str, Data]) -> Iterator[Fault]:
    """What is wrong with the columns of a table: one fault a column, then those of whole rows."""
    found = [fault for each in file.columns for fault in _cells(each, columns[each.name])]
    yield from found
    if not found:
        yield from _rows(file, columns)


def _cells(column: Column, data: Data) -> Iterator[Fault]:
    if isinstance(data, Texts):
        yield from _texts(column, data)
    elif isinstance(data, Coded):
        yield from _coded(column, data)
    else:
        yield from _numbers(column, data)


def _texts(column: Column, data: Texts) -> Iterator[Fault]:
    """Every text must be one that a folder's cell would be read as."""
    lengths = np.diff(data.ends, prepend=0)
    if column.required and not lengths.all():
        yield Fault(column.name, "", "missing")
    elif not (column.kind == "code" and _PLAIN_CODES.fullmatch("\n".join([*data, ""]))):
        yield from _unreadable(column, dict.fromkeys(data))


def _unreadable(column: Column, values: Mapping[str, Any] | Sequence[str]) -> Iterator[Fault]:
    for value in filter(None, values):
        try:
            read = read_cell(column, f"'{value}" if value[0] in "'=+-@" else value)
        except BadCell as bad:
            yield Fault(column.name, value, bad.code, bad.params)
            return
        if read != value and read != tuple(value.split(";")):
            yield Fault(column.name, value, "not_in_normal_form")
            return


def _coded(column: Column, data: Coded) -> Iterator[Fault]:
    outside = (data.codes < BLANK) | (data.codes >= len(data.names))
    if outside.any():
        place = str(data.codes[np.argmax(outside)])
        yield Fault(column.name, place, "no_such_row", {"file": column.refers or column.name})
    elif column.required and (data.codes == BLANK).any():
        yield Fault(column.name, "", "missing")
    elif column.kind == "languages":
        yield from _unreadable(column, list(data.names))


def _numbers(column: Column, data: Array) -> Iterator[Fault]:
    low, high = _range(column)
    held = (data >= low) & (data <= high)
    wrong = ~(held | _left_blank(column, data))
    if wrong.any():
        shown = {"low": _shown(column, low), "high": _shown(column, high)}
        yield Fault(column.name, str(data[np.argmax(wrong)]), "out_of_range", shown)


def _range(column: Column) -> tuple[float, float]:
    if column.kind == "date":
        return EARLIEST.toordinal(), LATEST.toordinal()
    if column.kind == "flag":
        return 0, 1
    if column.kind == "choice":
        return 0, len(column.choices) - 1
    if column.kind == "choices":
        return 0, 2 ** len(column.choices) - 1
    return column.low, column.high


def _shown(column: Column, bound: float) -> str:
    if column.kind == "date":
        return date.fromordinal(int(bound)).isoformat()
    return format_number(bound)


def _left_blank(column: Column, data: Array) -> Bools:
    """Cells that say nothing, where a column allows that."""
    if column.required or column.default is not None:
        return np.zeros(len(data), dtype=bool)
    if column.kind == "decimal":
        return np.isnan(data)
    return np.equal(data, 0 if column.kind == "date" else BLANK)


def _rows(file: File, columns: Mapping[str, Data]) -> Iterator[Fault]:
    """Keys in order, each once; dates in order; no skill above itself."""
    key = [columns[name] for name in file.key]
    if not _ascending(key):
        yield Fault(file.key[-1], "", "not_sorted")
    if file.in_order:
        first, last = (np.asarray(columns[name]) for name in file.in_order)
        wrong = (first > 0) & (last > 0) & (last < first)
        if wrong.any():
            at = int(np.argmax(wrong))
            than = date.fromordinal(int(first[at]))
            value = date.fromordinal(int(last[at])).isoformat()
            params = {"other": file.in_order[0], "than": than}
            yield Fault(file.in_order[1], value, "before", params)
    parent = columns.get("parent")
    if isinstance(parent, Coded):
        own = parent.codes == np.arange(len(parent))
        if own.any():
            value = decoded(file.column("parent"), parent, *_at(own))[0]
            yield Fault("parent", value, "own_parent")


def _at(mask: Bools) -> tuple[int, int]:
    place = int(np.argmax(mask))
    return place, place + 1


def _ascending(key: Sequence[Data]) -> bool:
    if len(key) == 1 and isinstance(key[0], Texts):
        return all(one < other for one, other in pairwise(key[0]))
    parts = [part.codes if isinstance(part, Coded) else np.asarray(part) for part in key]
    later = np.zeros(max(len(parts[0]) - 1, 0), dtype=bool)
    for part in reversed(parts):
        step = np.diff(part.astype(np.int64))
        later = (step > 0) | ((step == 0) & later)
    return bool(later.all())
