"""Prices prove what they claim: the bound holds for every staffing, tie levels included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.problem import Problem
from matchmaker.engine.proof.weigh import Block, Weighing, fitting
from matchmaker.engine.solution import Prices, Solution
from matchmaker.engine.verify import verify
from tests.engine.oracle import value_of
from tests.engine.problems import Size, random_problem
from tests.engine.proof.test_grounds import bundling
from tests.engine.test_verify import pair_problem

TIES = ("total_score", "tie_waiting", "tie_hash")


def feasible(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every staffing of a small problem, by trying all subsets of its pairs."""
    size = len(problem.pair_role)
    for code in range(2**size):
        chosen = np.flatnonzero([code >> k & 1 for k in range(size)])
        solution = claimed(problem, chosen)
        codes = {each.code for each in verify(problem, solution).violations}
        if not codes - {"price_gap_differs", "price_bound_differs"}:
            yield tuple(chosen.tolist())


def claimed(problem: Problem, chosen: np.ndarray, prices: list[Prices] | None = None) -> Solution:
    levels = value_of(problem, tuple(chosen.tolist()))
    for off in ("worst_fit", "new_employers", "guarantees_met"):
        levels.pop(off)
    staffed = np.zeros(len(problem.need_group), dtype=bool)
    staffed[problem.pair_need[chosen]] = True
    total, *ties = prices or [free(problem)]
    return Solution(
        np.asarray(chosen, dtype=np.int64),
        staffed,
        {name: int(value) for name, value in levels.items()},
        {name: int(levels[name]) for name in TIES},
        total,
        ties=(ties[0], ties[1]) if ties else None,
    )


def free(problem: Problem, seated: bool = False) -> Prices:
    people, roles, needs = (
        np.zeros(len(each), dtype=np.int64)
        for each in (problem.person_wait, problem.role_need, problem.need_group)
    )
    none = people[:0]
    first = problem.person_wait.astype(np.int64) if seated else none
    return Prices(1, people, roles, people, people, needs, none, none, none, 0, 0, first)


def random_prices(problem: Problem, rng: np.random.Generator) -> list[Prices]:
    """Any prices of the right signs, as a forger would invent them."""
    sizes = {"person": len(problem.person_wait), "role": len(problem.role_need)}
    sizes |= {"minute": sizes["person"], "long": sizes["person"], "need": len(problem.need_group)}
    found = []
    for most in (3000, 60, 2**20):
        vectors = {
            name: rng.integers(0, most, size) * (rng.random(size) < 0.4)
            for name, size in sizes.items()
        }
        free_role = problem.role_essential & (rng.random(sizes["role"]) < 0.3)
        vectors["role"] = np.where(free_role, -vectors["role"], vectors["role"])
        count = int(rng.integers(0, 3)) if sizes["person"] and sizes["need"] else 0
        keys = rng.permutation(sizes["person"] * sizes["need"])[:count]
        prices = replace(free(problem), scale=int(rng.choice([1, 7])), **vectors)
        who, what = np.divmod(keys, max(sizes["need"], 1))
        prices = replace(prices, once_person=who, once_need=what)
        found.append(replace(prices, once=rng.integers(0, most, len(keys))))
    first = found[1].scale * problem.person_wait
    found[1] = replace(found[1], seated=rng.integers(0, first + 1))
    return found


def vector(problem: Problem, chosen: tuple[int, ...]) -> list[int]:
    """Score, days waited by the people seated, hash."""
    value = value_of(problem, chosen)
    groups = {int(problem.need_group[n]) for n in problem.pair_need[list(chosen)]}
    days = value["tie_waiting"] - sum(int(problem.group_wait[group]) for group in groups)
    return [int(value["total_score"]), int(days), int(value["tie_hash"])]


@pytest.mark.parametrize("seed", range(40))
def test_no_prices_with_bundles_bound_lower_than_any_staffing(seed: int) -> None:
    problem = random_problem(seed, Size(4, 3, 2, 8))
    rng = np.random.default_rng(seed)
    every = list(feasible(problem))
    for _ in range(6):
        chosen = every[int(rng.integers(len(every)))]
        people = np.flatnonzero(rng.random(len(problem.person_wait)) < 0.6)
        prices = bundling(random_prices(problem, rng)[0], people)
        solution = claimed(problem, np.array(chosen, dtype=np.int64), [prices])
        assert fitting(problem, solution)
        weighing = Weighing(problem, solution)
        weighing.add(whole(problem))
        for other in every:
            if set(problem.pair_need[list(other)]) == set(problem.pair_need[list(chosen)]):
                total = sum(int(problem.pair_score[pair]) for pair in other)
                assert weighing.worth()[0] >= prices.scale * total


@pytest.mark.parametrize("seed", range(40))
def test_no_prices_bound_lower_than_any_staffing_of_the_same_needs(seed: int) -> None:
    """Weak duality, lexicographically: the proof cannot be forged by inventing prices."""
    problem = random_problem(seed, Size(4, 3, 2, 8))
    rng = np.random.default_rng(seed)
    every = list(feasible(problem))
    for _ in range(6):
        chosen = every[int(rng.integers(len(every)))]
        solution = claimed(problem, np.array(chosen, dtype=np.int64), random_prices(problem, rng))
        assert fitting(problem, solution)
        weighing = Weighing(problem, solution)
        weighing.add(whole(problem))
        scales = [prices.scale for prices in weighing.prices]
        same = [
            other
            for other in every
            if set(problem.pair_need[list(other)]) == set(problem.pair_need[list(chosen)])
        ]
        for other in same:
            reached = [s * v for s, v in zip(scales, vector(problem, other), strict=True)]
            assert weighing.worth() >= reached


