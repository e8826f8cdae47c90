"""The best seats where few sets of needs come into question and few people's hours bind.

Sets of needs come from a ``choice``, each with the most it could reach; its seats are asked of the
core only when nothing else could reach as much.

The core knows no weekly minutes. Where its answer asks too much of somebody, all answers are
divided into two kinds that leave this one out, and the core is asked about each: less seats for
that person, or shorter ones; else with one of the seats for sure, or without it. The most
promising question comes first; an answer that keeps to all hours and is not below what any open
question could still reach is the best of all (branch and bound, by the core's exact values).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

import numpy as np

from matchmaker.engine.core import Optimum
from matchmaker.engine.levels import measure, staffed_needs
from matchmaker.engine.linear.model import all_optional
from matchmaker.engine.linear.people_rows import over_hours
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels
from matchmaker.engine.teams.choice import Choice
from matchmaker.engine.teams.seating import Seating, plain, ranked, seat

_MOST = 60  # questions to the core, after which the whole model is quicker
BUSY = 3  # people whose hours bind at first


@dataclass(frozen=True)
class Best:
    """``pairs`` of the best answer. ``seating`` and ``found``: the question and the core's answers
    level by level, where nothing had to be divided."""

    pairs: Ints
    seating: Seating | None
    found: tuple[Optimum, ...]


@dataclass(frozen=True, order=True)
class Question:
    """Nothing that answers it is worth more than ``-less``. Without a ``seating`` the core has not
    been asked: it then stands for every set of needs that is not open yet. ``whole``: nothing had
    to be divided."""

    less: int
    number: int
    staffed: Bools = field(compare=False)
    seating: Seating | None = field(compare=False, default=None)
    whole: bool = field(compare=False, default=True)


@dataclass
class Branches:
    """Open questions, the one that could reach the highest total score first. ``choice``: where
    sets of needs come from; ``usable``: the pairs that may be chosen; ``lean``: see `seat`."""

    problem: Problem
    levels: Levels
    usable: Ints
    near: Optimum | None = None
    choice: Choice | None = None
    lean: bool = False
    asked: int = 0
    heap: list[Question] = field(default_factory=list)

    def best(self, roots: Sequence[tuple[Seating, Bools]] = ()) -> Best | None:
        """The best answer of all ``roots``, each with the needs (N,) it staffs, or for any set of
        the ``choice``; None if nothing is, or it would take too many questions."""
        if not (all(self._open(*root) for root in roots) if roots else self._choose()):
            return None
        best: Best | None = None
        reached: tuple[int, ...] = (-1,)
        while self.heap and -self.heap[0].less >= reached[0]:
            question = heappop(self.heap)
            if question.seating is None:
                if not self._seat(question.staffed):
                    return None
                continue
            seating, pairs = question.seating, question.seating.pairs
            found: tuple[Optimum, ...] = (seating.found,)
            busy = over_hours(self.problem, pairs)
            if not len(busy):
                seating, found = ranked(seating, waiting=self.levels.waiting)
                pairs = seating.seats(found[-1])
                busy = over_hours(self.problem, pairs)
                if (staffed_needs(self.problem, pairs) != question.staffed).any():
                    return None
                if (rank := self._rank(pairs)) <= reached:
                    continue
                if not len(busy):
                    best, reached = Best(pairs, seating if question.whole else None, found), rank
                    continue
            if len(busy) > BUSY or not self._divide(seating, question.staffed, pairs, int(busy[0])):
                return None
        return best

    def _choose(self) -> bool:
        """Put the next set of the choice with the others, if there is one; False if time is up."""
        if self.choice is None:
            return False
        if found := self.choice.next():
            bound, staffed = found
            heappush(self.heap, Question(-bound, self.asked, staffed))
        return not self.choice.unsure

    def _seat(self, staffed: Bools) -> bool:
        """Seat people in a set of the choice, and look for the next set; False if it has been
        enough, or the core's answer does not tell."""
        usable = self.usable[staffed[self.problem.pair_need[self.usable]]]
        seating = seat(self.problem, usable, self.near, lean=self.lean)
        self.near = plain(seating.found, len(self.problem.role_need))
        if self.choice and seating.fills(staffed):
            self.choice.learn(seating)
        return self.asked < _MOST and self._open(seating, staffed) and self._choose()

    def _divide(self, seating: Seating, staffed: Bools, pairs: Ints, person: int) -> bool:
        """Ask the two questions that leave out what ``pairs`` ask of ``person``; False if it has
        been enough, or the core's answer does not tell."""
        near = plain(seating.found, len(self.problem.role_need))
        return self.asked < _MOST and all(
            self._open(seat(problem, usable, near, lean=self.lean), staffed, whole=False)
            for problem, usable in _kinds(seating, pairs, person)
        )

    def _open(self, seating: Seating, staffed: Bools, *, whole: bool = True) -> bool:
        """Put a question with the others, unless nothing can answer it; False if the core's answer
        does not tell."""
        self.asked += 1
        if seating.fills(staffed):
            score = int(self.problem.pair_score[seating.pairs].sum())
            heappush(self.heap, Question(-score, self.asked, staffed, seating, whole))
            return True
        return not all_optional(self.problem)[staffed].any()

    def _rank(self, pairs: Ints) -> tuple[int, ...]:
        values = measure(self.problem, pairs, self.levels)
        waiting = values["tie_waiting"] if self.levels.waiting else 0
        return values["total_score"], waiting, values["tie_hash"]


def _kinds(seating: Seating, pairs: Ints, person: int) -> Iterator[tuple[Problem, Ints]]:
    """Two questions that share no answer and leave out none that keeps to the hours of ``person``;
    neither allows all that ``pairs`` give that person."""
    problem, usable = seating.problem, seating.usable
    offered = int(problem.person_minutes[person])
    mine = usable[problem.pair_person[usable] == person]
    held = pairs[problem.pair_person[pairs] == person]
    minutes = problem.pair_minutes
    others = int(np.sort(minutes[mine])[: len(held) - 1].sum())
    if minutes[held].max() > offered - others:
        capacity = problem.person_capacity.copy()
        capacity[person] = len(held) - 1
        yield replace(problem, person_capacity=capacity), usable
        long = mine[minutes[mine] > offered - others]
        yield problem, np.setdiff1d(usable, long)
        return
    loose = np.setdiff1d(held, problem.pins)
    if not len(loose):
        return  # the pins alone ask too much
    longest = loose[np.argmax(minutes[loose])]
    yield problem, np.setdiff1d(usable, longest)
    pins = np.union1d(problem.pins, longest)
    sure = pins[problem.pair_person[pins] == person]
    left = offered - int(minutes[sure].sum())
    long = np.setdiff1d(mine[minutes[mine] > left], sure)
    yield replace(problem, pins=pins), np.setdiff1d(usable, long)
