"""Both roads to the allowed pairs find the same ones: one by one what no rule refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import grid
from matchmaker.engine.policy import Policy
from matchmaker.engine.rules import refusals
from matchmaker.engine.snapshot import take
from tests.engine.markets import random_market


@pytest.mark.parametrize("few", [0, 10**9])  # cells to a listed pair: always lists, always a table
@pytest.mark.parametrize("seed", range(12))
def test_allowed_pairs_are_those_that_no_rule_refuses(
    seed: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "_FEW", few)
    monkeypatch.setattr(grid, "_CELLS", 17)  # several tables
    market = random_market(seed)
    first, need = market.professionals[0].id, market.needs[0].id
    market = replace(market, unverified=frozenset([market.professionals[1].id]))
    market = replace(market, declined=frozenset([(first, need)]))
    snapshot = take(market, Policy(bans=((first, market.roles[-1].id),)))
    roles = len(snapshot.role_at)
    person, role = grid.allowed_pairs(snapshot)
    assert list(zip(person.tolist(), role.tolist(), strict=True)) == [
        (who, seat)
        for who in range(len(snapshot.person_at))
        for seat in range(roles)
        if not refusals(snapshot, who, seat)
    ]
    some = np.arange(1, roles, 2)
    keep = np.isin(role, some)
    found = grid.allowed_pairs(snapshot, some)
    assert np.array_equal(found, (person[keep], role[keep]))
