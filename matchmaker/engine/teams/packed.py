"""Rounds in which somebody's seats stand in each other's way: every level, best over whole bundles.

The relaxation of `packing` comes close. Where it staffs a part of a need, the question is divided:
with this need, and without (branch and bound). Where it staffs whole needs, what its bound leaves
open is short enough to be listed, and HiGHS searches the list: an answer that loses less than
anything left out would is best. Only the needs make the question divide; seats, hours and ties are
settled by the lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from time import perf_counter
from typing import Protocol

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.levels import (
    Level,
    count_levels,
    hash_level,
    measure,
    score_level,
    staffed_needs,
)
from matchmaker.engine.linear.highs import Space, decide, relax, search, whole
from matchmaker.engine.linear.model import Model, build, live_pairs
from matchmaker.engine.linear.people_rows import over_hours
from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels
from matchmaker.engine.teams.hall import Hall, Shortage
from matchmaker.engine.teams.packing import Listed, Packed, Packing
from matchmaker.engine.teams.seating import Seating, seat
from matchmaker.engine.teams.staffing import master

_MOST = 150_000  # pairs and bundles that are listed
_CLOSE = 2e-4  # of the bound
_SHORT = 1_500  # pairs and bundles
_FEW = 500  # open variables that are searched at once
_NODES = 60  # questions, after which the whole model is quicker
_LIKELY = 0.1  # of the pairs: those that lose least at the core's prices start
_NEAR = 4e-6  # of the value: how far the bound may be above it before a list is made
_SLACK = 1e-6  # of the bound: what a list reaches further down at first


@dataclass(frozen=True)
class Ascent:
    """``pairs``: the best staffing, by all levels. ``shortages``: of people, found on the way."""

    pairs: Ints
    shortages: list[Shortage]
    seconds: float


@dataclass(frozen=True, order=True)
class Question:
    """Nothing in ``space`` is worth more than ``-less``."""

    less: float
    number: int
    space: Space = field(compare=False)
    found: Packed = field(compare=False)


class Start(Protocol):
    """What a solved round that differs little leaves."""

    def joined(self, packing: Packing) -> None:
        """Let its columns join a question."""

    def crowds(self, hall: Hall) -> list[Shortage]:
        """Shortages of the roles that lacked people in it."""


def packed(
    problem: Problem,
    levels: Levels,
    forbid: Ints,
    staff: Ints,
    time_limit: float | None = None,
    start: Start | None = None,
) -> Ascent | None:
    """The best staffing of all levels that count needs, score or break ties; None where that takes
    too long this way, or nothing satisfies the constraints. ``start``: the answer is the same,
    sooner."""
    began, live = perf_counter(), live_pairs(problem, forbid)
    needs = np.unique(problem.pair_need[live])
    if not len(needs) or not live[problem.pins].all() or not np.isin(staff, needs).all():
        return None
    packer = Packer(problem, levels, live, staff, time_limit)
    for packing in packer.counted() if start is None else packer.counted_from(start):
        if (pairs := packer.best(packing)) is not None:
            return Ascent(pairs, packer.shortages, perf_counter() - began)
    return None


@dataclass
class Packer:
    problem: Problem
    levels: Levels
    live: Bools
    staff: Ints
    time_limit: float | None = None
    shortages: list[Shortage] = field(default_factory=list)

    def counted(self) -> Iterator[Packing]:
        """The question with the counting levels won: first as if everything could be staffed, then
        as if hours did not matter, then for certain. What is too much to ask has no answer."""
        problem = self.problem
        packing = Packing(problem, self._space())
        seating = self._seated(packing)
        open_, model = packing.space, packing.model
        everything = staffed_needs(problem, model.pairs)
        most = problem.max_needs
        if (most is None or everything.sum() <= most) and seating.fills(everything):
            low, first = open_.low.copy(), len(model.pairs)
            low[first : first + len(model.needs)] = 1.0
            packing.space = open_.narrowed(low, open_.high)
            yield packing
            packing.space = open_
        counted = count_levels(problem, model, self.levels)
        chosen = master(Hall(problem, self.live), open_, self.time_limit)
        reached = []
        for level in counted:
            answer = chosen.best(level.vector)
            if answer.values is None or not answer.finished:
                return
            chosen.win(level.vector, answer.bound)
            reached.append(answer.bound)
        self.shortages = chosen.shortages
        for shortage in chosen.shortages:
            open_ = open_.won(of_needs(model, -shortage.seats), -shortage.people)
        packing.space = open_
        for level, value in zip(counted, reached, strict=True):
            packing.space = packing.space.won(level.vector, value)
        yield packing
        packing.space = open_
        yield from self.settled(packing)

    def counted_from(self, start: Start) -> Iterator[Packing]:
        """The same, from what a round that differs little leaves."""
        space = self._space()
        self.shortages = start.crowds(Hall(self.problem, self.live))
        for shortage in self.shortages:
            space = space.won(of_needs(space.model, -shortage.seats), -shortage.people)
        packing = Packing(self.problem, space)
        start.joined(packing)
        yield from self.settled(packing)

    def settled(self, packing: Packing) -> Iterator[Packing]:
        """The question with the counting levels won over people and seats at once: first at their
        bounds, then at what a search finds to reach them."""
        space = packing.space
        counted = count_levels(self.problem, packing.model, self.levels)
        for found in (False, True):
            packing.space = space
            if all(self._won(packing, level, found=found) for level in counted):
                yield packing

    def _space(self) -> Space:
        """All that is possible."""
        problem = self.problem
        only = replace(self.levels, waiting=False)
        model = build(problem, self.live, only, torn=False)
        low, first = model.low.copy(), len(model.pairs)
        low[:first] = 0.0
        must = np.concatenate([self.staff, problem.pair_need[problem.pins]])
        low[first + np.searchsorted(model.needs, np.unique(must))] = 1.0
        space = Space(model, low, model.high)
        for pin in np.searchsorted(model.pairs, problem.pins).tolist():
            held = np.zeros(len(low))
            held[pin] = 1.0
            space = space.won(held, 1)
        return space

    def _seated(self, packing: Packing) -> Seating:
        """The core's seats for all that is possible; what loses little there joins."""
        problem, model = self.problem, packing.model
        seating = seat(problem, model.pairs)
        loss = seating.loss[model.pairs]
        packing.columns = loss <= np.quantile(loss, _LIKELY)
        packing.columns[np.searchsorted(model.pairs, seating.pairs)] = True
        packing.bundle(over_hours(problem, seating.pairs))
        return seating

    def _won(self, packing: Packing, level: Level, *, found: bool) -> bool:
        """Win a counting level at its bound; False where nothing fills all seats, or with ``found``
        where nothing is found to reach it."""
        relaxed = packing.relax(level.vector, whole=True)
        if relaxed is None or not relaxed.filled:
            return False
        bound = int(np.floor(relaxed.bound))
        if found:
            listed = packing.joined_so_far()
            vector = level.vector @ listed.makes
            answer = search(listed.space, vector, self.time_limit)
            if answer.values is None or round(float(vector @ answer.values)) < bound:
                return False
        packing.space = packing.space.won(level.vector, bound)
        return True

    def best(self, packing: Packing) -> Ints | None:
        """The best pairs in the space of ``packing``, ties broken; None if there are none, or after
        too many questions."""
        level = score_level(self.problem, packing.model)
        enough = max(0.5, _NEAR * self._about())
        heap: list[Question] = []
        best: Ints | None = None
        reached: tuple[int, ...] = (-1,)
        number = 0

        def ask(space: Space) -> None:
            nonlocal number
            number += 1
            packing.space = space
            found = packing.relax(level.vector, enough)
            if found is not None and found.filled and found.bound >= reached[0]:
                heappush(heap, Question(-found.bound, number, space, found))

        ask(packing.space)
        while heap and -heap[0].less >= reached[0]:
            question = heappop(heap)
            packing.space = question.space
            total = self._short(packing, question.found, level)
            if total is None and (need := _torn(packing.model, question.found)) is not None:
                if number > _NODES:
                    return None
                for staffed in (1.0, 0.0):
                    low, high = question.space.low.copy(), question.space.high.copy()
                    low[need] = high[need] = staffed
                    ask(question.space.narrowed(low, high))
                continue
            if total is None:
                total = self._listed(packing, question.found, level, reached[0])
            if total is None:
                return None
            if total < reached[0]:
                continue
            first = self._tied(packing, question.found, total)
            if first is None:
                return None
            if (rank := self._rank(first)) > reached:
                best, reached = first, rank
        return best

    def _about(self) -> float:
        """About what all seats are worth together."""
        return 5_000.0 * float(self.problem.role_seats.sum())

    def _short(self, packing: Packing, found: Packed, level: Level) -> int | None:
        """The best total of one question where it lies close to the bound; else None."""
        assert found.values is not None
        values = whole(packing.space, found.values)
        if values is not None and (total := round(float(level.vector @ values))) == int(
            found.bound
        ):
            return total
        slack = max(8.0, _CLOSE * found.bound)
        listed = packing.listed(found, slack, _SHORT)
        if listed is None:
            return None
        answer = search(listed.space, vector := level.vector @ listed.makes, self.time_limit)
        if (
            answer.values is None
            or (total := round(float(vector @ answer.values))) < found.bound - slack
        ):
            return None
        return total

    def _listed(self, packing: Packing, found: Packed, level: Level, least: int) -> int | None:
        """The best total of one question, or something below ``least``; None if the list is too
        long."""
        assert found.value is not None
        slack = found.bound - found.value + max(8.0, _SLACK * found.bound)
        while True:
            listed = packing.listed(found, slack, _MOST)
            if listed is None:
                return None
            vector = level.vector @ listed.makes
            answer = search(listed.space, vector, self.time_limit)
            if not answer.finished:
                return None
            total = -1 if answer.values is None else round(float(vector @ answer.values))
            if answer.values is not None and total >= found.bound - slack:
                return total
            if found.bound - slack < max(least, 0):
                return -1
            slack *= 4

    def _tied(self, packing: Packing, found: Packed, total: int) -> Ints | None:
        """Of all answers to one question with that ``total``, the first by the tie rule."""
        problem, model = self.problem, packing.model
        listed = packing.listed(found, found.bound - total, _MOST)
        if listed is None:
            return None
        space = listed.space.won(score_level(problem, model).vector @ listed.makes, total)
        ties = [self._waiting(model, listed)] if self.levels.waiting else []
        values: Floats | None = None
        for vector in [*ties, hash_level(problem, model).vector @ listed.makes]:
            if (values := self._best_of(space, vector)) is None:
                return None
            space = space.won(vector, round(float(vector @ values)))
        return None if values is None else _chosen(packing, listed, values)

    def _waiting(self, model: Model, listed: Listed) -> Floats:
        """Days waited by the people and groups of each variable, each counted once."""
        problem, vector = self.problem, np.zeros(len(model.low))
        groups = np.flatnonzero(model.count.group >= 0)
        np.add.at(vector, model.count.group[groups], problem.group_wait[groups])
        days = np.asarray(vector @ listed.makes)
        days[: len(listed.person)] += problem.person_wait[listed.person]
        return days

    def _best_of(self, space: Space, vector: Floats) -> Floats | None:
        """The best whole answer, searched first among variables that lose little."""
        if space.free.sum() <= _FEW:
            answer = search(space, vector, self.time_limit)
            return answer.values if answer.finished else None
        relaxed = relax(space, vector)
        if relaxed is None:
            return None
        slack = max(relaxed.bound * 1e-4, 1.0)
        while True:
            least = max(int(relaxed.bound - slack), 0)
            answer = search(decide(space, relaxed, least), vector, self.time_limit)
            if not answer.finished:
                return None
            if answer.values is not None and vector @ answer.values >= least:
                return answer.values
            if least == 0:
                return None
            slack *= 8

    def _rank(self, pairs: Ints) -> tuple[int, ...]:
        values = measure(self.problem, pairs, self.levels)
        waiting = values["tie_waiting"] if self.levels.waiting else 0
        return values["total_score"], waiting, values["tie_hash"]


def _torn(model: Model, found: Packed) -> int | None:
    """The variable of the need of which a fractional answer staffs most nearly one half."""
    assert found.values is not None
    first = len(model.pairs)
    needs = found.values[first : first + len(model.needs)]
    apart = np.abs(needs - np.rint(needs))
    return first + int(np.argmax(apart)) if apart.max(initial=0.0) > 1e-6 else None


def of_needs(model: Model, values: Ints) -> Floats:
    vector = np.zeros(len(model.low))
    vector[len(model.pairs) :][: len(model.needs)] = values[model.needs]
    return vector


def _chosen(packing: Packing, listed: Listed, values: Floats) -> Ints:
    taken = (listed.makes @ values)[: len(packing.model.pairs)]
    return ints(packing.model.pairs[taken > 0.5])
