"""How many more people, and with which skills, would get a left-out need staffed: proven."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Problem
from matchmaker.engine.questions import can_staff
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.scores import scores_of
from matchmaker.engine.unstaffed import blocking_role, skills_text


def recruits(outcome: Outcome, need: int) -> Reason | None:
    """The fewest more people, all for the blocking role, with whom the need is staffed."""
    role = blocking_role(outcome, need)
    if role is None:
        return None
    for people in range(1, int(outcome.problem.role_seats[role]) + 1):
        if _proven_with_recruits(outcome, need, role, people):
            return reason("recruit", outcome.role_id(role), people, skills_text(outcome, role))
    return None


def _proven_with_recruits(outcome: Outcome, need: int, role: int, people: int) -> bool:
    padded = _padded(outcome.problem, people, int(outcome.problem.role_minutes[role]))
    count = len(outcome.problem.person_capacity)
    newcomers = ints(np.arange(count, count + people))
    more = replace(
        padded,
        person_capacity=ints([*outcome.problem.person_capacity, *([1] * people)]),
        pair_person=ints([*padded.pair_person, *newcomers]),
        pair_role=ints([*padded.pair_role, *([role] * people)]),
        pair_score=ints([*padded.pair_score, *([_newcomer_score(outcome)] * people)]),
        pair_hash=ints([*padded.pair_hash, *([0] * people)]),
    )
    levels = outcome.snapshot.policy.levels
    return can_staff(more, need, outcome.solution, levels, base_problem=padded).better


def _padded(problem: Problem, people: int, minutes: int) -> Problem:
    """``problem`` with people who can take nothing yet."""
    return replace(
        problem,
        person_capacity=ints([*problem.person_capacity, *([0] * people)]),
        person_minutes=ints([*problem.person_minutes, *([minutes] * people)]),
        person_wait=ints([*problem.person_wait, *([0] * people)]),
    )


def _newcomer_score(outcome: Outcome) -> int:
    """The score of somebody with all that is asked, who wished for nothing in particular."""
    fit = {
        "skills": 10_000,
        "time": 10_000,
        "place": 10_000,
        "interest": 5_000,
        "continuity": 10_000,
    }
    stack = ints([[fit.get(name, 0)] for name in FEATURES])
    return max(int(scores_of(stack, outcome.snapshot.policy.counted_weights)[0]), 1)
