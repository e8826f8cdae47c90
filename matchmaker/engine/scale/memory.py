"""Scores once made, kept where numpy alone makes them, so that proving need not make them anew."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MOST = 2**28  # bytes of scores that one searcher keeps


class Scores(NamedTuple):
    """The allowed pairs of one role: places among the people of its block, ascending, and scores
    (at most 10,000)."""

    at: NDArray[np.int32]
    score: NDArray[np.int16]


class Memory:
    """The scores of as many roles as there is room for; the others are scored when asked for."""

    def __init__(self, most: int = _MOST) -> None:
        self.left = most
        self.known: dict[int, Scores] = {}

    def keep(self, role: int, scores: Scores) -> None:
        """Keep the scores of a role if they fit."""
        size = scores.at.nbytes + scores.score.nbytes
        if size <= self.left:
            self.left -= size
            self.known[role] = scores
