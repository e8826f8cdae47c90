"""The solver against two independent exact answers, on hundreds of small random rounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.engine import solve as solving
from matchmaker.engine.linear import highs
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import Levels, PinsRefused
from matchmaker.engine.solve import solve
from matchmaker.engine.teams import climb, parts
from matchmaker.engine.verify import verify
from matchmaker.errors import Refusal
from tests.engine.oracle import best_by_fillings, best_by_trying, objective
from tests.engine.problems import Size, random_problem, side_by_side

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


@pytest.mark.parametrize("start", range(0, 240, 40))
def test_every_level_equals_the_best_of_all_staffings(start: int) -> None:
    for seed in range(start, start + 40):
        problem = random_problem(seed)
        best = best_by_trying(problem, Levels())
        assert best is not None
        agree(problem, Levels(), best)


@pytest.mark.parametrize("levels", SWITCHES, ids=str)
def test_levels_that_policy_switches_off_are_not_pursued(levels: Levels) -> None:
    for seed in range(1000, 1050 if levels.worst_fit else 1020):
        problem = random_problem(seed)
        best = best_by_trying(problem, levels)
        assert best is not None
        agree(problem, levels, best)


@pytest.mark.parametrize("start", range(0, 45, 15))
def test_larger_rounds_equal_a_model_of_whole_fillings(start: int) -> None:
    for seed in range(2000 + start, 2015 + start):
        problem = random_problem(seed, Size(people=12, needs=8, roles=2, pairs=45))
        agree(problem, Levels(), best_by_fillings(problem, Levels()))


def test_pins_hold_or_the_fewest_that_cannot_are_named() -> None:
    refused = 0
    for seed in range(3000, 3080):
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


def test_a_round_divided_into_parts_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rounds with nobody in common, posed as one, and cut apart again by the solver."""
    divided = 0
    for seed in range(4000, 4025):
        one, two = random_problem(seed), random_problem(seed + 500)
        both = side_by_side(one, two)
        if seed % 3 == 0:
            both = replace(both, pins=solve(both).pairs[:2])
        monkeypatch.setattr(parts, "WORTHWHILE", 1)
        divided += len(parts.parts(both, live_pairs(both, np.zeros(0, dtype=np.int64)))) > 1
        small = solve(both)
        monkeypatch.setattr(parts, "WORTHWHILE", 1_500)
        whole = solve(both)
        assert (small.levels, small.bounds) == (whole.levels, whole.bounds)
        assert small.pairs.tolist() == whole.pairs.tolist()
        assert verify(both, small).violations == ()
    assert divided > 10


def test_a_search_cut_short_keeps_its_gap_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is up after the counting levels: what is known stays, nothing more is claimed."""
    search, at_once, whole, unproven = climb.search, solving.at_once, solving.packed, 0
    for seed in range(5000, 5060):
        problem = random_problem(seed, Size(people=10, needs=6, roles=2, pairs=40))
        best = solve(problem)
        monkeypatch.setattr(climb, "search", lambda *_: highs.Answer(None, 10**9, finished=False))
        monkeypatch.setattr(solving, "at_once", lambda *_, **__: None)
        monkeypatch.setattr(solving, "packed", lambda *_: None)
        try:
            found = solve(problem)
        except Refusal:
            continue
        finally:
            monkeypatch.setattr(climb, "search", search)
            monkeypatch.setattr(solving, "at_once", at_once)
            monkeypatch.setattr(solving, "packed", whole)
        assert verify(problem, found).violations == ()
        assert found.rank() <= best.rank()
        assert found.proven == (not any(found.gaps.values()))
        if found.rank() < best.rank():
            assert not found.proven
            unproven += 1
    assert unproven > 0


def test_no_answer_in_time_is_a_refusal() -> None:
    codes = []
    for seed in range(5000, 5020):
        problem = random_problem(seed, Size(people=8, needs=10, roles=3, pairs=60))
        try:
            solve(problem, time_limit=0.0)
        except Refusal as refusal:
            codes.append(refusal.code)
    assert set(codes) == {"no_answer_in_time"}


def test_a_team_that_only_seems_possible_has_no_worst_fit() -> None:
    """Two people for a team of three, one of whom would need two seats: nothing can be staffed,
    and the search for the highest worst fit ends."""
    none, zero = np.zeros(0, dtype=np.int64), np.zeros(2, dtype=np.int64)
    problem = Problem(
        person_capacity=np.array([1, 2]),
        person_minutes=np.array([600, 600]),
        person_wait=zero,
        group_wait=zero[:1],
        need_group=zero[:1],
        need_urgency=zero[:1],
        role_need=zero,
        role_seats=np.array([1, 2]),
        role_essential=np.array([True, True]),
        role_minutes=zero,
        pair_person=np.array([0, 1, 1]),
        pair_role=np.array([1, 0, 1]),
        pair_score=np.array([5643, 5476, 5643]),
        pair_hash=np.array([1, 2, 3]),
        pins=none,
        max_needs=None,
    )
    found = solve(problem, Levels(groups=False, urgency=False, worst_fit=True))
    assert found.proven
    assert (found.levels["needs_staffed"], found.levels["worst_fit"]) == (0, 0)


def test_waiting_counts_once_of_somebody_with_more_room_than_seats_to_choose_from() -> None:
    """Two people are equally good on the second seat; with the other one there, two who waited are
    seated, not one of them twice."""
    none, zero = np.zeros(0, dtype=np.int64), np.zeros(2, dtype=np.int64)
    for capacity in (2, 3, 20):
        problem = Problem(
            person_capacity=np.array([capacity, 1]),
            person_minutes=np.array([600, 600]),
            person_wait=np.array([5, 3]),
            group_wait=zero[:1],
            need_group=zero,
            need_urgency=zero,
            role_need=np.array([0, 1]),
            role_seats=np.array([1, 1]),
            role_essential=np.array([True, True]),
            role_minutes=zero,
            pair_person=np.array([0, 0, 1]),
            pair_role=np.array([0, 1, 1]),
            pair_score=np.array([7000, 6000, 6000]),
            pair_hash=np.array([1, 9, 2]),
            pins=none,
        )
        for proofs in (True, False):
            found = solve(problem, proofs=proofs)
            assert found.levels["tie_waiting"] == 8
            assert found.pairs.tolist() == [0, 2]
        assert verify(problem, solve(problem)).proofs["tie_waiting"] == "prices"
