"""Which needs to staff for the total score: what prices say of a set, against all staffings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np

from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.problem import Bools, Problem
from matchmaker.engine.solution import Levels, no_pairs
from matchmaker.engine.solve import solve
from matchmaker.engine.teams.branches import Branches
from matchmaker.engine.teams.choice import worth
from matchmaker.engine.teams.climb import Climb
from matchmaker.engine.teams.seating import seat
from tests.engine.oracle import _staffings, best_by_trying
from tests.engine.problems import Size, random_problem


def best_totals(problem: Problem) -> dict[tuple[bool, ...], int]:
    """The best total score of each set of needs that can be staffed."""
    best: dict[tuple[bool, ...], int] = {}
    for chosen in _staffings(problem, 0, (), Counter(), Counter()):
        staffed = np.isin(np.arange(len(problem.need_group)), problem.pair_need[list(chosen)])
        total, key = int(problem.pair_score[list(chosen)].sum()), tuple(staffed.tolist())
        best[key] = max(best.get(key, 0), total)
    return best


def contested(seed: int) -> Problem:
    """More needs than people, so that not all can be staffed."""
    return random_problem(seed, Size(people=4, needs=5, roles=2, pairs=18))


def test_what_prices_say_of_a_set_is_never_below_its_best_and_exact_for_their_own() -> None:
    exact = others = 0
    for seed in range(9000, 9060):
        problem = replace(contested(seed), max_needs=None)
        problem = replace(problem, person_minutes=np.full_like(problem.person_minutes, 10_000))
        usable = np.flatnonzero(live_pairs(problem, no_pairs()))
        best = best_totals(problem)
        for own in best:
            staffed = np.array(own, dtype=bool)
            seating = seat(problem, usable[staffed[problem.pair_need[usable]]])
            if not seating.fills(staffed):
                continue
            found = worth(seating, usable)
            for key, total in best.items():
                said = found.always + int(found.need[list(key)].sum())
                assert said >= total
                others += key != own
            assert found.always + int(found.need[staffed].sum()) == best[own]
            exact += 1
    assert exact > 150
    assert others > 1000


def test_sets_are_asked_in_order_and_the_best_of_all_is_found() -> None:
    """Without the counting levels of a policy the choice is wide open: every set comes up."""
    several = 0
    for seed in range(9100, 9160):
        problem = contested(seed)
        climb = Climb(
            problem, levels := Levels(groups=False, urgency=False), no_pairs(), no_pairs()
        )
        if not climb.begin() or (choice := climb.choice()) is None:
            continue
        usable = np.flatnonzero(climb.live)
        before = None
        for _ in product((0, 1), repeat=len(problem.need_group)):
            if (found := choice.next()) is None:
                break
            bound, staffed = found
            assert before is None or bound <= before
            before = bound
            seating = seat(problem, usable[staffed[problem.pair_need[usable]]])
            if seating.fills(staffed):
                assert int(problem.pair_score[seating.pairs].sum()) <= bound
                choice.learn(seating)
                several += 1
        assert choice.next() is None
        assert not choice.unsure
        best = best_by_trying(problem, levels)
        assert best is not None
        assert solve(problem, levels).levels["total_score"] == best["total_score"]
    assert several > 60


def test_a_choice_that_runs_out_of_time_claims_nothing() -> None:
    ended = 0
    for seed in range(9200, 9230):
        climb = Climb(contested(seed), Levels(), no_pairs(), no_pairs())
        if not climb.begin() or (choice := climb.choice()) is None:
            continue
        choice.master.time_limit = 0.0
        usable: Bools = np.flatnonzero(climb.live)
        branches = Branches(climb.problem, climb.levels, usable, choice=choice)
        found = branches.best()
        ended += choice.unsure
        assert not choice.unsure or found is None
    assert ended > 0
