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


def in_order(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """(K,) pairs of numbers sorted by the first, then the second: quicker than by positions."""
    if not len(first):
        return first, second
    low = int(second.min())
    bits = (int(second.max()) - low).bit_length()
    if int(np.abs(first).max()).bit_length() + bits >= 63:
        order = np.lexsort((second, first))
        return first[order], second[order]
    key = np.sort((first << bits) + (second - low))
    return key >> bits, (key & ((1 << bits) - 1)) + low


def distinct(values: Ints) -> Ints:
    """Whole numbers, each once, ascending: several times quicker than ``np.unique``."""
    ascending = np.sort(values)
    return ascending[np.flatnonzero(firsts(ascending))]


def firsts(values: Ints) -> Bools:
    """(K,) where a run of equal numbers begins."""
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first


def ranks(values: Ints) -> Ints:
    """(K,) the place of each number within its run of equal ones: 0, 1, …"""
    begin = np.flatnonzero(firsts(values))
    return ints(np.arange(len(values)) - np.repeat(begin, np.diff(begin, append=len(values))))


def bools(values: Any) -> Bools:
    """``values`` as a bool array."""
    return np.asarray(values, dtype=np.bool_)
