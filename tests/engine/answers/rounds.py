"""Small rounds to ask about, and every staffing of theirs for whoever wants to try them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from matchmaker.engine import Policy, match
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Problem
from matchmaker.engine.solution import Levels
from tests.engine.markets import random_market
from tests.engine.oracle import Filling, _staffings, objective, value_of


@cache
def small_round(seed: int, people: int = 7, needs: int = 4, **policy: Any) -> Outcome:
    """A solved round small enough to try every staffing."""
    return match(random_market(seed, people, needs), Policy(**policy)).outcome


def proposals(outcome: Outcome) -> list[tuple[str, str]]:
    """(professional id, role id) of every filled seat."""
    return sorted(outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs)


def staffings(problem: Problem) -> Iterator[Filling]:
    """Every staffing that the constraints allow and the pins are part of."""
    pins = set(problem.pins.tolist())
    for chosen in _staffings(problem, 0, (), Counter(), Counter()):
        if pins <= set(chosen):
            yield chosen


def rank(problem: Problem, chosen: Filling, levels: Levels) -> tuple[int, ...]:
    """The levels of a staffing in order: of two, the greater is the better."""
    values = value_of(problem, chosen)
    return tuple(values[name] for name in objective(levels))


def best(problem: Problem, levels: Levels, *, with_pair: int = -1, without: int = -1) -> Any:
    """The best rank of all staffings that have one pair and lack another; None if there is none."""
    ranks = [
        rank(problem, chosen, levels)
        for chosen in staffings(problem)
        if (with_pair < 0 or with_pair in chosen) and without not in chosen
    ]
    return max(ranks, default=None)
