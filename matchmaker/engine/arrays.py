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


def bools(values: Any) -> Bools:
    """``values`` as a bool array."""
    return np.asarray(values, dtype=np.bool_)
