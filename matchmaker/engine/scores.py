"""Features and weights become whole scores, and contributions that add up to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.alike import FeatureTables
from matchmaker.engine.arrays import ints
from matchmaker.engine.features import feature_stack
from matchmaker.engine.grid import allowed_pairs
from matchmaker.engine.pairs.formulas import rounded
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.rules import allowed

_CELLS = 1 << 13  # of a table that stays near the processor


@dataclass(frozen=True)
class Pairs:
    """K pairs with their scores, sorted by person, then role."""

    person: Ints
    role: Ints
    score: Ints

    def only(self, keep: Ints | Bools | slice) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.person[keep], self.role[keep], self.score[keep])


def scores_of(stack: Ints, weights: Mapping[str, int]) -> Ints:
    """(K,) the weighted mean of the features (6, K), 0..10,000, rounded half up."""
    weight = _vector(weights)
    return ints(rounded(weight @ stack, int(weight.sum())))


def scores_among(snapshot: Snapshot, people: Ints, roles: Ints) -> Ints:
    """(P, R) the scores of everybody with every role, the rules aside."""
    tables, weights = FeatureTables(snapshot, people, roles), snapshot.policy.counted_weights
    total, scores = sum(weights.values()), np.zeros((len(people), len(roles)), dtype=np.int64)
    step = max(_CELLS // max(len(roles), 1), 1)
    for first in range(0, len(people), step):
        part = slice(first, first + step)
        points = scores[part]
        for name, weight in weights.items():
            if weight:
                points += weight * tables.of(name, part)
        points[:] = rounded(points, total)
    return scores


def contributions(stack: Ints, weights: Mapping[str, int]) -> Ints:
    """(6, K) what each feature adds to the score: whole numbers with exactly that sum.

    The exact shares are rounded down; the points still missing go to the largest remainders
    (on a tie, to the feature named first).
    """
    weight = _vector(weights)
    exact, total = weight[:, None] * stack, int(weight.sum())
    whole, rest = exact // total, exact % total
    missing = scores_of(stack, weights) - whole.sum(axis=0)
    place = np.argsort(np.argsort(-rest, axis=0, kind="stable"), axis=0, kind="stable")
    return ints(whole + (place < missing))


def _vector(weights: Mapping[str, int]) -> Ints:
    return ints([weights[name] for name in FEATURES])


def score_pairs(snapshot: Snapshot) -> Pairs:
    """All pairs that the rules and the floor allow, and the pinned ones the rules allow."""
    return floored(snapshot, *allowed_pairs(snapshot))


def scored(snapshot: Snapshot, roles: Ints, postings: Postings | None = None) -> Pairs:
    """The same for some roles; ``postings``: the snapshot's, where many questions share them."""
    return floored(snapshot, *allowed_pairs(snapshot, roles, postings))


def score_these(snapshot: Snapshot, person: Ints, role: Ints) -> Pairs:
    """Those of the given pairs that the rules and the floor allow, with their scores."""
    keep = allowed(snapshot, person, role)
    return floored(snapshot, person[keep], role[keep])


def floored(snapshot: Snapshot, person: Ints, role: Ints) -> Pairs:
    """The given pairs with their scores, without those below the floor; a pin outweighs it."""
    policy = snapshot.policy
    score = scores_of(feature_stack(snapshot, person, role), policy.counted_weights)
    keep = score >= policy.floor
    for pinned, seat in policy.pins:
        if pinned in snapshot.person_at and seat in snapshot.role_at:
            at = snapshot.person_at[pinned], snapshot.role_at[seat]
            keep |= (person == at[0]) & (role == at[1]) & (score > 0)
    return Pairs(person[keep], role[keep], score[keep])
