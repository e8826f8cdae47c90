"""What bounds the choice of needs, whatever its numbers, against all staffings tried one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.problem import Guarantee, Problem
from matchmaker.engine.proof.grounds import Reckoning, fitting
from matchmaker.engine.proof.weigh import Block
from matchmaker.engine.solution import COUNTED, Grounds, Levels, Prices, Solution
from matchmaker.engine.solve import solve
from matchmaker.engine.teams import grounding
from matchmaker.engine.verify import verify
from tests.engine.oracle import _staffings, value_of
from tests.engine.problems import Size, random_problem

SWITCHES = [Levels(), Levels(groups=False), Levels(urgency=False)]


def contested(seed: int) -> Problem:
    """More needs than people; now and then promises and a limit."""
    problem = random_problem(seed, Size(people=4, needs=5, roles=2, pairs=18))
    groups, rng = len(problem.group_wait), np.random.default_rng(seed)
    if seed % 3 == 0:
        members = np.flatnonzero(rng.random(groups) < 0.6)
        promised = Guarantee("some", members, int(rng.integers(1, 3)))
        problem = replace(problem, guarantees=(promised,))
    return problem


def invented(problem: Problem, levels: int, seed: int) -> Grounds:
    """Any numbers of the right signs."""
    rng = np.random.default_rng(seed)
    people, roles, needs = (
        len(each) for each in (problem.person_wait, problem.role_need, problem.need_group)
    )
    sets = [np.flatnonzero(rng.random(roles) < 0.5) for _ in range(int(rng.integers(0, 4)))]
    scale = int(rng.integers(1, 5))
    size = len(sets) + levels + 1 + len(problem.guarantees)
    weight = rng.integers(0, 3 * scale, (levels, size))
    weight[:, len(sets) : len(sets) + levels] -= scale
    if problem.guarantees:
        weight[:, len(sets)] = np.maximum(weight[:, len(sets)], 0)
    weight[-1] *= int(rng.choice([1, 1_000]))
    if problem.max_needs is None:
        weight[:, len(sets) + levels] = 0
    twice = np.unique(rng.integers(0, max(people * needs, 1), 3))[: people * needs]
    prices = Prices(
        scale=int(rng.integers(1, 4)),
        person=rng.integers(0, 9_000, people),
        role=np.zeros(roles, dtype=np.int64),
        minute=rng.integers(0, 20, people),
        long=rng.integers(0, 400, people),
        need=np.zeros(needs, dtype=np.int64),
        once_person=twice // max(needs, 1),
        once_need=twice % max(needs, 1),
        once=rng.integers(0, 900, len(twice)),
        bound=0,
        gap=0,
    )
    if seed % 2 and people:
        prices = bundling(prices, np.flatnonzero(rng.random(people) < 0.6))
        signed = rng.integers(-3_000, 6_000, roles) * prices.scale
        prices = replace(prices, role=signed if len(prices.bundled) else prices.role)
    start = np.cumsum([0, *map(len, sets)])
    role = np.concatenate([np.zeros(0, dtype=np.int64), *sets])
    return Grounds(prices, start, role, weight, scale)


def bundling(prices: Prices, people: np.ndarray) -> Prices:
    """The same, but for ``people``, who choose among bundles and pay no prices of their own."""
    apart = {name: getattr(prices, name).copy() for name in ("person", "minute", "long")}
    for vector in apart.values():
        vector[people] = 0
    kept = ~np.isin(prices.once_person, people)
    once = {name: getattr(prices, name)[kept] for name in ("once_person", "once_need", "once")}
    return replace(prices, **apart, **once, bundled=people)


def every_value(problem: Problem) -> list[dict[str, int]]:
    found = _staffings(problem, 0, (), Counter(), Counter())
    return [value_of(problem, chosen) for chosen in found]


@pytest.mark.parametrize("levels", SWITCHES, ids=str)
def test_no_numbers_bound_below_what_a_staffing_reaches(levels: Levels) -> None:
    tight = 0
    for seed in range(9300, 9400):
        problem = contested(seed)
        solution = solve(problem, levels)
        names = [name for name in (*COUNTED, "total_score") if name in solution.bounds]
        reached = {name: solution.levels[name] for name in names}
        open_ = np.ones(len(problem.need_group), dtype=bool)
        values = every_value(problem)
        for trial in range(6):
            grounds = invented(problem, len(names), 100 * seed + trial)
            assert fitting(problem, grounds, len(names))
            reckoning = Reckoning(problem, grounds)
            for part in (slice(0, None, 2), slice(1, None, 2)) if trial == 0 else (slice(None),):
                pairs = np.flatnonzero(np.isin(problem.pair_need, np.arange(len(open_))[part]))
                columns = (problem.pair_person, problem.pair_role, problem.pair_score)
                reckoning.add(Block(*(each[pairs] for each in columns), problem.pair_hash[pairs]))
            shown = reckoning.bounds(reached, {}, open_)
            for at, name in enumerate(names):
                kept = [v for v in values if all(v[n] >= reached[n] for n in names[:at])]
                assert shown[name] >= max(v[name] for v in kept)
                tight += shown[name] == reached[name]
    assert tight > 0


def solved(seeds: range) -> list[tuple[Problem, Solution]]:
    every = [(problem, solve(problem)) for problem in map(contested, seeds)]
    return [(problem, found) for problem, found in every if found.grounds]


@pytest.mark.parametrize("few", [0, 60])  # by linear programs alone; first by the set chosen
def test_the_choice_of_needs_is_mostly_proven_by_prices(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grounding, "_FEW", few)
    proven = 0
    every = solved(range(9400, 9500))
    for problem, found in every:
        report = verify(problem, found)
        assert report.violations == ()
        proven += report.proofs["staffed_set"] in ("prices", "count")
        without = verify(problem, replace(found, grounds=None))
        assert without.proofs["staffed_set"] in ("search", "count")
    assert len(every) > 40
    assert proven > len(every) * 0.6


def test_changed_numbers_are_refused_or_prove_no_more() -> None:
    refused = unproven = 0
    for problem, found in solved(range(9500, 9530)):
        true = verify(problem, found).proofs
        assert found.grounds is not None
        for name in ("start", "role", "weight"):
            vector = getattr(found.grounds, name)
            for at in np.ndindex(vector.shape):
                for step in (-1, 1, 2**41):
                    changed = vector.copy()
                    changed[at] += step
                    forged = replace(found.grounds, **{name: changed})
                    report = verify(problem, replace(found, grounds=forged))
                    refused += bool(report.violations)
                    for level, how in report.proofs.items():
                        assert how in (true[level], "search", "prices")
                        unproven += how != true[level]
    assert refused > 100
    assert unproven > 10


def test_a_lower_total_with_honest_figures_is_not_proven() -> None:
    """The second best set of needs, told truly, keeps its gap under the same numbers."""
    shown = 0
    for problem, found in solved(range(9530, 9600)):
        if verify(problem, found).proofs["staffed_set"] != "prices":
            continue
        forbidden = np.flatnonzero(problem.pair_need == np.flatnonzero(found.staffed)[0])
        other = solve(problem, forbid=forbidden)
        if other.rank() >= found.rank():
            continue
        claimed = replace(other, grounds=found.grounds)
        report = verify(problem, claimed)
        assert report.violations or report.proofs["staffed_set"] == "search"
        shown += 1
    assert shown > 10


def test_fine_prices_and_great_weights_are_added_up_exactly() -> None:
    """Units of 2**-20 of a point, times weights of that unit, leave 64 bits behind; the sums do
    not: multiplied by so much, numbers show what they showed before."""
    shown = 0
    for problem, found in solved(range(9600, 9660)):
        grounds = found.grounds
        assert grounds is not None
        names = [name for name in (*COUNTED, "total_score") if name in found.bounds]
        reached = {name: found.levels[name] for name in names}
        fine, unit = 2**20 // grounds.prices.scale, np.ones(len(names), dtype=np.int64)
        unit[-1] = fine
        vectors = ("person", "role", "minute", "long", "once")
        finer = {name: fine * getattr(grounds.prices, name) for name in vectors}
        finer_prices = replace(grounds.prices, scale=fine * grounds.prices.scale, **finer)
        finer_grounds = replace(grounds, prices=finer_prices, weight=grounds.weight * unit[:, None])
        assert fitting(problem, finer_grounds, len(names))
        shown += int(np.abs(finer_grounds.weight).max(initial=0)) > 2**50
        assert bounds_of(problem, finer_grounds, reached) == bounds_of(problem, grounds, reached)
    assert shown > 5


def bounds_of(problem: Problem, grounds: Grounds, reached: dict[str, int]) -> dict[str, int]:
    reckoning = Reckoning(problem, grounds)
    pairs = problem.pair_person, problem.pair_role, problem.pair_score, problem.pair_hash
    reckoning.add(Block(*pairs))
    return reckoning.bounds(reached, {}, np.ones(len(problem.need_group), dtype=bool))


def test_prices_so_great_that_their_sum_comes_round_to_nothing_prove_nothing() -> None:
    """Four people who each pay 2**62 paid 2**64 together, which 64 bits read as nothing."""
    forged = 0
    for problem, _ in solved(range(9700, 9800)):
        if len(problem.person_wait) != 4:
            continue
        problem = replace(
            problem,
            role_minutes=np.full_like(problem.role_minutes, 120),
            person_minutes=np.full_like(problem.person_minutes, 200),
        )
        found = solve(problem)
        if found.grounds is None or not found.staffed.any():
            continue
        long = np.full(4, 2**62)
        long[0] += found.levels["total_score"]
        nothing = np.zeros_like(found.grounds.prices.once)
        prices = replace(found.grounds.prices, scale=1, long=long, once=nothing)
        weight = np.zeros_like(found.grounds.weight)
        lie = replace(found.grounds, scale=1, weight=weight, prices=prices)
        assert verify(problem, replace(found, grounds=lie)).violations
        forged += 1
    assert forged > 3
