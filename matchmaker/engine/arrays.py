"""Numpy's answers as the two vectors the engine speaks of: whole numbers and yes/no."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchmaker.engine.problem import Bools, Ints


def ints(values: Any) -> Ints:
    """``values`` as an int64 array."""
    return np.asarray(values, dtype=np.int64)


def ordered(first: Ints, second: Ints) -> Ints:
    """(K,) the positions of pairs by their first number, then their second; equals in any order.
    One sort of one number a pair: several times quicker than two."""
    if not len(first):
        return ints(first)
    low, span = int(second.min()), int(second.max()) - int(second.min()) + 1
    if span * (int(np.abs(first).max()) + 1) >= 2**62:
        return np.lexsort((second, first))
    return np.argsort(first * span + (second - low))


def in_order(*columns: Ints) -> tuple[Ints, ...]:
    """Columns of numbers >= 0, their rows sorted by the first, then the second, …; as one number a
    row where that fits, which is sorted several times sooner than positions are."""
    bits = [int(column.max(initial=0)).bit_length() for column in columns]
    if sum(bits) > 62:
        order = np.lexsort(columns[::-1])
        return tuple(column[order] for column in columns)
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, size in zip(columns, bits, strict=True):
        key <<= size
        key |= column
    key.sort()
    sorted_ = []
    for size in reversed(bits):
        sorted_.append(key & ((1 << size) - 1))
        key >>= size
    return tuple(reversed(sorted_))


def bools(values: Any) -> Bools:
    """``values`` as a bool array."""
    return np.asarray(values, dtype=np.bool_)
