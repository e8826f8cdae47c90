"""A round under other weights, solved as often as they are asked for.

Scores are made anew for all pairs at once. The seats are then reached by exchanges from the best
ones known under some weights, for every set of needs that comes into question; where that is not so
simple, the whole round is solved again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import heappop, heappush
from math import gcd

import numpy as np

from matchmaker.engine.answers.again import again
from matchmaker.engine.answers.network import DAYS, SCORE, Network
from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.features import feature_stack
from matchmaker.engine.levels import measure, staffed_needs
from matchmaker.engine.linear.model import live_pairs
from matchmaker.engine.linear.people_rows import over_hours
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.rules import allowed, candidates
from matchmaker.engine.scores import Pairs, scores_of
from matchmaker.engine.teams.contested import Contest
from matchmaker.engine.teams.seating import Seating, seat, twice_in

Weights = tuple[int, ...]
MOST_WEIGHT = 1000
_SETS = 6
_QUESTIONS = 40  # after which a whole new solve is quicker


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
        if self._network is None:
            return None
        live = live_pairs(full, np.flatnonzero(~keep))
        best: Ints | None = None
        for staffed in self._sets(live, score) or ():
            known = self._usable(staffed, live)
            start = max(known, key=lambda each: score[each].sum())
            here = live & staffed[full.pair_need]
            pairs = self._within_hours(score, here, start, staffed)
            if pairs is None:
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

    def _best(self, value: Ints, open_: Bools, start: Ints, room: Ints) -> Ints | None:
        """The same; a knot more wherever somebody would sit twice in a need."""
        while self._network:
            pairs = self._network.best(value, open_, start, room)
            twice = self._full[0].pins[:0] if pairs is None else twice_in(self._full[0], pairs)
            if not len(twice):
                return pairs
            network = self._network
            self._network = Network.of(self._full[0], self._days, np.union1d(network.knot, twice))
        return None

    def _within_hours(self, score: Ints, open_: Bools, start: Ints, staffed: Bools) -> Ints | None:
        """The best seats for the needs ``staffed`` that keep to everybody's hours; None where that
        takes many questions. Whoever has too much does without one of the seats held: each is
        tried, and the most promising answer comes first."""
        full, value = self._full[0], (score << SCORE) + self._full[0].pair_hash
        heap: list[tuple[tuple[int, ...], int, _Asked, Ints]] = []
        waiting = [_Asked(open_, full.person_capacity, start)]
        number = 0
        while waiting or heap:
            for asked in waiting:
                pairs = self._best(value, asked.open_, asked.start, asked.room)
                number += 1
                if pairs is None or number > _QUESTIONS:
                    return None
                if not self._fills(pairs, staffed):
                    if number == 1 or not self._short(pairs, staffed):
                        return None
                    continue
                rank = tuple(-level for level in self._rank(pairs, score))
                heappush(heap, (rank, number, asked, pairs))
            if not heap:
                return None
            _, _, asked, pairs = heappop(heap)
            busy = over_hours(full, pairs)
            if not len(busy):
                return pairs
            waiting = _divided(full, asked, pairs, int(busy[0]))
        return None

    def _fills(self, pairs: Ints, staffed: Bools) -> bool:
        """Whether ``pairs`` hold all pins and fill every essential seat of the needs ``staffed``,
        and of others none."""
        full, _ = self._full
        return bool(
            not self._short(pairs, staffed)
            and (staffed_needs(full, pairs) == staffed).all()
            and np.isin(full.pins, pairs).all()
        )

    def _short(self, pairs: Ints, staffed: Bools) -> bool:
        full, _ = self._full
        filled = np.bincount(full.pair_role[pairs], minlength=len(full.role_need))
        must = full.role_essential & staffed[full.role_need]
        return bool((filled < full.role_seats)[must].any())

    def _rank(self, pairs: Ints, score: Ints) -> tuple[int, ...]:
        full, _ = self._full
        values = measure(full, pairs, self.outcome.snapshot.policy.levels)
        waiting = values["tie_waiting"] if self.outcome.snapshot.policy.levels.waiting else 0
        return int(score[pairs].sum()), waiting, values["tie_hash"]

    @cached_property
    def _days(self) -> Ints:
        """(P,) the days waited that count."""
        full = self._full[0]
        waiting = self.outcome.snapshot.policy.levels.waiting
        return full.person_wait if waiting else np.zeros_like(full.person_wait)

    @cached_property
    def _network(self) -> Network | None:
        """The pairs as exchanges see them; None where the levels are more than they know."""
        levels = self.outcome.snapshot.policy.levels
        simple = levels.needs and not (levels.worst_fit or levels.new_employers)
        if not simple or self._days.max(initial=0) >= 1 << DAYS:
            return None
        return Network.of(self._full[0], self._days, self._full[0].pins[:0])

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


@dataclass(frozen=True)
class _Asked:
    """Pairs that are ``open_`` (K,), the ``room`` of people (P,), and seats to start from."""

    open_: Bools
    room: Ints
    start: Ints


def _divided(full: Problem, asked: _Asked, pairs: Ints, person: int) -> list[_Asked]:
    """Questions that together leave out no seats that keep to the hours of ``person``; none allows
    all that ``pairs`` give that person."""
    minutes, mine = full.pair_minutes, full.pair_person == person
    held = pairs[mine[pairs]]
    others = int(np.sort(minutes[mine & asked.open_])[: len(held) - 1].sum())
    most = int(full.person_minutes[person]) - others
    if minutes[held].max() <= most:
        each = [np.arange(len(mine)) != pair for pair in held.tolist()]
        return [replace(asked, open_=asked.open_ & e, start=pairs[e[pairs]]) for e in each]
    room = asked.room.copy()
    room[person] = len(held) - 1
    short = ~mine | (minutes <= most)
    return [
        _Asked(asked.open_, room, pairs[pairs != held[0]]),
        _Asked(asked.open_ & short, asked.room, pairs[short[pairs]]),
    ]


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
