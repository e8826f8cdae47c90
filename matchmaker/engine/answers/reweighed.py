"""A round under other weights, solved as often as they are asked for.

Scores are made anew for all pairs at once. The seats are then reached by exchanges from the best
ones known under some weights, for every set of needs that comes into question; where that is not so
simple, the whole round is solved again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import gcd

import numpy as np

from matchmaker.engine.answers.again import again
from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.contested import Contest
from matchmaker.engine.core.exchange import Ends, exchanged
from matchmaker.engine.features import feature_stack
from matchmaker.engine.levels import measure, staffed_needs
from matchmaker.engine.model import all_optional, live_pairs
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.people_rows import over_hours, seats_possible
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.rules import allowed, candidates
from matchmaker.engine.scores import Pairs, scores_of
from matchmaker.engine.seating import Seating, seat, twice_in

Weights = tuple[int, ...]
MOST_WEIGHT = 1000
_SETS = 6
_WAIT, _DAYS, _SCORE = 26, 15, 42  # bits: sums of 30 hashes stay below a day, of days below a point


@dataclass(frozen=True)
class Break:
    """One weight moved by ``change`` to ``weight``: the pair goes."""

    feature: str
    change: int
    weight: int


@dataclass
class Reweighed:
    """The round under other weights; each is solved once."""

    outcome: Outcome
    solved: dict[Weights, frozenset[int]] = field(default_factory=dict)
    _found: dict[bytes, list[Bools]] = field(default_factory=dict)

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

    def key(self, pair: tuple[str, str]) -> int:
        """The number of a pair that stays the same whichever pairs are allowed."""
        person, role = self.outcome.positions(*pair)
        return person * len(self.outcome.problem.role_need) + role

    def keys(self, weights: Weights) -> frozenset[int]:
        """The keys of the pairs in the best staffing under ``weights``."""
        common = gcd(*weights)
        least = tuple(weight // common for weight in weights)
        if least not in self.solved:
            self.solved[least] = self._solve(least)
        return self.solved[least]

    def _solve(self, weights: Weights) -> frozenset[int]:
        full, pinned = self._full
        named = dict(zip(FEATURES, weights, strict=True))
        score = scores_of(self._stack, named)
        keep = (score >= self.outcome.snapshot.policy.floor) | pinned
        score = np.maximum(score, 1)
        chosen = self._exchanged(score, keep)
        if chosen is None:
            problem = _kept(full, score, keep, pinned)
            chosen = np.flatnonzero(keep)[again(self.outcome, problem).solution.pairs]
        return frozenset(self._keys[chosen].tolist())

    def _exchanged(self, score: Ints, keep: Bools) -> Ints | None:
        """The best seats, reached by exchanges from those known; None where it is not so simple."""
        full, _ = self._full
        if self._ends is None:
            return None
        live = live_pairs(full, np.flatnonzero(~keep))
        best: Ints | None = None
        for staffed in self._sets(live, score) or ():
            known = self._usable(staffed, live)
            taken = np.zeros(len(live), dtype=bool)
            taken[max(known, key=lambda each: score[each].sum())] = True
            here = live & staffed[full.pair_need]
            found = exchanged(self._ends, (score << _SCORE) + self._ties, here, taken)
            if found is None or not self._holds(pairs := np.flatnonzero(found)):
                return None
            self._known[staffed.tobytes()].append(pairs)
            if best is None or self._rank(pairs, score) > self._rank(best, score):
                best = pairs
        return best

    def _usable(self, staffed: Bools, live: Bools) -> list[Ints]:
        """The seats known for a set of needs that may still be chosen."""
        return [each for each in self._known.get(staffed.tobytes(), ()) if live[each].all()]

    def _sets(self, live: Bools, score: Ints) -> list[Bools] | None:
        """The sets of needs that are best in the counting levels; seats are known for each."""
        full, _ = self._full
        usable = np.flatnonzero(live)
        everything = staffed_needs(full, usable)
        limit = full.max_needs
        if limit is not None and everything.sum() > limit:
            return None
        if self._usable(everything, live):
            return [everything]
        if (key := live.tobytes()) not in self._found:
            problem, must = replace(full, pair_score=score), np.zeros_like(everything)
            must[full.pair_need[full.pins]] = True
            seating = seat(problem, usable, lean=True)
            roots: list[tuple[Seating, Bools]] | None = [(seating, everything)]
            if not seating.fills(everything):
                levels = self.outcome.snapshot.policy.levels
                contest = Contest(problem, levels, usable, everything, must)
                roots = contest.best(seating, _SETS, every=True)
            for each, staffed in roots or ():
                self._known.setdefault(staffed.tobytes(), []).append(each.pairs)
            self._found[key] = [staffed for _, staffed in roots or ()]
        return self._found[key]

    def _holds(self, pairs: Ints) -> bool:
        """Whether seats keep to what exchanges do not see."""
        full, _ = self._full
        torn = len(over_hours(full, pairs)) or len(twice_in(full, pairs))
        return not torn and bool(np.isin(full.pins, pairs).all())

    def _rank(self, pairs: Ints, score: Ints) -> tuple[int, ...]:
        full, _ = self._full
        values = measure(full, pairs, self.outcome.snapshot.policy.levels)
        waiting = values["tie_waiting"] if self.outcome.snapshot.policy.levels.waiting else 0
        return int(score[pairs].sum()), waiting, values["tie_hash"]

    @cached_property
    def _ends(self) -> Ends | None:
        """The pairs as exchanges see them; None where levels, needs of optional roles alone, or
        people whose days might count twice are more than they know."""
        full, _ = self._full
        levels, people = self.outcome.snapshot.policy.levels, full.person_wait
        room = seats_possible(full, np.arange(len(full.pair_role)))
        twice = (room > 1) & (people > 0) if levels.waiting else np.zeros_like(room, dtype=bool)
        simple = levels.needs and not (levels.worst_fit or levels.new_employers)
        loose = all_optional(full)[full.role_need].any()
        if not simple or loose or twice.any() or people.max(initial=0) >= 1 << _DAYS:
            return None
        ends = full.pair_person, full.pair_role, room, full.role_seats
        return Ends.of(*ends, full.role_essential)

    @cached_property
    def _ties(self) -> Ints:
        full, _ = self._full
        days = (
            full.person_wait
            if self.outcome.snapshot.policy.levels.waiting
            else 0 * full.person_wait
        )
        return (days[full.pair_person] << _WAIT) + full.pair_hash

    @cached_property
    def _keys(self) -> Ints:
        full, _ = self._full
        return full.pair_person * len(full.role_need) + full.pair_role

    @cached_property
    def _known(self) -> dict[bytes, list[Ints]]:
        """Set of needs → seats that are its best under some weights, the round's own first."""
        problem, chosen = self.outcome.problem, self.outcome.solution.pairs
        width = len(problem.role_need)
        keys = problem.pair_person[chosen] * width + problem.pair_role[chosen]
        own = np.flatnonzero(np.isin(self._keys, keys))
        return {self.outcome.solution.staffed.tobytes(): [own]}

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
