"""One ascent of the levels: what is chosen so far, what is proven, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from matchmaker.engine.core import Optimum
from matchmaker.engine.levels import (
    CLASSES,
    Level,
    count_levels,
    favoured_levels,
    score_level,
    staffed_needs,
    worst_fit,
)
from matchmaker.engine.linear.highs import (
    Answer,
    Relaxed,
    Space,
    counts,
    decide,
    relax,
    search,
    whole,
)
from matchmaker.engine.linear.model import all_optional, build, live_pairs
from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels, no_pairs
from matchmaker.engine.teams.choice import Choice, choice
from matchmaker.engine.teams.hall import Hall, Shortage
from matchmaker.engine.teams.seating import seat
from matchmaker.engine.teams.staffing import master

_FEW = 2_000  # open variables up to which everything is searched at once
_NARROW = 1e-4  # of the bound: what a variable may lose to be searched at first
_MOST_WEIGHT = 100_000  # counting levels are maximised together while their weights stay below


@dataclass
class Climb:
    """``space`` narrows with every level won; ``values`` always satisfies all of it."""

    problem: Problem
    levels: Levels
    forbid: Ints
    staff: Ints
    time_limit: float | None = None
    known: Optimum | None = None
    bounds: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    values: Floats | None = None
    space: Space = field(init=False)
    live: Bools = field(init=False)
    loss: Ints = field(init=False)
    shortages: list[Shortage] = field(default_factory=list)
    nearly: Bools | None = None  # a good set of needs, not all of which can be staffed

    def begin(self, fit: int = 0) -> bool:
        """Build the model; False if a pin or a need to be staffed has no usable pair."""
        with self._timed("model"):
            self.live = live_pairs(self.problem, self.forbid, fit)
            needs = np.unique(self.problem.pair_need[self.live])
            if not (self.live[self.problem.pins].all() and np.isin(self.staff, needs).all()):
                return False
            model = build(self.problem, self.live, self.levels, fit)
            low = model.low.copy()
            low[len(model.pairs) + np.searchsorted(needs, self.staff)] = 1.0
            pinned = np.unique(self.problem.pair_need[self.problem.pins])
            low[len(model.pairs) + np.searchsorted(needs, pinned)] = 1.0
            self.space = Space(model, low, model.high)
            self.loss = np.zeros(len(model.pairs), dtype=np.int64)
        return True

    @property
    def given(self) -> tuple[Ints, Ints, float | None]:
        """What was asked: pairs that may not be chosen, needs to be staffed, seconds."""
        return self.forbid, self.staff, self.time_limit

    @property
    def objective(self) -> list[str]:
        """The names of all levels that are maximised, in order."""
        levels = self.levels
        names = ["guarantees_met"] if self.problem.guarantees else []
        names += ["groups_served"] if levels.groups else []
        if levels.needs:
            names += [name for name, _ in CLASSES] if levels.urgency else ["needs_staffed"]
        names += ["reserved_seats"] if self.problem.reserves else []
        names += ["new_employers"] if levels.new_employers else []
        names += ["worst_fit"] if levels.worst_fit else []
        return [*names, "total_score", *(["tie_waiting"] if levels.waiting else []), "tie_hash"]

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
            batches = _batches(count_levels(self.problem, self.space.model, self.levels)) or [[]]
            if self.space.cuts is not None:  # a level was won before: only the whole model knows it
                return self._count_by_search(batches, floor)
            everything = staffed_needs(self.problem, np.flatnonzero(self.live))
            most = self.problem.max_needs
            if (most is None or everything.sum() <= most) and self._seat(everything):
                return self._count_all(batches, floor)
            return self._count_by_cuts(batches, floor)

    def choice(self, rounds: int | None = None, gap: float = 0.0) -> Choice | None:
        """The sets of needs that are best in the counting levels, as far as hours do not matter;
        None where time is up, or nothing satisfies the constraints. ``rounds`` of cuts for each
        question, and the ``gap`` at which the total is good enough."""
        batches = _batches(count_levels(self.problem, self.space.model, self.levels))
        chosen = master(Hall(self.problem, self.live), self.space, self.time_limit)
        chosen.rounds, self.shortages = rounds, chosen.shortages
        for together in batches:
            vector = _weights(together) @ self._stack(together)
            answer = chosen.best(vector)
            if answer.values is None or not answer.finished:
                self.nearly = None if answer.values is None else chosen.staffed(answer.values)
                return None
            chosen.win(vector, round(float(vector[chosen.columns] @ answer.values)))
        chosen.gap = gap
        return choice(chosen, np.flatnonzero(self.live))

    def _count_all(self, batches: list[list[Level]], floor: dict[str, int] | None) -> bool:
        """All live needs are staffed: every level counts all there is."""
        for level in (level for together in batches for level in together):
            if floor and self._value(level.vector) != floor[level.name]:
                if self._value(level.vector) < floor[level.name]:
                    return False
                floor = None
            self._keep(level, self._value(level.vector))
        if self.levels.needs:
            self.space = self._staffing(np.ones(len(self.space.model.needs)))
        return True

    def _count_by_cuts(self, batches: list[list[Level]], floor: dict[str, int] | None) -> bool:
        """Choose the needs by themselves, then seat people in them."""
        chosen = master(Hall(self.problem, self.live), self.space, self.time_limit)
        answers: list[Answer] = []
        for together in batches:
            vector = _weights(together) @ self._stack(together)
            answer = chosen.best(vector)
            if answer.impossible:
                return False
            if answer.values is None:
                break
            value = round(float(vector[chosen.columns] @ answer.values))
            if floor and not answers and value < _weighed(together, floor):
                return False
            chosen.win(vector, value)
            answers.append(answer)
        self.shortages = chosen.shortages
        for shortage in chosen.shortages:
            self.space = self.space.won(self._need_row(-shortage.seats), -shortage.people)
        staffed = staffed_needs(self.problem, chosen.pairs)
        if len(answers) < len(batches) or not self._seat(staffed):
            return self._count_by_search(batches, floor)
        for together, answer in zip(batches, answers, strict=True):
            self._keep_counts(together, _weights(together), answer.bound)
        return True

    def _staffing(self, staffed: Floats) -> Space:
        """``space`` with exactly these needs (of the model) staffed."""
        model = self.space.model
        low, high = self.space.low.copy(), self.space.high.copy()
        needs = slice(len(model.pairs), len(model.pairs) + len(model.needs))
        low[needs] = high[needs] = staffed
        return self.space.narrowed(low, high)

    def _seat(self, staffed: Bools) -> bool:
        """Seat people well in exactly the needs ``staffed`` (N,), weekly minutes too; False if
        that cannot be."""
        model, problem = self.space.model, self.problem
        usable = np.flatnonzero(self.live & staffed[problem.pair_need])
        seating = seat(problem, usable, self.known)
        self.loss = seating.loss[model.pairs]
        fills = seating.fills(staffed)
        loose = all_optional(problem)[staffed].any()
        if not fills and not loose and not len(problem.pins):
            return False
        values = np.zeros(len(model.low))
        values[np.searchsorted(model.pairs, seating.pairs)] = 1.0
        values[len(model.pairs) :][: len(model.needs)] = staffed[model.needs]
        values = counts(model, values)
        if not (fills and self.space.holds(values)):
            space = self._staffing(staffed[model.needs].astype(float))
            score = score_level(problem, model).vector
            found = self._among_likely(space, score)
            if found is None:
                return False
            values = found
        self.values = values
        return True

    def _among_likely(self, space: Space, vector: Floats) -> Floats | None:
        """A good answer in ``space`` from the pairs that lose little at the core's prices; from all
        pairs if these are too few."""
        model = space.model
        if len(model.pairs) > _FEW:
            high = space.high.copy()
            likely = (self.loss <= np.quantile(self.loss, 0.1)) | (
                model.low[: len(model.pairs)] > 0
            )
            high[: len(model.pairs)][~likely] = 0.0
            found = search(space.narrowed(space.low, high), vector, self.time_limit).values
            if found is not None:
                return found
        return search(space, vector, self.time_limit).values

    def _count_by_search(self, batches: list[list[Level]], floor: dict[str, int] | None) -> bool:
        """The counting levels over people and seats at once: when weekly minutes forbid what the
        flow of people allows."""
        for together in batches:
            weights = _weights(together)
            least = _weighed(together, floor) if floor else 0
            answer = self._search(weights @ self._stack(together), least)
            floor = None  # above it, later levels may well be lower
            if answer.impossible:
                return False
            self._keep_counts(together, weights, answer.bound)
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
        counted += favoured_levels(self.problem, trial.space.model, self.levels)
        for level in counted:
            trial.space = trial.space.won(level.vector, self.bounds[level.name])
        some = np.zeros(len(trial.space.low))  # where nobody is staffed, no fit is raised
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
            relaxed = relax(self.space, level.vector, self.values, self.loss)
            bound = level.most
            if relaxed is not None:
                bound = min(bound, int(np.floor(relaxed.bound + 1e-6)))
                self._improve(level.vector, whole(self.space, relaxed.values))
            if bound < floor:
                return False
            if self._value(level.vector) < bound:
                bound = min(bound, self._close(level.vector, relaxed, floor))
            value = self._value(level.vector)
            self._keep(level, max(bound, value))
            if relaxed is not None:
                self.space = decide(self.space, relaxed, value)
        return value >= floor

    def _close(self, vector: Floats, relaxed: Relaxed | None, floor: int) -> int:
        """Search for the best value; returns a bound. Where the relaxation says what each variable
        would lose, only those that lose little are asked first: an answer that loses less than any
        of the others is best of all."""
        if relaxed is None or self.space.free.sum() <= _FEW:
            return self._search(vector, floor).bound
        slack = max(relaxed.bound * _NARROW, 1.0)
        while True:
            known = max(self._value(vector), floor)
            least = max(known, int(relaxed.bound - slack))
            answer = search(decide(self.space, relaxed, least), vector, self.time_limit)
            self._improve(vector, answer.values)
            bound = least - 1 if answer.impossible else max(answer.bound, least - 1)
            if self._value(vector) >= least or least == known or not answer.finished:
                return bound
            slack *= 8

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

    def _need_row(self, seats: Ints) -> Floats:
        model = self.space.model
        row = np.zeros(len(model.low))
        row[len(model.pairs) :][: len(model.needs)] = seats[model.needs]
        return row

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


def _weighed(levels: list[Level], values: dict[str, int]) -> int:
    return int(_weights(levels) @ np.array([values[level.name] for level in levels], float))


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
