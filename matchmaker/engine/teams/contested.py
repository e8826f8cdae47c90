"""Which sets of needs come into question where few needs compete: all of them, counted at once.

Where not every seat can be filled, the core's answer shows why: from an open seat one reaches the
people who could sit there, from these the seats they hold, and so on. Where these seats are more
than these people can take (Hall's theorem), that is so whichever needs are staffed. A need in no
such crowd is in nobody's way and staffed in every best set; of the few others every combination is
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import distinct
from matchmaker.engine.core import Optimum
from matchmaker.engine.levels import CLASSES
from matchmaker.engine.linear.model import all_optional
from matchmaker.engine.linear.people_rows import over_hours, seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels
from matchmaker.engine.teams.choice import best_teams
from matchmaker.engine.teams.hall import Shortage
from matchmaker.engine.teams.seating import Seating, plain, seat

_CONTESTED = 12  # needs, so that their combinations are few
_ROUNDS = 20


@dataclass
class Contest:
    """``usable``: the pairs that may be chosen; ``everything`` (N,): their needs; ``must`` (N,):
    needs that have to be staffed. ``shortages``: the crowds found so far."""

    problem: Problem
    levels: Levels
    usable: Ints
    everything: Bools
    must: Bools
    shortages: list[Shortage] = field(default_factory=list)

    def best(
        self, seating: Seating, most: int, *, every: bool = False
    ) -> list[tuple[Seating, Bools]] | None:
        """The sets of needs (N,) that are best in the counting levels, weekly hours aside, with
        their best seats; unless ``every`` one is asked for, without those that prices show to be
        worth less. ``seating``: the best seats of all that is usable. None where more than ``most``
        have to be seated or it is not so simple: then the whole model has to be asked."""
        if not self.simple:
            return None
        near = plain(seating.found, len(self.problem.role_need))
        failed = [(seating, self.everything)]
        for _ in range(_ROUNDS):
            known = len(self.shortages)
            for each, staffed in failed:
                self.learn(each.pairs, staffed)
            sets = self.sets() if len(self.shortages) > known else []
            if not sets:
                return None
            seated = self._seated(sets, near, most, lean=seating.lean, every=every)
            if seated is None:
                return None
            failed = [each for each in seated if not each[0].fills(each[1])]
            if not failed:
                return seated
        return None

    def _seated(
        self, sets: list[Bools], near: Optimum, most: int, *, lean: bool, every: bool
    ) -> list[tuple[Seating, Bools]] | None:
        """The best seats of each set that could be worth as much as one seated before it."""
        problem, need = self.problem, self.problem.pair_need[self.usable]
        could = [int(problem.pair_score.sum())] * len(sets)
        found: list[tuple[Seating, Bools]] = []
        reached = 0
        for at, staffed in enumerate(sets):
            if could[at] < reached and not every:
                continue
            if len(found) == most:
                return None
            each = seat(problem, self.usable[staffed[need]], near, lean=lean)
            found.append((each, staffed))
            if each.fills(staffed) and not len(over_hours(problem, each.pairs)):
                reached = max(reached, int(problem.pair_score[each.pairs].sum()))
            price = each.found.row_price[: len(problem.person_wait)]
            could = [min(pair) for pair in zip(could, self.worth(price, sets), strict=True)]
        return found

    def worth(self, price: Ints, sets: list[Bools]) -> list[int]:
        """The most that seats of each set of needs can be worth, by any ``price`` of people (P,)
        that is not below 0: what people cost, and what the best teams bring beyond that."""
        price = np.pad(price, (0, len(self.problem.person_wait) - len(price)))  # newcomers are free
        left = self.problem.pair_score[self.usable] - price[self.problem.pair_person[self.usable]]
        teams = best_teams(self.problem, self.usable, left)
        room = seats_possible(self.problem, self.usable)
        return [int(price @ room) + int(teams[each].sum()) for each in sets]

    @cached_property
    def room(self) -> Ints:
        """(P,) how many seats each person can hold beside pinned ones."""
        room = seats_possible(self.problem, self.usable)
        np.subtract.at(room, self.problem.pair_person[self.problem.pins], 1)
        return np.maximum(room, 0)

    @cached_property
    def seats(self) -> Ints:
        """(R,) the seats of each role that no pin fills."""
        seats = self.problem.role_seats.copy()
        np.subtract.at(seats, self.problem.pair_role[self.problem.pins], 1)
        return np.maximum(seats, 0)

    @cached_property
    def loose(self) -> Ints:
        """The usable pairs that pins leave open: a pinned person sits in that need already."""
        problem, here = self.problem, self.usable
        if not len(problem.pins):
            return here
        key = problem.pair_person * len(self.everything) + problem.pair_need
        return here[~np.isin(key[here], key[problem.pins])]

    @cached_property
    def simple(self) -> bool:
        """Whether every need staffed more is a gain, and the core knows what staffs it."""
        limit = self.problem.max_needs
        free = limit is None or int(self.everything.sum()) <= limit
        return free and self.levels.needs and not all_optional(self.problem)[self.everything].any()

    def learn(self, pairs: Ints, staffed: Bools) -> bool:
        """Name the crowds around seats of ``staffed`` needs that ``pairs`` leave open. Whether each
        of these seats is in one: if not, one may still be filled."""
        problem = self.problem
        filled = np.bincount(problem.pair_role[pairs], minlength=len(problem.role_need))
        pairs = np.setdiff1d(pairs, problem.pins) if len(problem.pins) else pairs
        must = problem.role_essential & staffed[problem.role_need]
        usable = self.loose[must[problem.pair_role[self.loose]]]
        seen, told = np.zeros(len(filled), dtype=bool), True
        for role in np.flatnonzero(must & (filled < problem.role_seats)).tolist():
            if not seen[role]:
                crowd = self._reached(usable, pairs, must, role)
                shortage = self._shortage(crowd)
                seen |= crowd
                told = told and shortage is not None
                self.shortages += [shortage] if shortage else []
        return told

    def _reached(self, usable: Ints, pairs: Ints, must: Bools, role: int) -> Bools:
        """(R,) the essential roles reached from an open one, by way of who could sit there."""
        problem = self.problem
        person, held = problem.pair_person[usable], problem.pair_role[usable]
        reached = np.zeros(len(must), dtype=bool)
        reached[role] = True
        size = 0
        while size < (size := int(reached.sum())):
            people = np.zeros(len(problem.person_wait), dtype=bool)
            people[person[reached[held]]] = True
            reached[problem.pair_role[pairs[people[problem.pair_person[pairs]]]]] = True
            reached &= must
        return reached

    def _shortage(self, crowd: Bools) -> Shortage | None:
        """What the roles of a crowd lack, if they lack anything."""
        problem, needs = self.problem, len(self.everything)
        here = self.loose[crowd[problem.pair_role[self.loose]]]
        entered = distinct(problem.pair_person[here] * needs + problem.pair_need[here]) // needs
        could = np.bincount(entered, minlength=len(problem.person_wait))
        reach = int(np.minimum(could, self.room).sum())
        seats = np.zeros(needs, dtype=np.int64)
        np.add.at(seats, problem.role_need[crowd], self.seats[crowd])
        lacking = int(seats.sum()) - reach
        if lacking <= 0:
            return None
        capped = np.minimum(seats, lacking)
        return Shortage(capped, int(capped.sum()) - lacking, np.flatnonzero(crowd))

    def sets(self) -> list[Bools]:
        """The best sets that no shortage forbids, none where too many needs compete."""
        seats = np.array([each.seats for each in self.shortages])
        contested = np.flatnonzero(seats.any(axis=0))
        if len(contested) > _CONTESTED:
            return []
        places = np.arange(len(contested))
        kept = (np.arange(1 << len(contested))[:, None] >> places & 1) > 0
        people = np.array([each.people for each in self.shortages])
        within = (kept @ seats[:, contested].T <= people).all(axis=1)
        kept = kept[within & kept[:, self.must[contested]].all(axis=1)]
        counts = self._counts(contested, kept)
        left = np.arange(len(kept))
        for count in counts:
            left = left[count[left] == count[left].max(initial=0)]
        sets = np.repeat(self.everything[None, :], len(left), axis=0)
        sets[:, contested] = kept[left]
        return list(sets)

    def _counts(self, contested: Ints, kept: Bools) -> Iterator[Ints]:
        """The counting levels of each combination (rows of ``kept``), in order."""
        problem = self.problem
        rest = self.everything.copy()
        rest[contested] = False
        served = np.zeros((len(kept), len(problem.group_wait)), dtype=bool)
        served[:, problem.need_group[rest]] = True
        for at, group in enumerate(problem.need_group[contested].tolist()):
            served[:, group] |= kept[:, at]
        if problem.guarantees:
            met = (np.minimum(served[:, g.groups].sum(axis=1), g.least) for g in problem.guarantees)
            yield np.sum(list(met), axis=0)
        if self.levels.groups:
            yield served.sum(axis=1)
        urgency = problem.need_urgency[contested]
        if not self.levels.urgency:
            urgency = np.full_like(urgency, CLASSES[0][1])
        for _, value in CLASSES:
            yield kept[:, urgency == value].sum(axis=1)
