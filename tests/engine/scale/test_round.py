"""A round solved on few pairs of each role is the round solved on all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchmaker.engine import Policy
from matchmaker.engine import solve as solving
from matchmaker.engine.outcome import Outcome, settle
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.result import Result
from matchmaker.engine.scale import round as scale_round
from matchmaker.engine.scale.round import settle_large
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import Levels
from matchmaker.engine.teams import approached
from matchmaker.sample.large import large_market
from tests.engine.markets import random_market


def staffing(outcome: Outcome) -> list[tuple[str, str]]:
    return [outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs]


def both(seed: int, policy: Policy, people: int = 30, needs: int = 6) -> tuple[Outcome, Outcome]:
    snapshot: Snapshot = take(random_market(seed, people, needs), policy)
    return settle(snapshot, score_pairs(snapshot)), settle_large(snapshot, kept=1)


@pytest.mark.parametrize("seed", range(40))
def test_the_same_round_from_fewer_pairs(seed: int) -> None:
    worst_fit = seed % 4 == 3
    policy = Policy(floor=1, seed=seed, levels=Levels(worst_fit=worst_fit))
    whole, large = both(seed, policy)
    for name, bound in large.solution.bounds.items():
        assert bound >= whole.solution.levels[name], "a bound must hold for the whole market"
    if large.solution.proven:
        assert large.solution.levels == whole.solution.levels
        assert staffing(large) == staffing(whole)


def test_pairs_are_left_behind_and_most_rounds_are_still_proven() -> None:
    rounds = [both(seed, Policy(floor=1)) for seed in range(20)]
    assert sum(large.solution.proven for _, large in rounds) >= 15
    assert sum(len(large.pairs.person) < len(whole.pairs.person) for whole, large in rounds) >= 15


def test_pairs_left_behind_can_be_asked_for() -> None:
    for seed in range(8):
        whole, large = both(seed, Policy(floor=1))
        for person in range(len(whole.problem.person_wait)):
            one, two = whole.person_pairs(person), large.person_pairs(person)
            assert np.array_equal(one.role, two.role)
            assert np.array_equal(one.score, two.score)
        for role in range(len(whole.problem.role_need)):
            assert np.array_equal(whole.role_pairs(role).person, large.role_pairs(role).person)


def test_a_question_about_a_large_round_looks_at_every_pair() -> None:
    whole, large = both(3, Policy(floor=1))
    assert len(large.pairs.person) < len(whole.pairs.person)
    assert np.array_equal(large.whole.pairs.score, whole.pairs.score)
    assert staffing(large.whole) == staffing(large)
    left_behind = next(
        whole.pair_ids(pair)
        for pair in range(len(whole.pairs.person))
        if large.pair_at(int(whole.pairs.person[pair]), int(whole.pairs.role[pair])) is None
    )
    assert Result(large).why_not(*left_behind) == Result(whole).why_not(*left_behind)


def test_bounds_of_contested_rounds_hold_for_every_pair_of_the_market(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Few pairs are kept and needs compete: what is published is true of the whole market, tighter
    than a count, and the same numbers added up over the kept pairs alone would say too little."""
    monkeypatch.setattr(scale_round, "_GROWN", 0)
    asked, tighter, short = 0, 0, 0
    for seed in range(60):
        policy = Policy(floor=1, seed=seed, max_new_projects=3 if seed % 3 == 0 else None)
        whole, large = both(seed, policy, people=10, needs=12)
        if large.complete or large.solution.grounds is None:
            continue
        most = scale_round._most(large)
        shown = scale_round._shown(large, large.solution.grounds, most)
        for name in large.solution.bounds:  # each speaks of rounds that keep the levels before it
            value = whole.solution.levels[name]
            assert shown[name] >= value, name
            assert large.solution.bounds[name] >= value
            if value < large.solution.levels[name]:
                break
        asked += 1
        tighter += shown["total_score"] < most["total_score"]
        short += not large.solution.proven
    assert asked > 20
    assert tighter > 15
    assert short > 5


def test_large_rounds_with_bundles_are_checked_against_every_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The budget's road with binding hours: bounds over the market hold, and the check agrees."""
    asked = {"seats": (1, 3), "capacity": (2, 3), "allowed": 0.25, "hours": True}
    bundled = 0
    for seed in range(12):
        snapshot = take(large_market(people=25, needs=12, seed=seed, **asked), Policy(floor=1))
        whole = settle(snapshot, score_pairs(snapshot)).solution
        with monkeypatch.context() as patched:
            patched.setattr(approached, "LARGE", 0)
            patched.setattr(solving, "at_once", lambda *_, **__: None)
            patched.setattr(solving, "packed", lambda *_: None)
            large = settle_large(snapshot, kept=2)
        assert whole.proven
        assert Result(large).check().violations == ()
        bundled += len(large.solution.prices.bundled) > 0 and not large.complete
        for name, bound in large.solution.bounds.items():
            assert bound >= whole.levels[name]
            if whole.levels[name] != large.solution.levels[name]:
                break
    assert bundled > 3


def test_of_unproven_answers_the_best_is_kept_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more pairs to choose from, a round on a budget can come to less."""
    ranks: list[tuple[int, ...]] = []
    priced = scale_round._priced

    def watched(*given: Any) -> scale_round.Answer:
        answer = priced(*given)
        ranks.append(answer[0].solution.rank())
        return answer

    monkeypatch.setattr(approached, "LARGE", 0)
    monkeypatch.setattr(scale_round, "_priced", watched)
    told: list[tuple[str, int, int]] = []
    large = settle_large(
        take(random_market(62, 16, 14), Policy(floor=1)),
        kept=1,
        progress=lambda *words: told.append(words),
    )
    assert max(ranks) > ranks[-1]
    assert large.solution.rank() == max(ranks)
    assert Result(large).check().violations == ()
    assert sum(stage == "solve" for stage, _, _ in told) >= len(ranks)
