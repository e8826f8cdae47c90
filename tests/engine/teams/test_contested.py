"""Which sets of needs come into question: those that nothing beats, all of them, and no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine.levels import CLASSES, staffed_needs
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.problem import Guarantee, Problem
from matchmaker.engine.solution import Levels, no_pairs
from matchmaker.engine.teams.contested import Contest
from matchmaker.engine.teams.seating import seat
from tests.engine.answers.rounds import staffings
from tests.engine.oracle import value_of
from tests.engine.problems import Size, random_problem


def crowded(seed: int) -> Problem:
    """Seats that are all essential, hours that never bind, and people who are too few."""
    problem = random_problem(seed, Size(people=4, needs=5, roles=2, pairs=20))
    groups = np.arange(len(problem.group_wait))
    return replace(
        problem,
        person_minutes=np.full_like(problem.person_minutes, 10_000),
        role_essential=np.ones_like(problem.role_essential),
        max_needs=None,
        guarantees=(Guarantee("some", groups[::2], 1),) if seed % 3 == 0 else (),
    )


def best_sets(problem: Problem, levels: Levels) -> set[tuple[int, ...]]:
    """The sets of needs of the staffings that count most, of all there are."""
    names = ["guarantees_met"] if problem.guarantees else []
    names += ["groups_served"] if levels.groups else []
    names += [name for name, _ in CLASSES] if levels.urgency else ["needs_staffed"]
    ranks = {}
    for chosen in staffings(problem):
        needs = tuple(np.flatnonzero(staffed_needs(problem, np.array(chosen, dtype=np.int64))))
        ranks[needs] = [value_of(problem, chosen)[name] for name in names]
    top = max(ranks.values())
    return {needs for needs, rank in ranks.items() if rank == top}


@pytest.mark.parametrize("levels", [Levels(), Levels(urgency=False), Levels(groups=False)])
def test_all_best_sets_are_found(levels: Levels) -> None:
    told = 0
    for seed in range(8000, 8120):
        problem = crowded(seed)
        usable = np.flatnonzero(live_pairs(problem, no_pairs()))
        everything = staffed_needs(problem, usable)
        seating = seat(problem, usable)
        if seating.fills(everything):
            continue
        must = np.zeros_like(everything)
        contest = Contest(problem, levels, usable, everything, must)
        found = contest.best(seating, 1000, every=True)
        if found is None:  # people who could sit twice in a need: left to the whole model
            continue
        told += 1
        sets = [tuple(np.flatnonzero(staffed)) for _, staffed in found]
        assert len(set(sets)) == len(sets)
        assert set(sets) == best_sets(problem, levels)
        assert all(each.fills(staffed) for each, staffed in found)
    assert told > 20


def test_prices_never_say_too_little_of_a_set_of_needs_nor_where_somebody_came_after_them() -> None:
    told = 0
    random = np.random.default_rng(14)
    for seed in range(8000, 8040):
        problem = crowded(seed)
        usable = np.flatnonzero(live_pairs(problem, no_pairs()))
        everything = staffed_needs(problem, usable)
        contest = Contest(problem, Levels(), usable, everything, np.zeros_like(everything))
        known = len(problem.person_wait) - int(random.integers(0, 2))
        price = random.integers(0, 5_000, known)
        for chosen in staffings(problem):
            staffed = staffed_needs(problem, np.array(chosen, dtype=np.int64))
            reached = int(problem.pair_score[list(chosen)].sum())
            assert contest.worth(price, [staffed])[0] >= reached
            told += 1
    assert told > 500
