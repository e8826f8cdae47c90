"""The instances all contenders of a case are given: markets, their arcs, bids, wish lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from matchmaker.engine import Market, Policy
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.scale.place import prospecting
from matchmaker.engine.scores import Pairs, scored
from matchmaker.sample.large import large_market
from tests.benchmarks.engine.rivals import Arcs


def market(given: Mapping[str, Any]) -> Market:
    """The market that ``large_market`` makes of ``given`` (its keyword arguments), whatever limit
    on new projects is given beside them."""
    return large_market(**{name: value for name, value in given.items() if name != LIMIT})


LIMIT = "max_new_projects"


def policy(given: Mapping[str, Any]) -> Policy:
    """The default policy, with the limit on new projects that is given."""
    return Policy(max_new_projects=given.get(LIMIT))


def best_arcs(snapshot: Snapshot, most: int) -> Arcs:
    """The ``most`` best people of every role of a market whose roles have one seat each."""
    needs, people = snapshot.needs, snapshot.people
    with prospecting(snapshot, None, None) as prospector:
        pool = prospector.first(needs.role_seats, most)
    order = np.lexsort((pool.person, pool.role))
    seats = len(needs.role_need)
    return Arcs(pool.role[order], pool.person[order], pool.score[order], seats, people.capacity)


def full_matrix(snapshot: Snapshot) -> np.ndarray:
    """(seats, places of people) every score as a float that holds a whole number, 0 where nothing
    is allowed; a person of capacity c has c equal columns."""
    capacity = snapshot.people.capacity
    copies = np.repeat(np.arange(len(capacity)), capacity)
    values = np.zeros((len(snapshot.needs.role_need), len(copies)))
    for first, pairs in _scored(snapshot):
        block = np.zeros((BLOCK, len(capacity)))
        block[pairs.role - first, pairs.person] = pairs.score
        rows = values[first : first + BLOCK]
        rows[:] = block[: len(rows), copies]
    return values


BLOCK = 100  # roles


def _scored(snapshot: Snapshot) -> Iterator[tuple[int, Pairs]]:
    """The allowed pairs of ``BLOCK`` roles at a time, and the first of these roles."""
    postings, roles = Postings.of(snapshot), np.arange(len(snapshot.needs.role_need))
    for first in range(0, len(roles), BLOCK):
        yield first, scored(snapshot, roles[first : first + BLOCK], postings)


def bids(size: int, seed: int = 1) -> np.ndarray:
    """(size, size) whole bids 1..10,000 of everybody for everything: ten tastes and a little
    noise, rounded, as real bids are alike; uniform random ones would be easier."""
    rng = np.random.default_rng(seed)
    taste = rng.random((size, 10)) @ rng.random((10, size))
    rough = taste + rng.normal(0, 0.05 * taste.std(), taste.shape)
    share = (rough - rough.min()) / (rough.max() - rough.min())
    return 1 + np.rint(share * 9_999).astype(np.int64)


def wish_lists(people: int, roles: int, wanted: int, seed: int = 1) -> tuple[list, list, list]:
    """Strict preferences: each person's ``wanted`` roles, each role's people, and its places."""
    rng = np.random.default_rng(seed)
    wishes = [rng.choice(roles, wanted, replace=False).tolist() for _ in range(people)]
    asked: list[list[int]] = [[] for _ in range(roles)]
    for person, wished in enumerate(wishes):
        for role in wished:
            asked[role].append(person)
    ranked = [rng.permutation(those).tolist() for those in asked]
    return wishes, ranked, rng.integers(1, 6, roles).tolist()
