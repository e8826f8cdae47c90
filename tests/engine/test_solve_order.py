"""The same round gives the same answer: whatever the order of rows, hash seed, or threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from matchmaker.engine.problem import Problem
from matchmaker.engine.solve import solve
from tests.engine.problems import Size, random_problem

SIZE = Size(people=25, needs=10, roles=3, pairs=140)
SCRIPT = """
from matchmaker.engine.solve import solve
from tests.engine.problems import random_problem
from tests.engine.test_solve_order import SIZE
for seed in range(6):
    found = solve(random_problem(seed, SIZE))
    print(found.pairs.tolist(), found.levels, found.bounds)
"""


def shuffled(problem: Problem, seed: int) -> tuple[Problem, np.ndarray]:
    """The problem with its people, needs, roles and groups renumbered; and the old pair numbers."""
    rng = np.random.default_rng(seed)
    person, need, role, group = (
        rng.permutation(len(vector))
        for vector in (
            problem.person_wait,
            problem.need_group,
            problem.role_need,
            problem.group_wait,
        )
    )  # new position → old position
    new_person, new_need, new_role, new_group = (np.argsort(p) for p in (person, need, role, group))
    key = new_person[problem.pair_person] * (len(role) + 1) + new_role[problem.pair_role]
    pair = np.argsort(key)
    return Problem(
        person_capacity=problem.person_capacity[person],
        person_minutes=problem.person_minutes[person],
        person_wait=problem.person_wait[person],
        group_wait=problem.group_wait[group],
        need_group=new_group[problem.need_group[need]],
        need_urgency=problem.need_urgency[need],
        role_need=new_need[problem.role_need[role]],
        role_seats=problem.role_seats[role],
        role_essential=problem.role_essential[role],
        role_minutes=problem.role_minutes[role],
        pair_person=new_person[problem.pair_person[pair]],
        pair_role=new_role[problem.pair_role[pair]],
        pair_score=problem.pair_score[pair],
        pair_hash=problem.pair_hash[pair],
        pins=problem.pins,
        max_needs=problem.max_needs,
    ), pair


def test_renumbered_rows_seat_the_same_people() -> None:
    for seed in range(6):
        problem = random_problem(seed, SIZE)
        expected = solve(problem)
        for order in (1, 2):
            other, old = shuffled(problem, order)
            found = solve(other)
            assert sorted(old[found.pairs].tolist()) == expected.pairs.tolist()
            assert found.levels == expected.levels


def test_hash_seed_and_threads_change_nothing() -> None:
    root = Path(__file__).resolve().parents[2]
    printed = set()
    for seed, threads in (("0", "1"), ("77", "2")):
        chosen = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(root)}
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | chosen,
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        printed.add(ran.stdout)
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == 6
