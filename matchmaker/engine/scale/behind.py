"""What the pairs that no search kept come to, as prices change, without looking at them again."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.found import Found


class Behind:
    """The pairs left behind by searches. ``most``: (R,) what the score of any pair of a role is
    beyond the price of its person, at most; ``price``: (P,) the prices, never below 0, that this is
    said of. ``score``: (R,) what the score alone is at most."""

    def __init__(self, postings: Postings, people: int, score: Ints) -> None:
        self.postings, self.score, self.most = postings, score, score.copy()
        self.price = np.zeros(people, dtype=np.int64)

    def repriced(self, price: Ints) -> None:
        """Say the same of other prices: no pair gains more than the price that fell most among the
        people its role looks at."""
        fall = self.postings.greatest(self.price - price)
        self.most = np.minimum(self.most + fall[self.postings.rarest], self.score)
        self.price = price

    def searched(self, roles: Ints, found: Found, role_price: Ints, least: int, room: Ints) -> None:
        """``roles`` were searched at these prices for the ``room`` (R,) best pairs with ``least``
        left: what was not ``found`` leaves less, or no more than the last one that was."""
        left = np.full((3, len(room)), least - 1, dtype=np.int64)
        found.bound(room, left)
        self.most[roles] = np.minimum(self.most, left[0] + role_price)[roles]
