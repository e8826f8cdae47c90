"""Why not that person here: force the pair, solve again, and show what it costs and whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.engine.answers.again import again, anew, with_pins
from matchmaker.engine.answers.difference import Difference, compare
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import Policy
from matchmaker.engine.reasons import reason
from matchmaker.engine.rules import refusals
from matchmaker.engine.scores import floored
from matchmaker.engine.solution import PinsRefused
from matchmaker.errors import Refusal


def why_not(outcome: Outcome, person_id: str, role_id: str) -> Difference:
    """What putting ``person_id`` on ``role_id`` would cost, exactly, by solving again.

    Raises Refusal ``unknown_pair`` when the round has no such person or role.
    """
    person, role = outcome.positions(person_id, role_id)
    if against := refusals(outcome.snapshot, person, role):
        return Difference(possible=False, refusals=against)
    pair = outcome.pair_at(person, role)
    if pair is None:
        return _below_floor(outcome, person, role)
    try:
        return compare(outcome, again(outcome, with_pins(outcome, [pair])))
    except PinsRefused as refused:
        pins = tuple(outcome.pair_ids(pin) for pin in refused.params["pins"])
        return Difference(possible=False, clashing_pins=pins)


def without(outcome: Outcome, person_id: str, role_id: str) -> Difference:
    """What the round would be like if ``person_id`` were kept off ``role_id``."""
    pair = outcome.pair_at(*outcome.positions(person_id, role_id))
    if pair is None:
        return compare(outcome, outcome)
    if pair in outcome.problem.pins:
        return Difference(possible=False, clashing_pins=((person_id, role_id),))
    return compare(outcome, again(outcome, outcome.problem, forbid=[pair]))


def what_if(outcome: Outcome, policy: Policy) -> Difference:
    """What the round would be like under another policy (pins, bans, weights, limits, levels)."""
    return compare(outcome, anew(outcome, outcome.snapshot.market, policy))


def _below_floor(outcome: Outcome, person: int, role: int) -> Difference:
    snapshot = outcome.snapshot
    open_floor = replace(snapshot, policy=replace(snapshot.policy, floor=1))
    pair = floored(open_floor, np.array([person]), np.array([role]))
    score = int(pair.score[0]) if len(pair.score) else 0
    against = (reason("below_floor", score, snapshot.policy.floor),)
    ids = (outcome.person_id(person), outcome.role_id(role))
    pinned = replace(snapshot.policy, pins=(*snapshot.policy.pins, ids))
    try:
        then = anew(outcome, snapshot.market, pinned)
    except Refusal as refused:
        pins = tuple(refused.params.get("pins", ()))
        return Difference(possible=False, refusals=against, clashing_pins=pins)
    return replace(compare(outcome, then), refusals=against)
