"""Which changes would let a left-out need be staffed, each proven by solving again.

A change touches only the need itself, so every staffing without the need stays open; the solver's
``can_staff`` then decides exactly whether the best staffing with the change includes the need.
Only another floor or limit touches other needs: then the whole round is solved anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matchmaker.engine.answers.again import again, posed
from matchmaker.engine.answers.kinds import Change, changes_of
from matchmaker.engine.answers.opening import Opening
from matchmaker.engine.arrays import ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.questions import can_staff, spare_people_fill
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.scores import score_pairs, scores_of


def smallest_changes(opening: Opening, *, most: int = 1) -> tuple[Reason, ...]:
    """At most ``most`` single changes, the smallest first, with each of which the best staffing
    of the whole round includes the open need. Empty when no single change does. Where the limit on
    new projects is reached, only a higher limit is tried; newcomers only for the blocking role."""
    outcome, need = opening.outcome, opening.need
    limited = limit_reached(outcome)
    if not len(opening.roles) and not limited:
        return (reason("add_role", outcome.need_id(need)),)
    found: list[Reason] = []
    families: set[tuple[str, ...]] = set()
    for change in changes_of(opening):
        if len(found) == most:
            break
        tried = change.alone and (change.family == ("limit",) or not limited)
        tried = tried and all(role == opening.blocking for role in change.newcomers)
        if tried and change.family not in families and proven(opening, (change,)):
            found.append(change.reason)
            families |= {change.family} if change.newcomers else set()
    return tuple(found)


def limit_reached(outcome: Outcome) -> bool:
    """Whether the round has as many new projects as the policy allows."""
    limit = outcome.problem.max_needs
    return limit is not None and int(outcome.solution.staffed.sum()) >= limit


def proven(opening: Opening, changes: Sequence[Change]) -> bool:
    """Whether the best staffing of the round with all of ``changes`` includes the open need."""
    outcome, need = opening.outcome, opening.need
    changed = edited(outcome.snapshot, changes)
    newcomers = [role for change in changes for role in change.newcomers]
    if any(change.whole for change in changes):
        then = posed(outcome, changed, score_pairs(changed), solved=not newcomers)
        if newcomers:
            then = again(then, _with_newcomers(then, newcomers)[1], known=outcome.near)
        return bool(then.solution.staffed[need])
    pairs = opening.scored(changed)
    if not opening.enough(pairs, changed, newcomers):
        return False
    if not newcomers and (opening.nothing_new(pairs, changed) or opening.outbid(pairs, changed)):
        return False
    levels = outcome.snapshot.policy.levels
    padded, alone = _with_newcomers(outcome, newcomers, opening.alone(changed, pairs))
    if spare_people_fill(alone, need, outcome.solution, padded, levels):
        return True
    padded, more = _with_newcomers(outcome, newcomers, opening.problem(changed, pairs))
    return can_staff(more, need, outcome.solution, levels, base_problem=padded).better


def edited(snapshot: Snapshot, changes: Sequence[Change]) -> Snapshot:
    """``snapshot`` with all of ``changes``."""
    for change in changes:
        snapshot = change.edit(snapshot)
    return snapshot


def _with_newcomers(
    now: Outcome, newcomers: list[int], problem: Problem | None = None
) -> tuple[Problem, Problem]:
    """The problem now, padded with people who can take nothing, and ``problem`` (default: the same)
    where each newcomer can take one role."""
    then = problem or now.problem
    if not newcomers:
        return now.problem, then
    score = max(_newcomer_score(now), 1)
    minutes = then.role_minutes[newcomers]
    padded = with_people(now.problem, ints([0] * len(newcomers)), minutes)
    more = with_people(then, ints([1] * len(newcomers)), minutes)
    count = len(then.person_capacity)
    person, role = ints(np.arange(len(newcomers))) + count, ints(newcomers)
    return padded, with_pairs(more, person, role, ints([score] * len(newcomers)))


def with_people(problem: Problem, capacity: Ints, minutes: Ints) -> Problem:
    """``problem`` with more people at the end, who have not waited and have no pairs yet."""
    nothing = np.zeros_like(capacity)
    return replace(
        problem,
        person_capacity=np.append(problem.person_capacity, capacity),
        person_minutes=np.append(problem.person_minutes, minutes),
        person_wait=np.append(problem.person_wait, nothing),
        person_employer=np.append(problem.person_employer, nothing - 1),
    )


def with_pairs(problem: Problem, person: Ints, role: Ints, score: Ints) -> Problem:
    """``problem`` with more pairs at the end; ``person`` are the last people, ascending."""
    return replace(
        problem,
        pair_person=np.append(problem.pair_person, person),
        pair_role=np.append(problem.pair_role, role),
        pair_score=np.append(problem.pair_score, score),
        pair_hash=np.append(problem.pair_hash, np.zeros_like(person)),
    )


def _newcomer_score(outcome: Outcome) -> int:
    """The score of somebody with all that is asked, who wished for nothing in particular."""
    full = {"skills", "time", "place", "continuity"}
    fit = dict.fromkeys(full, 10000) | {"interest": 5_000}
    stack = ints([[fit.get(name, 0)] for name in FEATURES])
    return int(scores_of(stack, outcome.snapshot.policy.counted_weights)[0])
