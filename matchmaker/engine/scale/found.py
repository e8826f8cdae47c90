"""What a search hands back: the best pairs of each role, and the best that was left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.problem import Bools, Ints

NONE = -(2**62)  # below whatever can be left of a pair


@dataclass(frozen=True)
class Found:
    """Pairs with what is left of each at the three levels, role by role, best first."""

    person: Ints  # (K,)
    role: Ints  # (K,)
    score: Ints  # (K,)
    left: Ints  # (3, K)

    @classmethod
    def joined(cls, parts: Iterable[Found]) -> Found:
        """Several blocks as one."""
        rows = list(zip(*(part.columns for part in [_nothing(), *parts]), strict=True))
        return cls(*(np.concatenate(each, axis=-1) for each in rows))

    @property
    def columns(self) -> tuple[Ints, Ints, Ints, Ints]:
        """The four columns in order."""
        return self.person, self.role, self.score, self.left

    def only(self, keep: Bools | Ints) -> Found:
        """Some of the pairs."""
        return Found(*(column[..., keep] for column in self.columns))

    def bound(self, room: Ints, beyond: Ints) -> None:
        """Set in ``beyond`` (3, R) the least that is left of a pair of each full role (with
        ``room`` pairs), which nothing left behind exceeds; the others are left as they are."""
        last = np.flatnonzero(np.diff(self.role, append=-1))  # a role's pairs stand together
        count = np.diff(last, prepend=-1)
        last = last[count >= room[self.role[last]]]
        for level, left in zip(beyond, self.left, strict=True):
            level[self.role[last]] = left[last]


def _nothing() -> Found:
    none = np.zeros(0, np.int64)
    return Found(none, none, none, np.zeros((3, 0), np.int64))
