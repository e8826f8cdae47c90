"""Made-up markets of any size are as loose as they were asked to be."""

from __future__ import annotations

import pytest

from matchmaker.engine.grid import allowed_pairs
from matchmaker.engine.policy import Policy
from matchmaker.engine.snapshot import take
from matchmaker.sample.large import large_market


@pytest.mark.parametrize("share", [0.03, 0.13])
@pytest.mark.parametrize("seed", [1, 2])
def test_about_the_share_of_pairs_asked_for_is_allowed(share: float, seed: int) -> None:
    market = large_market(people=1500, needs=400, allowed=share, seed=seed)
    pairs = allowed_pairs(take(market, Policy()))[0]
    assert len(pairs) / (1500 * 400) == pytest.approx(share, rel=0.25)
