"""Which changes would let a left-out need be staffed, each proven by solving again.

A change touches only the need itself, so every staffing without the need stays open; the solver's
``can_staff`` then decides exactly whether the best staffing with the change includes the need.
Only another floor or limit touches other needs: then the whole round is solved anew. Where a limit
on new projects is reached, ``Hurdle`` tells of most changes by adding up scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchmaker.engine.answers.again import again, posed, with_pairs, with_people
from matchmaker.engine.answers.kinds import Change, changes_of
from matchmaker.engine.answers.opening import Opening
from matchmaker.engine.arrays import ints
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Problem
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
        if all(change.family == ("limit",) for change in changes):
            return bool(opening.everybody.raised.solution.staffed[need])
        if (told := _told(opening, changes, changed, newcomers)) is not None:
            return told
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
    if (told := _told(opening, changes, changed, newcomers)) is not None:
        return told
    padded, more = _with_newcomers(outcome, newcomers, opening.problem(changed, pairs))
    if opening.hurdle and (best := again(outcome, more).solution).proven:
        return best.rank() > outcome.solution.rank()
    return can_staff(more, need, outcome.solution, levels, base_problem=padded).better


def _told(
    opening: Opening, changes: Sequence[Change], changed: Snapshot, newcomers: list[int]
) -> bool | None:
    """What the limit on new projects, raised or not, says of the need and its team alone."""
    whole = {change.family for change in changes if change.whole}
    if whole - {("limit",)}:
        return None
    pairs = opening.scored(changed)
    if not opening.enough(pairs, changed, newcomers):
        return False
    hurdle = opening.raised_hurdle if whole else opening.hurdle
    score = _newcomer_score(opening.outcome)
    return hurdle.verdict(pairs, changed.needs, newcomers, score) if hurdle else None


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
    score = _newcomer_score(now)
    minutes = then.role_minutes[newcomers]
    padded = with_people(now.problem, ints([0] * len(newcomers)), minutes)
    more = with_people(then, ints([1] * len(newcomers)), minutes)
    count = len(then.person_capacity)
    person, role = ints(np.arange(len(newcomers))) + count, ints(newcomers)
    return padded, with_pairs(more, person, role, ints([score] * len(newcomers)))


def _newcomer_score(outcome: Outcome) -> int:
    """The score of somebody with all that is asked, who wished for nothing in particular."""
    full = {"skills", "time", "place", "continuity"}
    fit = dict.fromkeys(full, 10000) | {"interest": 5_000}
    stack = ints([[fit.get(name, 0)] for name in FEATURES])
    return max(int(scores_of(stack, outcome.snapshot.policy.counted_weights)[0]), 1)
