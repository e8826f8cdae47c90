"""The best of equals without prices: the seats that refining level by level finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.solution import no_pairs
from matchmaker.engine.teams.seating import ranked, seat
from tests.engine.problems import Size, random_problem


def test_the_best_of_equals_is_what_refining_finds() -> None:
    changed = 0
    for seed in range(8200, 8320):
        problem = random_problem(seed, Size(people=9, needs=6, roles=2, pairs=40))
        few = np.random.default_rng(seed).choice([5000, 6000], len(problem.pair_score))
        problem = replace(problem, pair_score=few)
        usable = np.flatnonzero(live_pairs(problem, no_pairs()))
        first, level = ranked(seat(problem, usable), waiting=seed % 2 > 0)
        lean = seat(problem, usable, lean=True)
        second, found = ranked(lean, waiting=seed % 2 > 0)
        assert second.seats(found[-1]).tolist() == first.seats(level[-1]).tolist()
        changed += len(found) == 1 and found[0].taken.tolist() != lean.found.taken.tolist()
    assert changed > 20
