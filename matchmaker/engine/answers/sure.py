"""How sure a pair is: does it hold when the weights are other ones.

Two things are asked, both by solving the whole round again under other weights and nothing else:

- every weight by itself a quarter more and a quarter less, exactly (all weights are multiplied by
  four first, which changes no score, so that a quarter of one is a whole number);
- the nearest break: the smallest whole number by which one weight alone has to move, up or down,
  for the pair to go. Looked for outwards, 1 first, up to ``reach`` of the weight: a quarter of it,
  rounded up. Every weight and direction that breaks the pair at that distance is named.

Weights stay within 0 … 1000 and are never all 0. The floor keeps its value, so a pair may go
because its score falls below the floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from matchmaker.engine.answers.again import again
from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.features import feature_stack
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.rules import allowed, candidates
from matchmaker.engine.scores import Pairs, scores_of
from matchmaker.errors import Refusal

Pair = tuple[str, str]
Weights = tuple[int, ...]
MOST_WEIGHT = 1000


@dataclass(frozen=True)
class Trial:
    """One weight moved by ``percent``, and whether the pair holds."""

    feature: str
    percent: int
    holds: bool


@dataclass(frozen=True)
class Break:
    """One weight moved by ``change`` to ``weight``: the pair goes."""

    feature: str
    change: int
    weight: int


@dataclass(frozen=True)
class Sureness:
    """``holds``: the pair survives every trial. ``nearest``: the breaks at the smallest distance,
    none within ``reach`` (feature → how far was looked at) when empty."""

    person_id: str
    role_id: str
    holds: bool
    trials: tuple[Trial, ...]
    nearest: tuple[Break, ...]
    reach: dict[str, int]


def sure(outcome: Outcome, pairs: Iterable[Pair] | None = None) -> tuple[Sureness, ...]:
    """How sure each of ``pairs`` is (default: every proposal), in the order of ids.

    Raises Refusal ``not_proposed`` (person, role) for a pair the round does not have.
    """
    proposed = {outcome.pair_ids(int(pair)) for pair in outcome.solution.pairs}
    wanted = sorted(proposed if pairs is None else set(pairs))
    for person, role in wanted:
        outcome.positions(person, role)
        if (person, role) not in proposed:
            raise Refusal("not_proposed", person=person, role=role)
    other = Reweighed(outcome)
    keys = [other.key(pair) for pair in wanted]
    breaks = _nearest(other, keys)
    trials = [(name, percent, other.keys(weights)) for name, percent, weights in other.quarters()]
    return tuple(
        _sureness(other, pair, key, trials, breaks.get(key, ()))
        for pair, key in zip(wanted, keys, strict=True)
    )


def _sureness(
    other: Reweighed,
    pair: Pair,
    key: int,
    trials: list[tuple[str, int, frozenset[int]]],
    nearest: tuple[Break, ...],
) -> Sureness:
    shown = tuple(Trial(name, percent, key in held) for name, percent, held in trials)
    return Sureness(*pair, all(each.holds for each in shown), shown, nearest, other.reach)


def _nearest(other: Reweighed, keys: list[int]) -> dict[int, tuple[Break, ...]]:
    """The first breaks of each pair, going outwards; stops when every pair has some."""
    found: dict[int, tuple[Break, ...]] = {}
    for distance in range(1, max(other.reach.values(), default=0) + 1):
        here = [(each, other.keys(weights)) for each, weights in other.moved(distance)]
        for key in keys:
            broken = tuple(each for each, held in here if key not in held)
            if broken and key not in found:
                found[key] = broken
        if len(found) == len(keys):
            break
    return found


@dataclass
class Reweighed:
    """The round under other weights; each is solved once."""

    outcome: Outcome
    solved: dict[Weights, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def weights(self) -> dict[str, int]:
        """The weights in force that may be moved."""
        policy = self.outcome.snapshot.policy
        counted = policy.counted_weights
        skipped = {"continuity"} if policy.continuity == "neutral" else set()
        return {name: counted[name] for name in FEATURES if name not in skipped}

    @cached_property
    def reach(self) -> dict[str, int]:
        """How far each weight is moved in search of a break: a quarter, rounded up, at least 1."""
        return {name: max(-(-weight // 4), 1) for name, weight in self.weights.items()}

    def quarters(self) -> Iterator[tuple[str, int, Weights]]:
        """(feature, percent, weights) with one weight a quarter more or less."""
        for name, weight in self.weights.items():
            for percent in (-25, 25) if weight else ():
                four = {each: 4 * value for each, value in self.weights.items()}
                four[name] += weight * percent // 25
                yield name, percent, _vector(four)

    def moved(self, distance: int) -> Iterator[tuple[Break, Weights]]:
        """One weight moved by ``distance``, where that stays within its reach and the limits."""
        for name, weight in self.weights.items():
            for change in (-distance, distance) if distance <= self.reach[name] else ():
                weights = self.weights | {name: weight + change}
                if 0 <= weight + change <= MOST_WEIGHT and any(weights.values()):
                    yield Break(name, change, weight + change), _vector(weights)

    def key(self, pair: Pair) -> int:
        """The number of a pair that stays the same whichever pairs are allowed."""
        person, role = self.outcome.positions(*pair)
        return person * len(self.outcome.problem.role_need) + role

    def keys(self, weights: Weights) -> frozenset[int]:
        """The keys of the pairs in the best staffing under ``weights``."""
        if weights not in self.solved:
            self.solved[weights] = self._solve(weights)
        return self.solved[weights]

    def _solve(self, weights: Weights) -> frozenset[int]:
        full, pinned = self._full
        named = dict(zip(FEATURES, weights, strict=True))
        score = scores_of(self._stack, named)
        keep = (score >= self.outcome.snapshot.policy.floor) | (pinned & (score > 0))
        problem = _kept(full, np.maximum(score, 1), keep, pinned)
        chosen = again(self.outcome, problem).solution.pairs
        width = len(problem.role_need)
        found = problem.pair_person[chosen] * width + problem.pair_role[chosen]
        return frozenset(found.tolist())

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        person, role = candidates(self.outcome.snapshot)
        keep = allowed(self.outcome.snapshot, person, role)
        return person[keep], role[keep]

    @cached_property
    def _stack(self) -> Ints:
        return feature_stack(self.outcome.snapshot, *self._pairs)

    @cached_property
    def _full(self) -> tuple[Problem, Bools]:
        """The problem of every pair the rules allow, and which of them are pinned."""
        pairs = Pairs(*self._pairs, np.ones(len(self._pairs[0]), dtype=np.int64))
        problem = pose(self.outcome.snapshot, pairs)
        pinned = np.zeros(len(problem.pair_role), dtype=bool)
        pinned[problem.pins] = True
        return problem, pinned


def _vector(weights: dict[str, int]) -> Weights:
    return tuple(weights.get(name, 0) for name in FEATURES)


def _kept(full: Problem, score: Ints, keep: Bools, pinned: Bools) -> Problem:
    kept = bools(keep | pinned)
    return replace(
        full,
        pair_person=full.pair_person[kept],
        pair_role=full.pair_role[kept],
        pair_score=score[kept],
        pair_hash=full.pair_hash[kept],
        pins=ints(np.flatnonzero(pinned[kept])),
    )
