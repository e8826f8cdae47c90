"""Solving again: the one door from a question to the solver.

Every answer poses a problem that differs little from the round's own, so the round's solution is
handed along as a start. It makes an answer quicker, never different.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from matchmaker.engine.market import Market
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.policy import Policy
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.scores import Pairs, score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import Levels, PinsRefused
from matchmaker.engine.solve import Near, solve
from matchmaker.errors import Refusal


def again(
    outcome: Outcome,
    problem: Problem,
    *,
    forbid: Iterable[int] = (),
    staff: Iterable[int] = (),
    levels: Levels | None = None,
    known: Near | None = None,
) -> Outcome:
    """``outcome`` as it would be for ``problem``, whose pairs are numbered as the round's own.

    ``forbid``: pairs that may not be chosen; ``staff``: needs that must be staffed; ``levels``:
    other levels than the policy's; ``known``: the round that was solved, if it is not ``outcome``.
    Answers compare levels and seats alone, so the prices are left out (see ``proofs``). Raises
    what ``solve`` raises.
    """
    chosen = levels or outcome.snapshot.policy.levels
    near = _near(known or outcome.near, problem)
    solution = solve(problem, chosen, forbid=forbid, staff=staff, near=near, proofs=False)
    return replace(outcome, problem=problem, solution=solution)


def _near(known: Near, problem: Problem) -> Near | None:
    """The round itself, where roles are still the same ones, and people but for some more."""
    same = len(known.problem.person_wait) <= len(problem.person_wait)
    same = same and len(known.problem.role_need) == len(problem.role_need)
    return known if same else None


def with_pins(outcome: Outcome, pairs: Iterable[int]) -> Problem:
    """The round's problem with more pairs fixed."""
    pins = np.union1d(outcome.problem.pins, np.array(list(pairs), dtype=np.int64))
    return replace(outcome.problem, pins=pins)


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


def anew(outcome: Outcome, market: Market, policy: Policy) -> Outcome:
    """The round of another market or policy. Raises Refusal for pins that cannot hold."""
    snapshot = take(market, policy)
    return posed(outcome, snapshot, score_pairs(snapshot))


def posed(outcome: Outcome, snapshot: Snapshot, pairs: Pairs, *, solved: bool = True) -> Outcome:
    """The round of another ``snapshot`` and its allowed ``pairs``, solved unless told otherwise.

    Raises Refusal ``pins_impossible`` (professional and role ids) for pins that contradict one
    another.
    """
    problem = pose(snapshot, pairs)
    other = replace(outcome, snapshot=snapshot, pairs=pairs)
    if not solved:
        return replace(other, problem=problem)
    try:
        return again(other, problem, known=outcome.near)
    except PinsRefused as refused:
        ids = tuple(other.pair_ids(pin) for pin in refused.params["pins"])
        raise Refusal("pins_impossible", pins=ids) from refused
