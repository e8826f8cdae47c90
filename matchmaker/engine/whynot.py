"""Why not that person here: force the pair, solve again, and show what it costs and whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchmaker.engine.outcome import Outcome, settle
from matchmaker.engine.policy import Policy
from matchmaker.engine.questions import forced
from matchmaker.engine.reasons import Reason, reason
from matchmaker.engine.rules import refusals
from matchmaker.engine.scores import floored, score_pairs
from matchmaker.engine.snapshot import take
from matchmaker.engine.solution import PinsRefused
from matchmaker.engine.solve import solve
from matchmaker.errors import Refusal

Pair = tuple[str, str]


@dataclass(frozen=True)
class Difference:
    """What a round would be like otherwise, against what it is.

    ``possible``: whether there is such a round at all; if not, ``refusals`` or ``clashing_pins``
    say why and the rest is empty. ``refusals``: every rule against the pair (a pair below the
    floor can still be forced). ``loss``: level → value now minus value then, for every level in
    order; ``decided_by``: the first level that differs, or None when nothing is lost.
    ``gained`` and ``lost``: (professional id, role id) seats that are new or gone;
    ``staffed`` and ``unstaffed``: needs that get or lose their team.
    """

    possible: bool
    refusals: tuple[Reason, ...] = ()
    clashing_pins: tuple[Pair, ...] = ()
    loss: dict[str, int] | None = None
    decided_by: str | None = None
    gained: tuple[Pair, ...] = ()
    lost: tuple[Pair, ...] = ()
    staffed: tuple[str, ...] = ()
    unstaffed: tuple[str, ...] = ()


def why_not(outcome: Outcome, person_id: str, role_id: str) -> Difference:
    """What putting ``person_id`` on ``role_id`` would cost, exactly, by solving again."""
    person, role = outcome.positions(person_id, role_id)
    if against := refusals(outcome.snapshot, person, role):
        return Difference(possible=False, refusals=against)
    pair = outcome.pair_at(person, role)
    if pair is None:
        return _below_floor(outcome, person, role)
    try:
        solution = solve(forced(outcome.problem, pair), outcome.snapshot.policy.levels)
    except PinsRefused as refused:
        pins = tuple(outcome.pair_ids(pin) for pin in refused.params["pins"])
        return Difference(possible=False, clashing_pins=pins)
    return compare(outcome, replace(outcome, solution=solution))


def without(outcome: Outcome, person_id: str, role_id: str) -> Difference:
    """What the round would be like if ``person_id`` were kept off ``role_id``."""
    pair = outcome.pair_at(*outcome.positions(person_id, role_id))
    if pair is None:
        return compare(outcome, outcome)
    if pair in outcome.problem.pins:
        return Difference(possible=False, clashing_pins=((person_id, role_id),))
    solution = solve(outcome.problem, outcome.snapshot.policy.levels, forbid=[pair])
    return compare(outcome, replace(outcome, solution=solution))


def what_if(outcome: Outcome, policy: Policy) -> Difference:
    """What the round would be like under another policy (pins, bans, weights, limits, levels)."""
    snapshot = take(outcome.snapshot.market, policy)
    return compare(outcome, settle(snapshot, score_pairs(snapshot)))


def _below_floor(outcome: Outcome, person: int, role: int) -> Difference:
    snapshot = outcome.snapshot
    open_floor = replace(snapshot, policy=replace(snapshot.policy, floor=1))
    pair = floored(open_floor, np.array([person]), np.array([role]))
    score = int(pair.score[0]) if len(pair.score) else 0
    against = (reason("below_floor", score, snapshot.policy.floor),)
    ids = (outcome.person_id(person), outcome.role_id(role))
    pinned = replace(snapshot.policy, pins=(*snapshot.policy.pins, ids))
    try:
        forced_snapshot = replace(snapshot, policy=pinned)
        then = settle(forced_snapshot, score_pairs(forced_snapshot))
    except Refusal as refused:
        pins = tuple(refused.params.get("pins", ()))
        return Difference(possible=False, refusals=against, clashing_pins=pins)
    return replace(compare(outcome, then), refusals=against)


def compare(now: Outcome, then: Outcome) -> Difference:
    """How ``then`` differs from ``now``, level by level and seat by seat."""
    loss = {
        name: value - then.solution.levels[name]
        for name, value in now.solution.levels.items()
        if name in then.solution.levels
    }
    decisive = [name for name in now.solution.bounds if loss.get(name)]
    before, after = _seats(now), _seats(then)
    teams_before, teams_after = _teams(now), _teams(then)
    return Difference(
        possible=True,
        loss=loss,
        decided_by=decisive[0] if decisive else None,
        gained=tuple(sorted(after - before)),
        lost=tuple(sorted(before - after)),
        staffed=tuple(sorted(teams_after - teams_before)),
        unstaffed=tuple(sorted(teams_before - teams_after)),
    )


def _seats(outcome: Outcome) -> set[Pair]:
    return {outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs}


def _teams(outcome: Outcome) -> set[str]:
    return {outcome.need_id(int(need)) for need in np.flatnonzero(outcome.solution.staffed)}
