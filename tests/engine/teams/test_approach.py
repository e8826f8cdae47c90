"""Large rounds within a budget: every rule kept, every bound true, every gap told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import solve as solving
from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import COUNTED, Levels
from matchmaker.engine.solve import solve
from matchmaker.engine.teams import approached
from matchmaker.engine.verify import verify
from matchmaker.errors import Refusal
from tests.engine.oracle import best_by_fillings, best_by_trying, objective
from tests.engine.problems import Size, random_problem

BOUNDED = (*COUNTED, "total_score")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small rounds are treated like large ones."""
    monkeypatch.setattr(approached, "LARGE", 0)
    monkeypatch.setattr(solving, "at_once", lambda *_, **__: None)


def told_truly(problem: Problem, best: dict[str, int]) -> bool:
    """Whether the answer is the best; whatever it is, its bounds hold and are checked."""
    found = solve(problem)
    names = list(objective(Levels(), guarantees=bool(problem.guarantees)))
    assert verify(problem, found).violations == ()
    for name in names:
        if found.bounds[name] < best[name]:
            raise AssertionError(f"{name}: bound {found.bounds[name]} below {best[name]}")
        if found.levels[name] != best[name]:
            assert found.bounds[name] >= best[name]
            assert not found.proven
            return False
    return True


@pytest.mark.usefixtures("large")
def test_bounds_are_never_below_the_best_of_all_staffings() -> None:
    exact = 0
    for seed in range(9600, 9680):
        problem = random_problem(seed)
        best = best_by_trying(problem, Levels())
        assert best is not None
        exact += told_truly(problem, best)
    assert exact > 50


@pytest.mark.usefixtures("large")
def test_larger_rounds_with_hours_and_limits_come_close() -> None:
    gaps = []
    for seed in range(9700, 9715):
        problem = random_problem(seed, Size(people=12, needs=8, roles=2, pairs=45))
        told_truly(problem, best_by_fillings(problem, Levels()))
        found = solve(problem)
        gaps.append(found.gaps["total_score"] / max(found.levels["total_score"], 1))
    assert np.median(gaps) < 0.05


@pytest.mark.usefixtures("large")
def test_pins_hold_or_are_refused() -> None:
    held = 0
    for seed in range(9720, 9790):
        problem = random_problem(seed)
        pins = np.random.default_rng(seed).permutation(len(problem.pair_role))[:2]
        problem = replace(problem, pins=np.sort(pins))
        try:
            found = solve(problem)
        except Refusal:
            assert best_by_trying(problem, Levels()) is None
            continue
        assert np.isin(problem.pins, found.pairs).all()
        assert verify(problem, found).violations == ()
        held += 1
    assert held > 10
