"""Why a professional was left out this time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.features import feature_stack
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.problem import Ints
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import refused
from matchmaker.engine.scores import scores_of

_NEAREST = 3


def left_out(outcome: Outcome) -> Ints:
    """Professionals without a seat, by position."""
    seated = outcome.problem.pair_person[outcome.solution.pairs]
    everyone = np.arange(len(outcome.problem.person_capacity))
    return np.setdiff1d(everyone, seated)


def waiting_reasons(outcome: Outcome, person: int) -> tuple[Reason, ...]:
    """Why ``person`` has no seat: the nearest refusals, or who holds the seats that fit best."""
    if not len(outcome.problem.role_need):
        return (reason("no_needs"),)
    people = outcome.snapshot.people
    if not people.verified[person]:
        return (reason("not_verified"),)
    if people.capacity[person] < 1:
        return (reason("capacity_used", int(people.capacity[person])),)
    mine = np.flatnonzero(outcome.problem.pair_person == person)
    if not len(mine):
        return (reason("no_allowed_pair"), *_nearest(outcome, person))
    return tuple(_outcompeted(outcome, mine))


def _nearest(outcome: Outcome, person: int) -> Iterator[Reason]:
    """The roles that the fewest rules refuse, with those rules; among equals first those whose
    skills the person has, then those that would fit best."""
    snapshot = outcome.snapshot
    roles = ints(np.arange(len(outcome.problem.role_need)))
    me = ints(np.full(len(roles), person))
    masks = refused(snapshot, me, roles)
    count = np.sum(list(masks.values()), axis=0)
    score = scores_of(feature_stack(snapshot, me, roles), snapshot.policy.counted_weights)
    for role in np.lexsort((roles, -score, masks["skill_missing"], count))[:_NEAREST]:
        rules = [code for code, mask in masks.items() if mask[role]] or ["below_floor"]
        yield reason("nearest", outcome.role_id(int(role)), "+".join(rules))


def _outcompeted(outcome: Outcome, mine: Ints) -> Iterator[Reason]:
    """What became of the needs that fit this person best, best first."""
    problem = outcome.problem
    seen: set[int] = set()
    for pair in mine[np.argsort(-problem.pair_score[mine], kind="stable")]:
        need = int(problem.pair_need[pair])
        if need in seen or len(seen) == _NEAREST:
            continue
        seen.add(need)
        if outcome.solution.staffed[need]:
            yield _seat_lost(outcome, int(pair))
        else:
            yield reason("need_unstaffed", outcome.need_id(need))


def _seat_lost(outcome: Outcome, pair: int) -> Reason:
    """The weakest holder of the seats of this role, and why the holder stays."""
    problem, chosen = outcome.problem, outcome.solution.pairs
    role, score = int(problem.pair_role[pair]), int(problem.pair_score[pair])
    holders = chosen[problem.pair_role[chosen] == role]
    free = np.setdiff1d(holders, problem.pins)
    holder = min(free if len(free) else holders, key=lambda other: problem.pair_score[other])
    theirs = int(problem.pair_score[holder])
    code = "seat_taken"
    if holder in problem.pins:
        code = "seat_pinned"
    elif theirs == score:
        code = "tie_lost"
    who = outcome.pair_ids(int(holder))[0]
    return reason(code, outcome.role_id(role), who, theirs, score)