def whole(problem: Problem) -> Block:
    return Block(problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash)


def tie_problem() -> Problem:
    """Two people with equal scores for one seat; one has waited, or only the hash differs."""
    return pair_problem(
        person_wait=np.array([5, 9, 0]),
        need_group=np.array([0]),
        need_urgency=np.array([0]),
        role_need=np.array([0]),
        role_seats=np.array([1]),
        role_essential=np.array([True]),
        role_minutes=np.array([60]),
        pair_person=np.array([0, 1, 2]),
        pair_role=np.array([0, 0, 0]),
        pair_score=np.array([500, 500, 400]),
        pair_hash=np.array([7, 3, 9]),
    )


def tie_prices(problem: Problem, worth: tuple[int, int, int]) -> list[Prices]:
    """The seat's price at each level; people cost nothing."""
    total, days, hashes = (
        replace(free(problem, seated=at == 1), role=np.array([value]), bound=value)
        for at, value in enumerate(worth)
    )
    return [total, days, hashes]


def test_prices_prove_the_tie_rule() -> None:
    problem = tie_problem()
    best = claimed(problem, np.array([1]), tie_prices(problem, (500, 9, 3)))
    report = verify(problem, best)
    assert report.violations == ()
    assert [report.proofs[name] for name in TIES] == ["prices"] * 3


def test_the_loser_of_a_tie_cannot_be_proven() -> None:
    """Whoever waited less has the higher hash: no prices of his make the bound his own."""
    problem = tie_problem()
    for worth in ((500, 5, 7), (500, 9, 3), (500, 9, 7), (501, 5, 7)):
        report = verify(problem, claimed(problem, np.array([0]), tie_prices(problem, worth)))
        assert report.violations or report.proofs["tie_waiting"] == "search"


def test_a_tie_level_needs_tight_levels_before_it() -> None:
    problem = tie_problem()
    prices = tie_prices(problem, (500, 9, 3))
    prices[0] = replace(prices[0], scale=2, role=np.array([1001]), bound=500)
    report = verify(problem, claimed(problem, np.array([1]), prices))
    assert report.violations == ()
    assert [report.proofs[name] for name in TIES] == ["prices", "search", "search"]


@pytest.mark.parametrize(
    ("at", "name", "change"),
    [(1, "role", 1), (1, "role", -5), (1, "person", 40), (2, "role", 1), (2, "person", 40)],
)
def test_a_changed_tie_price_is_refused(at: int, name: str, change: int) -> None:
    problem = tie_problem()
    prices = tie_prices(problem, (500, 9, 3))
    moved = getattr(prices[at], name).copy()
    moved[0] += change
    prices[at] = replace(prices[at], **{name: moved})
    assert verify(problem, claimed(problem, np.array([1]), prices)).violations


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize("person", [0, 1, 2])
def test_a_changed_worth_of_the_first_seat_is_refused(person: int, change: int) -> None:
    problem = tie_problem()
    prices = tie_prices(problem, (500, 9, 3))
    moved = prices[1].seated.copy()
    moved[person] += change
    prices[1] = replace(prices[1], seated=moved)
    assert verify(problem, claimed(problem, np.array([1]), prices)).violations


@pytest.mark.parametrize(
    "wrong",
    [
        {"seated": np.array([0, 0])},
        {"seated": np.array([-1, 9, 0])},
        {"person": np.array([2**60, 0, 0])},
        {"person": np.array([0])},
        {"scale": 0},
        {"scale": 2**21},
        {"once_person": np.array([0])},
        {"once_person": np.array([3]), "once_need": np.array([0]), "once": np.array([1])},
        {"once_person": np.array([0, 0]), "once_need": np.array([0, 0]), "once": np.array([1, 1])},
    ],
)
def test_prices_that_could_not_be_added_up_are_refused(wrong: dict[str, object]) -> None:
    problem = tie_problem()
    prices = tie_prices(problem, (500, 9, 3))
    prices[1] = replace(prices[1], **wrong)
    report = verify(problem, claimed(problem, np.array([1]), prices))
    assert [fault.params for fault in report.violations] == [{"part": "prices"}]


def test_the_largest_prices_are_added_up_exactly() -> None:
    """Prices just below the limit, scores at the finest scale, a person of every minute."""
    problem = replace(tie_problem(), person_minutes=np.full(3, 7 * 24 * 60))
    most = 2**44 - 1
    prices = replace(
        free(problem),
        scale=2**20,
        person=np.full(3, most),
        minute=np.full(3, most),
        long=np.full(3, most),
    )
    solution = claimed(problem, np.array([1]), [prices])
    weighing = Weighing(problem, solution)
    weighing.add(whole(problem))
    assert weighing.worth() == [3 * most + 3 * most * 7 * 24 * 60 + 3 * most]


def test_blocks_of_needs_weigh_what_the_whole_weighs() -> None:
    rng = np.random.default_rng(1)
    for seed in range(1, 20):
        problem = random_problem(seed)
        none = np.zeros(0, dtype=np.int64)
        prices = random_prices(problem, rng)
        solution = claimed(problem, none, prices)
        solution = replace(solution, staffed=np.ones_like(solution.staffed))
        one, many = Weighing(problem, solution), Weighing(problem, solution)
        one.add(whole(problem))
        for need in rng.permutation(len(problem.need_group)):
            kept = problem.pair_need == need
            many.add(Block(*(getattr(whole(problem), n)[kept] for n in Block.__dataclass_fields__)))
        assert one.worth() == many.worth()
        assert one.candidates.tolist() == many.candidates.tolist()
