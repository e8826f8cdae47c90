"""The second implementation of rules and scores agrees with the engine's, pair by pair."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings

from matchmaker.engine import Market, Policy
from matchmaker.engine.features import feature_stack
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import pair_hashes
from matchmaker.engine.proof.plain import Pair, Rows
from matchmaker.engine.rules import allowed, refused
from matchmaker.engine.scores import Pairs, contributions, score_pairs, scores_of
from matchmaker.engine.snapshot import take
from tests.engine.markets import markets, policies, random_market


def disagreements(market: Market, policy: Policy) -> list[tuple[str, object, object]]:
    """(what, the engine's, the plain one's) of every pair of the market where they differ."""
    snapshot, rows = take(market, policy), Rows(market, policy)
    size = len(market.professionals), len(market.roles)
    person, role = (part.ravel() for part in np.indices(size))
    stack = feature_stack(snapshot, person, role)
    score = scores_of(stack, policy.counted_weights)
    parts = contributions(stack, policy.counted_weights)
    rules, fine = refused(snapshot, person, role), allowed(snapshot, person, role)
    hashes = pair_hashes(snapshot, Pairs(person, role, score))
    kept = score_pairs(snapshot)
    keys = set(zip(kept.person.tolist(), kept.role.tolist(), kept.score.tolist(), strict=True))
    found = []
    for at, ids in enumerate(product(list(snapshot.person_at), list(snapshot.role_at))):
        pair = Pair(rows, *ids)
        key = int(person[at]), int(role[at]), pair.score
        found += [
            ("rules", {code for code, mask in rules.items() if mask[at]}, pair.refusals),
            ("fine", bool(fine[at]), not pair.refusals),
            ("features", dict(zip(FEATURES, stack[:, at].tolist(), strict=True)), pair.features),
            ("score", int(score[at]), pair.score),
            ("parts", parts[:, at].tolist(), list(pair.contributions.values())),
            ("hash", int(hashes[at]), pair.hash),
            ("allowed", key in keys, pair.allowed),
        ]
    return [row for row in found if row[1] != row[2]]


def test_they_agree_on_every_pair_of_the_sample_city() -> None:
    market = Market.read("sample_data/city")
    assert disagreements(market, Policy()) == []
    some = [(row.id, market.roles[0].id) for row in market.professionals[:3]]
    later = Policy(floor=7000, continuity="earlier", pins=tuple(some[:1]), bans=tuple(some[1:]))
    assert disagreements(market, later) == []


def test_they_agree_on_thousands_of_pairs_of_random_markets() -> None:
    for seed in range(40):
        policy = Policy(continuity=("new", "earlier", "neutral")[seed % 3])
        market = random_market(seed, 10, 6)
        turned_down = {(row.id, market.needs[0].id) for row in market.professionals[::3]}
        unknown = frozenset({market.professionals[seed % 10].id})
        market = replace(market, unverified=unknown, declined=frozenset(turned_down))
        assert disagreements(market, policy) == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(markets(), policies())
def test_they_agree_on_drawn_markets(market: Market, policy: Policy) -> None:
    assert disagreements(market, policy) == []
