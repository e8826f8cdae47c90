"""The plain loop, its compiled form and numpy alone find the same pairs with the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matchmaker.engine import Policy
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.pose import pair_hashes
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale import compiled, gather, kernel
from matchmaker.engine.scale.found import NONE, Found
from matchmaker.engine.scale.gather import Task, task_for
from matchmaker.engine.scale.rough import REFUSED
from matchmaker.engine.scale.search import Searcher
from matchmaker.engine.scale.terrain import Terrain, blocks, survey
from matchmaker.engine.scale.tolls import Tolls, free
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.sample.large import large_market
from tests.engine.markets import random_market

Floats = NDArray[np.float64]
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")


def snapshot_of(seed: int) -> Snapshot:
    market = random_market(seed, 14, 8)
    first = market.professionals[0].id, market.roles[0].id
    declined = frozenset({(market.professionals[1].id, market.needs[0].id)})
    continuity = ("new", "earlier", "neutral")[seed % 3]
    policy = Policy(floor=(1, 3500)[seed % 2], continuity=continuity, bans=(first,))
    object.__setattr__(market, "declined", declined)
    return take(market, policy)


def random_tolls(snapshot: Snapshot, rng: np.random.Generator) -> Tolls:
    people, roles = len(snapshot.people.capacity), len(snapshot.needs.role_need)

    def some(most: int, count: int) -> Ints:
        return rng.integers(0, most, (3, count)) * (rng.random((3, count)) < 0.7)

    return Tolls(
        rng.integers(1, 4, 3),
        some(5000, people),
        some(9, people),
        some(200, people),
        some(5000, roles) - 1000,
        rng.integers(0, 90, people),
        hours=True,
    )


def tasks_of(seed: int, terrain: Terrain, rooms: tuple[int, int] = (1, 5)) -> Iterator[Task]:
    rng = np.random.default_rng(seed)
    roles = np.arange(len(terrain.snapshot.needs.role_need))
    for tolls in (free(terrain.snapshot), random_tolls(terrain.snapshot, rng)):
        for least in (NONE, -50):
            room = rng.integers(*rooms, len(roles))
            for block in blocks(terrain, roles, 40):
                yield task_for(terrain, block, tolls, np.full(len(roles), least), room)


def same(one: Found, two: Found) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.columns, two.columns, strict=True))


@pytest.mark.parametrize("seed", range(12))
def test_loop_and_vectors_find_the_same(seed: int) -> None:
    terrain = survey(snapshot_of(seed), compiled=False)
    searcher = Searcher(terrain)
    for task in tasks_of(seed, terrain):
        assert same(searcher.looped(task, kernel.scan), searcher(task))


def test_the_compiled_loop_finds_the_same() -> None:
    pytest.importorskip("numba")
    scan = compiled.scan()
    for seed in range(12):
        terrain = survey(snapshot_of(seed), compiled=True)
        vectors = Searcher(replace(terrain, compiled=False))
        for task in tasks_of(seed, terrain):
            assert same(Searcher(terrain).looped(task, scan), vectors(task))
    assert len(scan.signatures) == 1, "one layout of arrays, so that it is compiled once"


@pytest.mark.parametrize(
    ("seed", "seats", "kinds", "rooms"),
    [
        (1, (1, 1), 10**6, (1, 12)),
        (2, (2, 4), 0, (1, 12)),
        (3, (1, 1), 10**6, (kernel.SHORT // 3, 2 * kernel.SHORT)),
    ],
)
def test_many_people_are_shortened_to_the_same_list(
    seed: int,
    seats: tuple[int, int],
    kinds: int,
    rooms: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever the rough look strikes off would not have been among the best; also where each block
    makes its own table of ways to meet, and where lists are too long to compare all with all."""
    pytest.importorskip("numba")
    monkeypatch.setattr(gather, "_KINDS", kinds)
    market = large_market(
        people=600, needs=60, seats=seats, allowed=0.2, skills=20, hours=seats[1] > 1, seed=seed
    )
    snapshot = take(market, Policy(floor=(5500, 3500)[seed % 2]))
    terrain = survey(snapshot, compiled=True)
    looping, vectors = Searcher(terrain), Searcher(replace(terrain, compiled=False))
    for task in tasks_of(seed, terrain, rooms):
        assert same(looping(task), vectors(task))


def test_a_rough_look_is_wrong_by_no_more_than_is_allowed_for() -> None:
    """What everybody in a block comes to roughly, for one role after another, against the score."""
    snapshot = take(large_market(people=300, needs=40, allowed=0.2, skills=20), Policy(floor=1))
    searcher = Searcher(survey(snapshot, compiled=False))
    looked, scored = [], 0

    def shortlist(rough: Floats, *others: Any) -> int:
        looked.append(rough.copy())
        return int(kernel_shortlist(rough, *others))

    kernel_shortlist = kernel.shortlist
    watched = {**vars(kernel), "shortlist": shortlist}
    watched["look"] = FunctionType(kernel.look.__code__, watched)
    scan = FunctionType(kernel.scan.__code__, watched)
    every = np.full(40, 300)
    for block in blocks(searcher.terrain, np.arange(40)):
        task = task_for(searcher.terrain, block, free(snapshot), np.full(40, NONE), every)
        found, total = searcher.looped(task, scan), int(searcher.terrain.weights.sum())
        share = searcher.gatherer.share(task)
        begin = np.repeat(share.people[:-1], np.diff(share.roles))
        for role, rough, slack, here in zip(block.role, looked, share.slack, begin, strict=True):
            mine = found.role == role
            present = share.person[here : here + len(rough)]
            at = np.searchsorted(present, found.person[mine])
            assert set(at) == set(np.flatnonzero(rough > REFUSED))
            assert (abs(total * found.score[mine] - rough[at]) <= slack).all()
            scored += len(at)
        looked.clear()
    assert scored > 1_000


@pytest.mark.parametrize("seed", range(12))
def test_a_search_without_limits_finds_every_allowed_pair(seed: int) -> None:
    snapshot = snapshot_of(seed)
    terrain = survey(snapshot, compiled=False)
    roles = np.arange(len(snapshot.needs.role_need))
    least, room = np.full(len(roles), NONE), np.full(len(roles), 99)
    searched = [
        Searcher(terrain)(task_for(terrain, block, free(snapshot), least, room))
        for block in blocks(terrain, roles)
    ]
    found, pairs = Found.joined(searched), score_pairs(snapshot)
    order = np.lexsort((found.role, found.person))
    assert np.array_equal(found.person[order], pairs.person)
    assert np.array_equal(found.role[order], pairs.role)
    assert np.array_equal(found.score[order], pairs.score)
    assert np.array_equal(found.left[0, order], pairs.score)
    assert np.array_equal(found.left[1, order], snapshot.people.wait[pairs.person])
    assert np.array_equal(found.left[2, order], pair_hashes(snapshot, pairs))


@pytest.mark.parametrize("name", ["hours_share", "slots_share", "interest", "nearness"])
def test_single_numbers_and_vectors_agree(name: str) -> None:
    rng = np.random.default_rng(3)
    formula = getattr(formulas, name)
    upper = {"hours_share": (10_080, 2, 2_400), "nearness": (500, 500)}.get(name, (2**21, 2**21))
    columns = [rng.integers(0, most, 500) for most in upper]
    together = formula(*columns)
    one_by_one = [int(formula(*row)) for row in zip(*columns, strict=True)]
    assert together.tolist() == one_by_one


def test_bits_are_counted() -> None:
    values = np.random.default_rng(1).integers(0, 2**31, 1000)
    assert formulas.ones(values).tolist() == np.bitwise_count(values).tolist()
