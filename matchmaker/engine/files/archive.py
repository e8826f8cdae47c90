"""A market in one file of columns (``.npz``): read in a second where a folder takes minutes.

The file holds numpy arrays only, nothing that runs when it is read. Every table has its number of
rows under its name, and each column that is not blank throughout under ``table.column`` as
``matchmaker.engine.files.columnar`` describes it: words as ``….data`` and ``….ends``, references as
positions in the other table. Whatever a market folder would be refused for is refused here too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from matchmaker.engine.files.columnar import (
    BLANK,
    Array,
    Coded,
    Data,
    Texts,
    blank,
    column_of,
    kept_as_text,
    places_of,
    points,
)
from matchmaker.engine.files.columns import FILES, Column, File
from matchmaker.engine.files.npz import read_arrays
from matchmaker.engine.files.tables import CellError, FolderError
from matchmaker.engine.files.vetting import faults

SUFFIX = ".npz"
_MARK, _FORMAT = "matchmaker_market", 1
Columns = dict[str, Data]


def write_archive(tables: Mapping[str, Sequence[Any]], path: str | Path) -> None:
    """Write ``tables`` (name → rows sorted by key) to ``path``; the same rows, the same bytes.

    The file appears when it is complete. ``KeyError`` when a row refers to an absent one
    or a value is not of its column's list.
    """
    arrays: dict[str, Array] = {_MARK: np.array(_FORMAT)}
    for name, file in FILES.items():
        arrays[name] = np.array(len(tables[name]))
        for column in file.columns:
            data = column_of(file, tables[name], column.name)
            if column.refers and isinstance(data, Coded):
                at = places_of(FILES[column.refers], tables[column.refers])
                data = points(data, at).astype(np.int32)
            if not _is_blank(column, data):
                arrays |= _as_arrays(f"{name}.{column.name}", data)
    with whole_file(path) as target:
        np.savez(target, allow_pickle=False, **arrays)


@contextmanager
def whole_file(path: str | Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its name when it is complete, and is gone if it is not."""
    goal = Path(path)
    part = goal.with_name(f".{goal.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(goal)
    finally:
        part.unlink(missing_ok=True)


def _is_blank(column: Column, data: Data) -> bool:
    if isinstance(data, Texts):
        return not data.data.size
    codes = data.codes if isinstance(data, Coded) else data
    if column.refers or isinstance(data, Coded):
        return bool((codes == BLANK).all())
    return np.array_equal(codes, np.asarray(blank(column, len(codes))), equal_nan=True)


def _as_arrays(name: str, data: Data) -> dict[str, Array]:
    if isinstance(data, Texts):
        return {f"{name}.data": data.data, f"{name}.ends": data.ends}
    if isinstance(data, Coded):
        return {name: data.codes} | _as_arrays(name, Texts.of(data.names))
    return {name: data}


def read_archive(path: str | Path) -> dict[str, tuple[int, Columns]]:
    """Table → number of rows and columns of the file at ``path``.

    Raises ``FolderError`` naming every column that holds what it must not, or the file when it is
    damaged or something else; ``OSError`` when there is none.
    """
    source = Path(path)
    try:
        parts = _Parts(_load(source))
        sizes = {name: parts.size(name) for name in FILES}
        ids = {
            name: parts.texts(f"{name}.{file.key[0]}", sizes[name])
            for name, file in FILES.items()
            if kept_as_text(file.column(file.key[0]))
        }
        found = {
            name: (sizes[name], {**parts.columns(file, sizes[name], ids)})
            for name, file in FILES.items()
        }
        parts.finish()
    except _Damaged as damaged:
        fault = CellError(source.name, 0, str(damaged), "", "not_a_market_file")
        raise FolderError([fault]) from None
    errors = [
        CellError(source.name, 0, f"{name}.{fault.column}", fault.value, fault.code, fault.params)
        for name, (_, columns) in found.items()
        for fault in faults(FILES[name], columns)
    ]
    if errors:
        raise FolderError(errors)
    return found


class _Damaged(Exception):
    """An array that is absent, or not of the shape and kind it must have."""


def _load(source: Path) -> dict[str, Array]:
    found = read_arrays(source)
    if found is None:
        raise _Damaged("")
    return found


class _Parts:
    """The arrays of a file, handed out one by one; each must have its kind and length."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self.arrays = arrays
        if self.number(_MARK) != _FORMAT:
            raise _Damaged("")

    def number(self, name: str) -> int:
        value = self.arrays.pop(name, None)
        if value is None or value.shape != () or value.dtype.kind != "i":
            raise _Damaged(name)
        return int(value)

    def size(self, name: str) -> int:
        """The number of rows of a table."""
        size = self.number(name)
        if size < 0:
            raise _Damaged(name)
        return size

    def vector(self, name: str, kinds: str, size: int | None) -> Array | None:
        """The array ``name`` of ``size`` numbers (any, if None), if the file has it."""
        value = self.arrays.pop(name, None)
        if value is not None and (
            value.ndim != 1
            or value.dtype.kind not in kinds
            or (size is not None and len(value) != size)
        ):
            raise _Damaged(name)
        return value

    def texts(self, name: str, size: int | None) -> Texts:
        """The texts ``name``; blank ones if the file has none."""
        data = self.vector(f"{name}.data", "u", None)
        ends = self.vector(f"{name}.ends", "i", size)
        if data is None and ends is None:
            return Texts.blank(size or 0)
        if data is None or ends is None or not _are_texts(data, ends):
            raise _Damaged(name)
        return Texts(data, ends)

    def columns(self, file: File, size: int, ids: Mapping[str, Texts]) -> Columns:
        """The columns of a table that the file has; ``ids`` of all tables."""
        found: Columns = {}
        for column in file.columns:
            name = f"{file.name}.{column.name}"
            if kept_as_text(column):
                own = column.name == file.key[0]
                found[column.name] = ids[file.name] if own else self.texts(name, size)
                continue
            kinds = "f" if column.kind == "decimal" else "i"
            values = self.vector(name, kinds, size)
            if values is None:
                found[column.name] = blank(column, size)
                if column.refers:
                    found[column.name] = Coded(np.full(size, BLANK, np.int32), ids[column.refers])
            elif column.refers or column.kind == "languages":
                names = ids[column.refers] if column.refers else self.texts(name, None)
                found[column.name] = Coded(values, names)
            else:
                found[column.name] = values
        return found

    def finish(self) -> None:
        """Nothing may be left over."""
        if self.arrays:
            raise _Damaged(min(self.arrays))


def _are_texts(data: Array, ends: Array) -> bool:
    """Whether the ends run through the data in order, between characters of valid UTF-8."""
    if data.dtype != np.uint8 or ends.dtype != np.int64:
        return False
    if (np.diff(ends, prepend=0) < 0).any() or (int(ends[-1]) if len(ends) else 0) != len(data):
        return False
    inner = ends[ends < len(data)]
    if (data[inner] & 0xC0 == 0x80).any():
        return False
    try:
        data.tobytes().decode()
    except UnicodeDecodeError:
        return False
    return True
