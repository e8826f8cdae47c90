"""Why this person on this seat: what fits, what is missing, and who else it could be at what cost.

The alternatives are ranked by what the whole round would lose, each by solving again. They are
tried in the order of what the prices let expect, at most ``tries`` of them; the answer says whether
anybody was left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.engine.answers.again import again, with_pins
from matchmaker.engine.answers.difference import Difference, compare
from matchmaker.engine.answers.whynot import without
from matchmaker.engine.arrays import ints
from matchmaker.engine.explain import pair_reasons
from matchmaker.engine.features import feature_stack
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Ints
from matchmaker.engine.reasons import CATALOGUE, GAP, STRENGTH, Reason
from matchmaker.engine.scores import contributions
from matchmaker.engine.solution import PinsRefused
from matchmaker.errors import Refusal


@dataclass(frozen=True)
class Alternative:
    """Somebody else on the seat, in this person's place: own score, and what the round loses."""

    person_id: str
    score: int
    cost: Difference


@dataclass(frozen=True)
class Why:
    """One proposal explained. ``contributions`` add up to ``score``; ``features``: basis points.

    ``alternatives``: cheapest first; the first is the nearest rival. ``tried`` of ``allowed``
    other people were tried; ``without``: what the round loses when this person may not sit here.
    """

    person_id: str
    role_id: str
    need_id: str
    score: int
    features: dict[str, int]
    contributions: dict[str, int]
    strengths: tuple[Reason, ...]
    gaps: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...]
    tried: int
    allowed: int
    without: Difference

    @property
    def rival(self) -> Alternative | None:
        """Who else it could be at the least cost to the whole."""
        return self.alternatives[0] if self.alternatives else None


def why(outcome: Outcome, person_id: str, role_id: str, *, tries: int = 8) -> Why:
    """Why ``person_id`` is on ``role_id``.

    Raises Refusal ``unknown_pair``, or ``not_proposed`` when the round does not have the pair.
    """
    person, role = outcome.positions(person_id, role_id)
    pair = outcome.pair_at(person, role)
    if pair is None or pair not in outcome.solution.pairs:
        raise Refusal("not_proposed", person=person_id, role=role_id)
    weights = outcome.snapshot.policy.counted_weights
    stack = feature_stack(outcome.snapshot, ints([person]), ints([role]))
    reasons = pair_reasons(outcome.snapshot, person, role)
    others = _others(outcome, role)
    return Why(
        person_id,
        role_id,
        outcome.need_id(int(outcome.problem.role_need[role])),
        int(outcome.problem.pair_score[pair]),
        _named(stack[:, 0]),
        _named(contributions(stack, weights)[:, 0]),
        tuple(each for each in reasons if CATALOGUE[each.code].kind == STRENGTH),
        tuple(each for each in reasons if CATALOGUE[each.code].kind == GAP),
        _ranked(outcome, pair, others[:tries]),
        min(tries, len(others)),
        len(others),
        without(outcome, person_id, role_id),
    )


def _named(values: Ints) -> dict[str, int]:
    return {name: int(value) for name, value in zip(FEATURES, values, strict=True)}


def _others(outcome: Outcome, role: int) -> Ints:
    """Pairs of everybody else allowed on the role, the likeliest first: by how much their price
    and the seat's exceed the score."""
    problem, prices = outcome.problem, outcome.solution.prices
    pairs = np.flatnonzero(problem.pair_role == role)
    pairs = np.setdiff1d(pairs, outcome.solution.pairs)
    pairs = pairs[problem.person_capacity[problem.pair_person[pairs]] > 0]
    excess = prices.person[problem.pair_person[pairs]] - prices.scale * problem.pair_score[pairs]
    return pairs[np.lexsort((pairs, excess))]


def _ranked(outcome: Outcome, pair: int, others: Ints) -> tuple[Alternative, ...]:
    found = [each for other in others.tolist() if (each := _instead(outcome, pair, other))]
    order = list(outcome.solution.bounds)
    found.sort(key=lambda each: ([(each.cost.loss or {})[name] for name in order], each.person_id))
    return tuple(found)


def _instead(outcome: Outcome, pair: int, other: int) -> Alternative | None:
    """``other`` in the place of ``pair``, or None where what is fixed does not allow it."""
    if pair in outcome.problem.pins:
        return None
    try:
        then = again(outcome, with_pins(outcome, [other]), forbid=[pair])
    except PinsRefused:
        return None
    person, _ = outcome.pair_ids(other)
    return Alternative(person, int(outcome.problem.pair_score[other]), compare(outcome, then))
