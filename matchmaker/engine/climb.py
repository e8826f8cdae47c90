"""One ascent of the levels: what is chosen so far, what is proven, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from matchmaker.engine.highs import Answer, Space, decide, relax, search, whole
from matchmaker.engine.levels import Level, count_levels, worst_fit
from matchmaker.engine.model import Floats, build, live_pairs
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.solution import Levels, no_pairs

_MOST_WEIGHT = 100_000  # counting levels are maximised together while their weights stay below


@dataclass
class Climb:
    """``space`` narrows with every level won; ``values`` always satisfies all of it."""

    problem: Problem
    levels: Levels
    forbid: Ints
    staff: Ints
    time_limit: float | None = None
    bounds: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    values: Floats | None = None
    space: Space = field(init=False)

    def begin(self, fit: int = 0) -> bool:
        """Build the model; False if a pin or a need to be staffed has no usable pair."""
        with self._timed("model"):
            live = live_pairs(self.problem, self.forbid, fit)
            needs = np.unique(self.problem.pair_need[live])
            if not (live[self.problem.pins].all() and np.isin(self.staff, needs).all()):
                return False
            model = build(self.problem, live, fit)
            low = model.low.copy()
            low[len(model.pairs) + np.searchsorted(needs, self.staff)] = 1.0
            self.space = Space(model, low, model.high)
        return True

    @property
    def pairs(self) -> Ints:
        """Indices of the pairs chosen so far, ascending."""
        if self.values is None:
            return no_pairs()
        model = self.space.model
        return model.pairs[self.values[: len(model.pairs)] > 0.5]

    def count(self, floor: dict[str, int] | None = None) -> bool:
        """Win the counting levels; False if nothing satisfies the constraints, or nothing that
        counts as much as the levels in ``floor``."""
        with self._timed("counts"):
            levels = count_levels(self.problem, self.space.model, self.levels)
            for together in _batches(levels) or [[]]:
                weights = _weights(together)
                least = [floor[level.name] for level in together] if floor else []
                answer = self._search(
                    weights @ self._stack(together), int(weights @ np.array(least)) if least else 0
                )
                floor = None  # above it, later levels may well be lower
                if answer.impossible:
                    return False
                self._keep_counts(together, weights, answer.bound)
            self._all_staffed()
        return True

    def fit(self) -> None:
        """Win the worst-fit level: raise the floor under essential seats as far as it goes."""
        with self._timed("worst_fit"):
            scores = np.unique(self.problem.pair_score[self.space.model.pairs])
            reached = worst_fit(self.problem, self.pairs)
            scores, known = scores[scores > reached], True
            low, high = 0, len(scores)
            while low < high:
                middle = (low + high) // 2
                answer = self._with_floor(int(scores[middle]))
                known = known and (answer.impossible or answer.values is not None)
                low, high = (middle + 1, high) if answer.values is not None else (low, middle)
            reached = worst_fit(self.problem, self.pairs)
            self.bounds["worst_fit"] = reached if known else 10_000
            self._with_floor(reached)  # also when the first staffing was already the best

    def _with_floor(self, floor: int) -> Answer:
        """Whether the levels won so far hold with this floor; if so, take it over."""
        trial = replace(self, bounds={}, seconds={}, values=None)
        if not trial.begin(floor):
            return Answer(None, 0, impossible=True)
        counted = count_levels(self.problem, trial.space.model, self.levels)
        for level in counted:
            trial.space = trial.space.won(level.vector, self.bounds[level.name])
        if not counted:
            some = np.zeros(len(trial.space.low))
            some[len(trial.space.model.pairs) :][: len(trial.space.model.needs)] = 1.0
            trial.space = trial.space.won(some, 1)
        answer = trial._search(np.zeros(len(trial.space.low)))
        if answer.values is not None:
            self.space, self.values = trial.space, trial.values
        return answer

    def win(self, level: Level, floor: int = 0) -> bool:
        """Maximise one level over what the levels before it leave open; False if it stays below
        ``floor``."""
        with self._timed(level.name):
            value = self._value(level.vector)
            if not self.space.free.any():
                self._keep(level, value)
                return value >= floor
            relaxed = relax(self.space, level.vector)
            bound = level.most
            if relaxed is not None:
                bound = min(bound, int(np.floor(relaxed.bound + 1e-6)))
                self._improve(level.vector, whole(self.space, relaxed.values))
            if bound < floor:
                return False
            if self._value(level.vector) < bound:
                answer = self._search(level.vector, floor)
                if answer.impossible:
                    return False
                bound = min(bound, answer.bound)
            value = self._value(level.vector)
            self._keep(level, max(bound, value))
            if relaxed is not None:
                self.space = decide(self.space, relaxed, value)
        return value >= floor

    def _search(self, vector: Floats, floor: int = 0) -> Answer:
        space = self.space.won(vector, floor) if floor else self.space
        answer = search(space, vector, self.time_limit)
        self._improve(vector, answer.values)
        return answer

    def _improve(self, vector: Floats, values: Floats | None) -> None:
        if values is None:
            return
        if self.values is None or vector @ values > vector @ self.values:
            self.values = values

    def _value(self, vector: Floats) -> int:
        return -1 if self.values is None else round(float(vector @ self.values))

    def _keep(self, level: Level, bound: int) -> None:
        value = max(self._value(level.vector), 0)
        self.bounds[level.name] = bound
        self.space = self.space.won(level.vector, value)

    def _keep_counts(self, levels: list[Level], weights: Floats, bound: int) -> None:
        """Split one bound on weighted levels into a bound for each: the digits of the best value
        are exact while it equals the bound; where they part, later levels have trivial bounds."""
        tight = True
        for level, weight in zip(levels, weights.astype(np.int64).tolist(), strict=True):
            value = max(self._value(level.vector), 0)
            reach = min(bound // weight, level.most) if tight else level.most
            tight = tight and reach == value
            bound -= value * weight
            self._keep(level, reach)

    def _all_staffed(self) -> None:
        """When every live need is staffed, say so variable by variable: nothing couples needs."""
        model = self.space.model
        needs = slice(len(model.pairs), len(model.pairs) + len(model.needs))
        if self.values is not None and self.values[needs].all():
            low = self.space.low.copy()
            low[needs] = 1.0
            self.space = Space(model, low, self.space.high)

    def _stack(self, levels: list[Level]) -> Floats:
        vectors = np.array([level.vector for level in levels])
        return vectors.reshape(len(levels), len(self.space.low))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + perf_counter() - start


def _batches(levels: list[Level]) -> list[list[Level]]:
    """Consecutive levels whose weights stay small enough to be maximised in one search."""
    batches: list[list[Level]] = []
    size = 1
    for level in levels:
        size *= level.most + 1
        if not batches or size > _MOST_WEIGHT:
            batches.append([])
            size = level.most + 1
        batches[-1].append(level)
    return batches


def _weights(levels: list[Level]) -> Floats:
    """Weights that put each level before all later ones together; the last has weight 1."""
    sizes = [level.most + 1.0 for level in levels[1:]]
    weights = np.cumprod(np.array([1.0, *sizes[::-1]]))[::-1]
    return weights[: len(levels)]
