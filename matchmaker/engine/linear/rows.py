"""The rows of a linear model, collected in blocks, and what a row can limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.problem import Ints

Floats = NDArray[np.float64]

# What a row limits; a row's key is the person, role or need, or person × N + need for ONCE.
CAPACITY, MINUTES, LONG, TORN, ONCE, SEATS, LOOSE, LIMIT, COUNT = range(9)


class Rows:
    """Collects the rows of a model in blocks."""

    def __init__(self) -> None:
        self.count = 0
        self.parts: list[tuple[Ints, Ints, Floats]] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.kind: list[Ints] = []
        self.key: list[Ints] = []

    def at_most(self, kind: int, key: Ints, high: Ints) -> int:
        """Open a new row for each key; returns the number of the first."""
        first = self.count
        self.count += len(key)
        self.low.append(np.full(len(key), -np.inf))
        self.high.append(high.astype(float))
        self.kind.append(np.full(len(key), kind))
        self.key.append(key)
        return first

    def put(self, row: Ints, column: Ints, value: Floats | Ints | float) -> None:
        """Set coefficients."""
        self.parts.append((row, column, np.broadcast_to(np.asarray(value, float), row.shape)))
