"""Random matching problems for the solver's tests: small, tangled, and full of ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.engine.problem import Problem


@dataclass(frozen=True)
class Size:
    """Upper limits of a random problem."""

    people: int = 5
    needs: int = 4
    roles: int = 2
    pairs: int = 16


def random_problem(seed: int, size: Size | None = None) -> Problem:
    """Teams, optional seats, double capacity, tight hours, urgent needs, limits; no pins."""
    size = size or Size()
    rng = np.random.default_rng(seed)
    least = 0 if seed % 12 == 0 else 2  # now and then a side is empty
    people = int(rng.integers(least, size.people + 1))
    needs = int(rng.integers(least, size.needs + 1))
    groups = max(1, int(rng.integers(1, needs + 2)))
    role_need = np.repeat(np.arange(needs), rng.integers(1, size.roles + 1, needs))
    roles = len(role_need)
    cells = rng.permutation(people * roles)[: int(rng.integers(size.pairs // 2, size.pairs + 1))]
    cells.sort()
    scores = rng.choice(rng.integers(1, 10_001, [3, 50][seed % 2]), len(cells))
    return Problem(
        person_capacity=rng.choice([0, 1, 1, 1, 2, 2, 3], people),
        person_minutes=rng.choice([60, 120, 150, 240], people),
        person_wait=rng.choice([0, 10, 10, 365], people),
        group_wait=rng.choice([0, 30, 400], groups),
        need_group=rng.integers(0, groups, needs),
        need_urgency=rng.integers(0, 3, needs),
        role_need=role_need,
        role_seats=rng.choice([1, 1, 1, 1, 2], roles),
        role_essential=rng.random(roles) < 0.7,
        role_minutes=rng.choice([0, 60, 60, 90, 120], roles),
        pair_person=cells // max(roles, 1),
        pair_role=cells % max(roles, 1),
        pair_score=scores,
        pair_hash=rng.integers(0, 2**20, len(cells)),
        pins=np.zeros(0, dtype=np.int64),
        max_needs=[None, None, None, 1, 2][seed % 5],
    )


def side_by_side(one: Problem, two: Problem) -> Problem:
    """Both problems as one; they share nobody and nothing, and no limit on needs."""
    shift = {
        "need_group": len(one.group_wait),
        "role_need": len(one.need_group),
        "pair_person": len(one.person_wait),
        "pair_role": len(one.role_need),
        "pins": len(one.pair_role),
    }
    names = set(Problem.__dataclass_fields__) - {"max_needs", "guarantees", "reserves"}
    return Problem(
        **{
            name: np.concatenate([getattr(one, name), getattr(two, name) + shift[name]])
            if name in shift
            else np.concatenate([getattr(one, name), getattr(two, name)])
            for name in names
        }
    )
