"""One table of a market as the arrays a snapshot is made of, whichever way its rows are held."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.files.columnar import Array, Coded, Data, Texts, column_of, places_of, points
from matchmaker.engine.files.columns import FILES
from matchmaker.engine.market import Market
from matchmaker.engine.pairs.shapes import UNKNOWN
from matchmaker.engine.problem import Bools, Ints


class Frame:
    """The columns of the table ``name`` of ``market``."""

    def __init__(self, market: Market, name: str) -> None:
        self.file, self.rows = FILES[name], getattr(market, name)

    def __len__(self) -> int:
        return len(self.rows)

    def _data(self, column: str) -> Data:
        return column_of(self.file, self.rows, column)

    def array(self, column: str) -> Array:
        """A column of numbers, days or bits, as ``matchmaker.engine.files.columnar`` holds them."""
        data = self._data(column)
        if isinstance(data, Texts | Coded):
            raise TypeError(f"{column}: texts")
        return data

    def ints(self, column: str) -> Ints:
        """The same as int64."""
        return ints(self.array(column))

    def scaled(self, column: str, factor: int) -> Ints:
        """``factor`` times the decimal numbers of a column, rounded; UNKNOWN where blank."""
        values = self.array(column)
        return ints(np.where(np.isnan(values), UNKNOWN, np.rint(np.nan_to_num(values) * factor)))

    def ids(self) -> Mapping[str, int]:
        """Id (or code) → row."""
        return places_of(self.file, self.rows)

    def points(self, column: str, at: Mapping[str, int], *, strict: bool = True) -> Ints:
        """Rows of another table that a column refers to, UNKNOWN where it is blank.

        ``at``: that table's ids. A reference to nothing raises ``KeyError``, or gives UNKNOWN if
        not ``strict``.
        """
        return ints(points(self._coded(column), at, strict=strict))

    def stated(self, column: str) -> Bools:
        """Where a column of codes is filled in."""
        return bools(self._coded(column).codes >= 0)

    def members(self, column: str, names: tuple[str, ...], otherwise: str = "") -> Bools:
        """(rows, names) which ``names`` each set holds; a blank set holds ``otherwise``."""
        data = self._coded(column)
        sets = [set(filter(None, each.split(";"))) for each in (*data.names, otherwise)]
        held = [[name in each for name in names] for each in sets]
        return np.array(held, dtype=bool).reshape(len(sets), len(names))[data.codes]

    def occurring(self, column: str) -> tuple[str, ...]:
        """Every member of the sets in a column, sorted."""
        data = self._coded(column)
        used = (data.names[code] for code in np.unique(data.codes) if code >= 0)
        return tuple(sorted({name for each in used for name in each.split(";")}))

    def _coded(self, column: str) -> Coded:
        data = self._data(column)
        if not isinstance(data, Coded):
            raise TypeError(f"{column}: not codes")
        return data
