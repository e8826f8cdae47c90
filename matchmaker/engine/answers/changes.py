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
from matchmaker.engine.arrays import ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.questions import can_staff
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import allowed
from matchmaker.engine.scores import Pairs, floored, score_pairs, scores_of
from matchmaker.engine.shapes import Snapshot
from matchmaker.engine.unstaffed import blocking_role


def smallest_changes(outcome: Outcome, need: int, *, most: int = 1) -> tuple[Reason, ...]:
    """At most ``most`` single changes, the smallest first, with each of which the best staffing
    of the whole round includes ``need``. Empty when no single change does. Where the limit on new
    projects is reached, only a higher limit is tried; newcomers only for the blocking role."""
    if not (outcome.problem.role_need == need).any() and not limit_reached(outcome):
        return (reason("add_role", outcome.need_id(need)),)
    found: list[Reason] = []
    families: set[tuple[str, ...]] = set()
    blocking = blocking_role(outcome, need)
    for change in changes_of(outcome, need):
        if len(found) == most:
            break
        tried = change.family == ("limit",) or not limit_reached(outcome)
        tried = tried and all(role == blocking for role in change.newcomers)
        if tried and change.family not in families and proven(outcome, need, (change,)):
            found.append(change.reason)
            families |= {change.family} if change.newcomers else set()
    return tuple(found)


def limit_reached(outcome: Outcome) -> bool:
    """Whether the round has as many new projects as the policy allows."""
    limit = outcome.problem.max_needs
    return limit is not None and int(outcome.solution.staffed.sum()) >= limit


def proven(outcome: Outcome, need: int, changes: Sequence[Change]) -> bool:
    """Whether the best staffing of the round with all of ``changes`` includes ``need``."""
    changed = outcome.snapshot
    for change in changes:
        changed = change.edit(changed)
    newcomers = [role for change in changes for role in change.newcomers]
    if any(change.whole for change in changes):
        then = posed(outcome, changed, score_pairs(changed), solved=not newcomers)
        if newcomers:
            then = again(then, _with_newcomers(then, newcomers)[1])
        return bool(then.solution.staffed[need])
    posed_for = _posed_for(outcome, changed, need, newcomers)
    if posed_for is None:
        return False
    padded, problem = _with_newcomers(posed_for, newcomers, outcome.problem)
    levels = outcome.snapshot.policy.levels
    return can_staff(problem, need, outcome.solution, levels, base_problem=padded).better


def _posed_for(
    outcome: Outcome, changed: Snapshot, need: int, newcomers: list[int]
) -> Outcome | None:
    """The round with the need's own pairs judged anew; None when nothing is gained by that."""
    before, needs = outcome.snapshot.needs, changed.needs
    if changed is outcome.snapshot:
        return outcome
    fresh = judged(changed, need)
    others = needs.role_need[outcome.pairs.role] != need
    same = needs.role_seats is before.role_seats and needs.role_essential is before.role_essential
    if same and not newcomers and len(fresh.person) <= np.count_nonzero(~others):
        return None
    pairs = _joined(_only(outcome.pairs, others), fresh)
    return replace(outcome, snapshot=changed, pairs=pairs, problem=pose(changed, pairs))


def judged(snapshot: Snapshot, need: int) -> Pairs:
    """The allowed pairs of one need."""
    roles = np.flatnonzero(snapshot.needs.role_need == need)
    count = len(snapshot.people.capacity)
    person = ints(np.repeat(np.arange(count), len(roles)))
    role = ints(np.tile(roles, count))
    keep = allowed(snapshot, person, role)
    return floored(snapshot, person[keep], role[keep])


def _only(pairs: Pairs, keep: Ints | Bools) -> Pairs:
    return Pairs(pairs.person[keep], pairs.role[keep], pairs.score[keep])


def _joined(one: Pairs, two: Pairs) -> Pairs:
    person = ints(np.concatenate([one.person, two.person]))
    role = ints(np.concatenate([one.role, two.role]))
    score = ints(np.concatenate([one.score, two.score]))
    order = np.lexsort((role, person))
    return Pairs(person[order], role[order], score[order])


def _with_newcomers(
    then: Outcome, newcomers: list[int], before: Problem | None = None
) -> tuple[Problem, Problem]:
    """The problem before, padded with people who can take nothing, and the problem then, where
    each newcomer can take one role."""
    score = max(_newcomer_score(then), 1) if newcomers else 0
    minutes = then.problem.role_minutes[newcomers] if newcomers else ints([])
    padded = with_people(before or then.problem, ints([0] * len(newcomers)), minutes)
    more = with_people(then.problem, ints([1] * len(newcomers)), minutes)
    count = len(then.problem.person_capacity)
    person, role = ints(np.arange(len(newcomers))) + count, ints(newcomers)
    return padded, with_pairs(more, person, role, ints([score] * len(newcomers)))


def with_people(problem: Problem, capacity: Ints, minutes: Ints) -> Problem:
    """``problem`` with more people at the end, who have not waited and have no pairs yet."""
    size = len(capacity)
    return replace(
        problem,
        person_capacity=ints([*problem.person_capacity, *capacity]),
        person_minutes=ints([*problem.person_minutes, *minutes]),
        person_wait=ints([*problem.person_wait, *([0] * size)]),
        person_employer=ints([*problem.person_employer, *([-1] * size)]),
    )


def with_pairs(problem: Problem, person: Ints, role: Ints, score: Ints) -> Problem:
    """``problem`` with more pairs at the end; ``person`` are the last people, ascending."""
    return replace(
        problem,
        pair_person=ints([*problem.pair_person, *person]),
        pair_role=ints([*problem.pair_role, *role]),
        pair_score=ints([*problem.pair_score, *score]),
        pair_hash=ints([*problem.pair_hash, *([0] * len(person))]),
    )


def _newcomer_score(outcome: Outcome) -> int:
    """The score of somebody with all that is asked, who wished for nothing in particular."""
    full = {"skills", "time", "place", "continuity"}
    fit = dict.fromkeys(full, 10000) | {"interest": 5_000}
    stack = ints([[fit.get(name, 0)] for name in FEATURES])
    return int(scores_of(stack, outcome.snapshot.policy.counted_weights)[0])
