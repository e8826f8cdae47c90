"""What is said of pairs left behind holds for every one of them, whatever prices become."""

from __future__ import annotations

import numpy as np
import pytest

from matchmaker.engine import Policy
from matchmaker.engine.scale.behind import Behind
from matchmaker.engine.scale.executors import Inline
from matchmaker.engine.scale.place import prospecting
from matchmaker.engine.scale.tolls import simple
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take
from tests.engine.markets import random_market

ROOM, LEAST = 2, -300


@pytest.mark.parametrize("seed", range(8))
def test_no_pair_left_behind_comes_to_more_than_is_said(seed: int) -> None:
    snapshot = take(random_market(seed, 40, 20), Policy(floor=1))
    pairs, rng = score_pairs(snapshot), np.random.default_rng(seed)
    people, roles = len(snapshot.people.capacity), len(snapshot.needs.role_need)
    left, sharper = np.ones(len(pairs.score), dtype=bool), 0
    room, key = np.full(roles, ROOM), pairs.person * roles + pairs.role
    with prospecting(snapshot, Inline(1), None, compiled=False) as prospector:
        pool = prospector.first(np.ones(roles, dtype=np.int64), ROOM)
        left &= ~np.isin(key, pool.person * roles + pool.role)
        behind = Behind(prospector.terrain.postings, people, pool.beyond[0])
        for _ in range(4):
            person_price, role_price = rng.integers(0, 4000, people), rng.integers(0, 4000, roles)
            behind.repriced(person_price)
            some = np.flatnonzero(rng.random(roles) < 0.6)
            tolls = simple(snapshot, person_price, role_price)
            found = prospector.search("prove", some, tolls, LEAST, room)
            behind.searched(some, found, role_price, LEAST, room)
            left &= ~np.isin(key, found.person * roles + found.role)
            worth = pairs.score - person_price[pairs.person]
            assert (worth <= behind.most[pairs.role])[left].all()
            sharper += int((behind.most < pool.beyond[0]).sum())
    assert sharper > 10, "searches and prices tell more than the scores alone"
