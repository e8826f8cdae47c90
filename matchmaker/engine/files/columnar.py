"""Tables held as columns: a market of any size without an object for every row.

A column is an array, or one of two shapes for words: ``Texts`` (each its own) and ``Coded`` (few
different ones, or ids of another table). How a cell of each kind is held:

===================  =============================================================
text, code, e-mail   ``Texts``
code of a table      ``Coded``: positions in that table's ids, -1 for a blank one
languages            ``Coded``: positions among the sets of languages that occur
whole number         integers, -1 for a blank one (no column allows numbers below 0)
decimal number       float64, NaN for a blank one
date                 days since 0001-01-01 as ``date.toordinal`` counts, 0 for a blank one
yes or no            1, 0, -1 for a blank one
one of a list        its place in the list
several of a list    one bit for each place in the list
===================  =============================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.files.columns import Column, File

BLANK = -1
_CHUNK = 4096  # rows made at a time while iterating
Array = NDArray[Any]
Record = TypeVar("Record")


class Texts(Sequence[str]):
    """Texts as one run of UTF-8 bytes ``data`` and the place where each of them ends."""

    __slots__ = ("data", "ends")

    def __init__(self, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self.data, self.ends = data, ends

    @classmethod
    def of(cls, values: Iterable[str]) -> Texts:
        """The given texts."""
        encoded = [value.encode() for value in values]
        data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        return cls(data, np.cumsum([len(each) for each in encoded], dtype=np.int64))

    @classmethod
    def blank(cls, size: int) -> Texts:
        """``size`` empty texts."""
        return cls(np.zeros(0, np.uint8), np.zeros(size, np.int64))

    def take(self, places: Array) -> Texts:
        """The texts at ``places``, in that order."""
        starts = np.concatenate([[0], self.ends])[places]
        lengths = self.ends[places] - starts
        ends = np.cumsum(lengths, dtype=np.int64)
        step = np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths)
        return Texts(self.data[np.repeat(starts, lengths) + step], ends)

    def texts(self, first: int, last: int) -> list[str]:
        """The texts from ``first`` to before ``last``."""
        begin = int(self.ends[first - 1]) if first else 0
        ends = (self.ends[first:last] - begin).tolist()
        data = self.data[begin : begin + ends[-1] if ends else begin].tobytes()
        places = zip([0, *ends], ends, strict=False)
        if data.isascii():
            text = data.decode()
            return [text[start:end] for start, end in places]
        return [data[start:end].decode() for start, end in places]

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        return self.texts(place, place + 1)[0]

    def __iter__(self) -> Iterator[str]:
        chunks = range(0, len(self), _CHUNK)
        return chain.from_iterable(
            self.texts(first, min(first + _CHUNK, len(self))) for first in chunks
        )


class Coded:
    """Texts as positions ``codes`` in ``names``; -1 stands for the empty text."""

    __slots__ = ("codes", "names")

    def __init__(self, codes: Array, names: Sequence[str]) -> None:
        self.codes, self.names = codes, names

    @classmethod
    def of(cls, values: Sequence[str]) -> Coded:
        """The given texts."""
        place = {name: at for at, name in enumerate(dict.fromkeys(filter(None, values)))}
        place[""] = BLANK
        codes = np.fromiter(map(place.__getitem__, values), np.int32, len(values))
        return cls(codes, tuple(place)[:-1])

    def texts(self, first: int, last: int) -> list[str]:
        """The texts from ``first`` to before ``last``."""
        codes = self.codes[first:last].tolist()
        return ["" if code < 0 else self.names[code] for code in codes]

    def __len__(self) -> int:
        return len(self.codes)


Data = Array | Texts | Coded


class Rows(Sequence[Record]):
    """The rows of ``file`` as columns, sorted by its key; a row is made when it is asked for.

    ``columns``: column name → data, all of one length (``size``); a column left out is blank (or
    holds its default) throughout. ``kind`` makes a row from the values in the file's order.
    Compares equal to a tuple of the same rows.
    """

    def __init__(
        self, file: File, kind: Callable[..., Record], size: int, columns: Mapping[str, Data]
    ) -> None:
        self.file, self.kind, self.size, self.columns = file, kind, size, dict(columns)

    def column(self, name: str) -> Data:
        """The data of a column."""
        if name not in self.columns:
            self.columns[name] = blank(self.file.column(name), self.size)
        return self.columns[name]

    def _made(self, first: int, last: int) -> Iterator[Record]:
        values = []
        for column in self.file.columns:
            if column.name in self.columns:
                values.append(decoded(column, self.columns[column.name], first, last))
            else:
                values.append([column.default] * (last - first))
        return map(self.kind, *values)

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, at: int | slice) -> Record | tuple[Record, ...]:
        if isinstance(at, slice):
            places = range(*at.indices(self.size))
            if places.step == 1:
                return tuple(self._made(places.start, max(places.stop, places.start)))
            return tuple(self[place] for place in places)
        place = range(self.size)[at]
        return next(self._made(place, place + 1))

    def __iter__(self) -> Iterator[Record]:
        chunks = range(0, self.size, _CHUNK)
        return chain.from_iterable(
            self._made(first, min(first + _CHUNK, self.size)) for first in chunks
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(self))


def column_of(file: File, rows: Sequence[Any], name: str) -> Data:
    """The column ``name`` of ``rows``, made anew unless they are held as columns."""
    if isinstance(rows, Rows):
        return rows.column(name)
    return encoded(file.column(name), list(map(attrgetter(name), rows)))


def blank(column: Column, size: int) -> Data:
    """``size`` cells that nobody filled in."""
    one = encoded(column, [column.default])
    if isinstance(one, Texts):
        return Texts.blank(size)
    if isinstance(one, Coded):
        return Coded(np.repeat(one.codes, size), one.names)
    return np.repeat(one, size)


def kept_as_text(column: Column) -> bool:
    """Whether a column is held as ``Texts``."""
    return column.kind in ("text", "email", "corporate_number") or (
        column.kind == "code" and not column.refers
    )


def encoded(column: Column, values: Sequence[Any]) -> Data:
    """``values`` of ``column`` as data. Raises ``KeyError`` for one that is not of its list."""
    if kept_as_text(column):
        return Texts.of(values)
    if column.kind == "code":
        return Coded.of(values)
    if column.kind == "languages":
        return Coded.of([";".join(value) for value in values])
    return _ENCODERS[column.kind](column, values)


def decoded(column: Column, data: Data, first: int, last: int) -> list[Any]:
    """The values of ``column`` from row ``first`` to before ``last``."""
    if isinstance(data, Coded) and column.kind == "languages":
        return [tuple(filter(None, text.split(";"))) for text in data.texts(first, last)]
    if isinstance(data, Texts | Coded):
        return data.texts(first, last)
    read, plain = _DECODERS[column.kind], data[first:last].tolist()
    known: dict[Any, Any] = {}
    for value in plain:
        if value not in known:
            known[value] = read(column, value)
    return [known[value] for value in plain]


def _fill(kind: Any, values: Iterable[Any], size: int) -> Array:
    return np.fromiter(values, kind, size)


def _encode_choices(column: Column, values: Sequence[tuple[str, ...]]) -> Array:
    bits = {items: sum(1 << column.choices.index(item) for item in items) for items in set(values)}
    return _fill(np.int32, (bits[value] for value in values), len(values))


def _encode_choice(column: Column, values: Sequence[str]) -> Array:
    place = {choice: at for at, choice in enumerate(column.choices)}
    return _fill(np.int8, map(place.__getitem__, values), len(values))


def _encode_dates(column: Column, values: Sequence[date | None]) -> Array:
    days = (value.toordinal() if value else 0 for value in values)
    return _fill(np.int32, days, len(values))


def _encode_numbers(column: Column, values: Sequence[float | None]) -> Array:
    return np.array(values, dtype=np.float64)  # None becomes NaN


def _encode_wholes(column: Column, values: Sequence[int | None]) -> Array:
    return _fill(np.int32, (BLANK if each is None else each for each in values), len(values))


_ENCODERS: dict[str, Callable[[Column, Sequence[Any]], Array]] = {
    "whole": _encode_wholes,
    "decimal": _encode_numbers,
    "date": _encode_dates,
    "flag": _encode_wholes,
    "choice": _encode_choice,
    "choices": _encode_choices,
}
_DECODERS: dict[str, Callable[[Column, Any], Any]] = {
    "whole": lambda column, value: None if value < 0 else value,
    "decimal": lambda column, value: None if value != value else value,
    "date": lambda column, value: date.fromordinal(value) if value else None,
    "flag": lambda column, value: None if value < 0 else bool(value),
    "choice": lambda column, value: column.choices[value],
    "choices": lambda column, value: tuple(
        name for at, name in enumerate(column.choices) if value >> at & 1
    ),
}


class Places(Mapping[str, int]):
    """Text → its position in sorted ``names``, found by halving; no table of a million entries."""

    def __init__(self, names: Texts) -> None:
        self.names = names

    def __getitem__(self, name: str) -> int:
        low, high = 0, len(self.names)
        while low < high:
            middle = (low + high) // 2
            if self.names[middle] < name:
                low = middle + 1
            else:
                high = middle
        if low == len(self.names) or self.names[low] != name:
            raise KeyError(name)
        return low

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)


def points(data: Coded, at: Mapping[str, int], *, strict: bool = True) -> Array:
    """(rows,) what ``at`` says of each text, -1 for a blank one.

    A text that ``at`` does not know raises ``KeyError``, or gives -1 if not ``strict``.
    """
    if isinstance(at, Places) and data.names is at.names:
        return data.codes
    places = [at[name] if strict else at.get(name, BLANK) for name in data.names]
    return np.array([*places, BLANK])[data.codes]


def places_of(file: File, rows: Sequence[Any]) -> Mapping[str, int]:
    """Id (or code) → row of a table."""
    data = column_of(file, rows, file.key[0])
    if not isinstance(data, Texts):
        raise TypeError(f"{file.name}: rows without ids")
    if isinstance(rows, Rows):
        return Places(data)
    return {name: at for at, name in enumerate(data)}


def id_at(file: File, rows: Sequence[Any], place: int) -> str:
    """The id of the row at ``place``."""
    ids = column_of(file, rows, file.key[0]) if isinstance(rows, Rows) else None
    return ids[place] if isinstance(ids, Texts) else str(getattr(rows[place], file.key[0]))


def ids_at(file: File, rows: Sequence[Any], places: Array) -> list[str]:
    """The ids of the rows at ``places``."""
    ids = column_of(file, rows, file.key[0]) if isinstance(rows, Rows) else None
    if isinstance(ids, Texts):
        return list(ids.take(places))
    return [getattr(rows[place], file.key[0]) for place in places.tolist()]
