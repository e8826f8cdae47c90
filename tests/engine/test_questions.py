"""Answers to "what if" equal a whole new round, and name what cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.problem import Problem
from matchmaker.engine.questions import can_staff, forced
from matchmaker.engine.solution import Levels, PinsRefused
from matchmaker.engine.solve import solve
from matchmaker.errors import Refusal
from tests.engine.oracle import best_by_trying, objective
from tests.engine.problems import random_problem


def with_more_pairs(problem: Problem, need: int, seed: int) -> Problem:
    """``problem`` with every person allowed on every role of ``need``."""
    rng = np.random.default_rng(seed)
    size = len(problem.role_need)
    roles = np.flatnonzero(problem.role_need == need)
    old = problem.pair_person * size + problem.pair_role
    new = (np.arange(len(problem.person_wait))[:, None] * size + roles).ravel()
    new = np.setdiff1d(new, old)
    order = np.argsort(np.concatenate([old, new]))
    keys = np.concatenate([old, new])[order]
    score = np.concatenate([problem.pair_score, rng.integers(1, 10_001, len(new))])[order]
    hashes = np.concatenate([problem.pair_hash, rng.integers(0, 2**20, len(new))])[order]
    return replace(
        problem,
        pair_person=keys // size,
        pair_role=keys % size,
        pair_score=score,
        pair_hash=hashes,
    )


def with_optional_roles(problem: Problem, need: int) -> Problem:
    """``problem`` with every role of ``need`` optional."""
    essential = problem.role_essential & (problem.role_need != need)
    return replace(problem, role_essential=essential)


@pytest.mark.parametrize(
    ("start", "levels"),
    [
        (0, Levels()),
        (30, Levels(groups=False, needs=False)),
        (0, Levels(worst_fit=True)),
        (60, Levels(waiting=False)),
    ],
    ids=str,
)
def test_a_need_is_staffed_after_a_change_exactly_when_a_new_round_staffs_it(
    start: int, levels: Levels
) -> None:
    better = asked = 0
    for seed in range(start, start + 9):
        problem = random_problem(seed)
        base = solve(problem, levels)
        for need in np.flatnonzero(~base.staffed).tolist():
            for changed in (
                problem,
                with_more_pairs(problem, need, seed),
                with_optional_roles(problem, need),
            ):
                answer = can_staff(changed, need, base, levels, base_problem=problem)
                assert answer.better == bool(solve(changed, levels).staffed[need])
                asked += 1
                better += answer.better
                try:
                    solve(changed, levels, staff=[need])
                    possible = True
                except Refusal:
                    possible = False
                assert answer.possible == possible
    assert 3 < better < asked - 3


def test_forced_and_forbidden_pairs_equal_a_search_over_all_staffings() -> None:
    for seed in range(30):
        problem = random_problem(seed)
        if not len(problem.pair_role):
            continue
        pair = seed % len(problem.pair_role)
        best = best_by_trying(forced(problem, pair), Levels())
        if best is None:
            with pytest.raises(PinsRefused, match="pins_impossible"):
                solve(forced(problem, pair))
        else:
            assert solve(forced(problem, pair)).rank() == tuple(
                best[name] for name in objective(Levels())
            )
        found = solve(problem, forbid=[pair])
        kept = np.arange(len(problem.pair_role)) != pair
        without = replace(
            problem,
            **{
                name: getattr(problem, name)[kept]
                for name in ("pair_person", "pair_role", "pair_score", "pair_hash")
            },
        )
        best = best_by_trying(without, Levels())
        assert best is not None
        assert pair not in found.pairs
        assert found.rank() == tuple(best[name] for name in objective(Levels()))


def test_a_need_that_nobody_can_fill_is_refused_by_name() -> None:
    problem = random_problem(11)
    alone = replace(
        problem,
        **{
            name: getattr(problem, name)[:0]
            for name in ("pair_person", "pair_role", "pair_score", "pair_hash")
        },
    )
    with pytest.raises(Refusal, match="needs_cannot_be_staffed"):
        solve(alone, staff=[0])
