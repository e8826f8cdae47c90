"""Numpy's answers as the two vectors the engine speaks of: whole numbers and yes/no."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchmaker.engine.problem import Bools, Ints


def ints(values: Any) -> Ints:
    """``values`` as an int64 array."""
    return np.asarray(values, dtype=np.int64)


def bools(values: Any) -> Bools:
    """``values`` as a bool array."""
    return np.asarray(values, dtype=np.bool_)
