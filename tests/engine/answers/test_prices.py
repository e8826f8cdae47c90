"""What a promise or an extra level costs is the difference to the same round without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.engine import Policy, match
from matchmaker.engine.answers.fair import fairness
from matchmaker.engine.solution import Levels
from tests.engine.markets import random_market


@pytest.mark.parametrize("seed", range(8))
def test_each_price_is_the_round_without_the_rule(seed: int) -> None:
    market = random_market(seed, 12, 6)
    every = Policy(
        floor=1,
        levels=Levels(new_employers=True, worst_fit=True),
        guarantees={"first_time": 2},
    )
    result = match(market, every)
    total = result.levels["total_score"]
    found = fairness(result.outcome)
    without = {
        name: match(market, replace(every, levels=replace(every.levels, **{name: False})))
        for name in ("new_employers", "worst_fit")
    }
    for name, other in without.items():
        loss = found.switched[name].loss
        assert loss is not None
        assert loss["total_score"] == total - other.levels["total_score"]
    worst_fit = without["worst_fit"].levels["total_score"]
    assert result.outcome.solution.worst_fit_price in (None, worst_fit - total)
    price = next(each.price for each in found.served if each.name == "first_time")
    plain = match(market, replace(every, guarantees={}))
    assert price is not None
    assert price.loss == {
        **{
            name: value - plain.levels[name]
            for name, value in result.levels.items()
            if name in plain.levels
        },
        **{name: value - plain.ties[name] for name, value in result.ties.items()},
    }
