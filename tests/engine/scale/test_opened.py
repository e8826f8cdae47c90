"""Far too few people in a large market: the total's bound speaks of every set of needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import Policy
from matchmaker.engine import solve as solving
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pose import pose
from matchmaker.engine.result import Result
from matchmaker.engine.scale import round as scale_round
from matchmaker.engine.scale.round import settle_large
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.engine.teams import approached
from matchmaker.sample.large import large_market
from tests.benchmarks.engine.highs_levels import LEVELS, levels_by_highs

FEW = {"people": 60, "needs": 30, "seats": (2, 4), "allowed": 0.15}


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small rounds are treated like large ones."""
    monkeypatch.setattr(approached, "LARGE", 0)
    monkeypatch.setattr(solving, "at_once", lambda *_, **__: None)
    monkeypatch.setattr(scale_round, "_GROWN", 0)


def settled(seed: int, policy: Policy | None = None, **more: object) -> Outcome:
    market = large_market(seed=seed, **(FEW | more))  # type: ignore[arg-type]
    return settle_large(take(market, policy or Policy(floor=1)), kept=8)


def as_well(outcome: Outcome, best: dict[str, int]) -> bool:
    """Whether the counts are the best; no bound is below the best before they part."""
    for name in LEVELS:
        assert outcome.solution.bounds[name] >= best[name], name
        if name != "total_score" and outcome.solution.levels[name] != best[name]:
            return False
    return True


@pytest.mark.parametrize(
    "more",
    [{}, {"people": 40, "needs": 36, "capacity": (1, 2)}],
    ids=["one seat each", "one or two"],
)
def test_the_bound_holds_and_is_close_where_prices_of_one_set_say_little(
    more: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = [], []
    for seed in range(8):
        policy = Policy(floor=1, max_new_projects=10 if seed % 4 == 3 else None)
        outcome = settled(seed, policy, **more)
        if outcome.complete or outcome.solution.grounds is None:
            continue
        best = levels_by_highs(pose(outcome.snapshot, score_pairs(outcome.snapshot)), 60)
        if not as_well(outcome, best):
            continue
        report = Result(outcome).check()
        assert report.violations == ()
        assert report.proofs["total_score"] in ("prices", "count")
        near.append(outcome.solution.bounds["total_score"] / best["total_score"] - 1)
        with monkeypatch.context() as patched:
            patched.setattr(scale_round, "opened", lambda *_: None)
            before = settled(seed, policy, **more).solution
        far.append(before.bounds["total_score"] / best["total_score"] - 1)
    assert len(near) > 3
    assert all(one <= other for one, other in zip(near, far, strict=True))
    assert np.mean(near) < 0.005
    assert sum(near) < 0.8 * sum(far)


def test_changed_prices_are_refused_or_prove_no_more() -> None:
    outcome = settled(4)
    grounds, value = outcome.solution.grounds, outcome.solution.levels["total_score"]
    assert grounds is not None
    assert grounds.prices.scale > 1
    assert Result(outcome).check().proofs["staffed_set"] == "prices"
    refused = unproven = 0
    for person in range(0, len(grounds.prices.person), 4):
        for step in (-(2**20), -(2**12), 2**12, 2**44):
            changed = grounds.prices.person.copy()
            changed[person] += step
            forged = replace(grounds, prices=replace(grounds.prices, person=changed))
            solution = replace(outcome.solution, grounds=forged)
            report = Result(replace(outcome, solution=solution)).check()
            refused += bool(report.violations)
            unproven += report.proofs.get("staffed_set") == "search"
            if not report.violations:
                shown = scale_round._shown(outcome, forged, scale_round._most(outcome))
                assert shown["total_score"] >= value
    assert refused > 10
    assert unproven > 10
