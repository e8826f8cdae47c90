"""The solver against two independent exact answers, on hundreds of small random rounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import Levels, PinsRefused
from matchmaker.engine.solve import solve
from matchmaker.engine.verify import verify
from tests.engine.oracle import best_by_fillings, best_by_trying, objective
from tests.engine.problems import Size, random_problem

SWITCHES = [
    Levels(),
    Levels(groups=False),
    Levels(urgency=False),
    Levels(groups=False, needs=False),
    Levels(waiting=False),
    Levels(worst_fit=True),
    Levels(groups=False, needs=False, worst_fit=True),
]


def agree(problem: Problem, levels: Levels, best: dict[str, int]) -> None:
    found = solve(problem, levels)
    names = objective(levels)
    assert {name: found.levels[name] for name in names} == {name: best[name] for name in names}
    assert found.bounds == {name: best[name] for name in names}
    assert found.proven
    assert verify(problem, found).violations == ()


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_every_level_equals_the_best_of_all_staffings(start: int) -> None:
    for seed in range(start, start + 50):
        problem = random_problem(seed)
        best = best_by_trying(problem, Levels())
        assert best is not None
        agree(problem, Levels(), best)


@pytest.mark.parametrize("levels", SWITCHES, ids=str)
def test_levels_that_policy_switches_off_are_not_pursued(levels: Levels) -> None:
    for seed in range(1000, 1100 if levels.worst_fit else 1030):
        problem = random_problem(seed)
        best = best_by_trying(problem, levels)
        assert best is not None
        agree(problem, levels, best)


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_larger_rounds_equal_a_model_of_whole_fillings(start: int) -> None:
    for seed in range(2000 + start, 2020 + start):
        problem = random_problem(seed, Size(people=12, needs=8, roles=2, pairs=45))
        agree(problem, Levels(), best_by_fillings(problem, Levels()))


def test_pins_hold_or_the_fewest_that_cannot_are_named() -> None:
    refused = 0
    for seed in range(3000, 3120):
        problem = random_problem(seed)
        count = min(len(problem.pair_role), 1 + seed % 3)
        pins = np.random.default_rng(seed).permutation(len(problem.pair_role))[:count]
        problem = replace(problem, pins=np.sort(pins))
        best = best_by_trying(problem, Levels())
        if best is not None:
            agree(problem, Levels(), best)
            continue
        refused += 1
        with pytest.raises(PinsRefused) as caught:
            solve(problem)
        named = caught.value.params["pins"]
        assert best_by_trying(replace(problem, pins=np.array(named)), Levels()) is None
        for pin in named:
            rest = np.array([other for other in named if other != pin], dtype=np.int64)
            assert best_by_trying(replace(problem, pins=rest), Levels()) is not None
    assert refused > 10
