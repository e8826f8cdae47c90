"""What a solved round leaves for questions about it where hours bind: counts, columns, bundles.

A round that is narrowed has fewer pairs, more pins, or needs that must be staffed. Nothing is
possible then that was not before, so no level can count more than it did. What counts as much comes
first: among that, the columns and bundles of the round before lead to the best total in few steps.
Any other round that differs little starts from the same columns.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.levels import count_levels, score_level
from matchmaker.engine.linear.highs import Space
from matchmaker.engine.linear.model import build, live_pairs
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels, Solution, no_pairs
from matchmaker.engine.teams.bundles import holds
from matchmaker.engine.teams.hall import Hall, Shortage
from matchmaker.engine.teams.packed import Packer, of_needs
from matchmaker.engine.teams.packing import Packing
from matchmaker.engine.teams.seating import seat

_LIKELY = 0.1  # of the pairs: those that lose least at the core's prices start
_NARROWED = ("pair_person", "pair_role", "pair_score", "pair_hash", "pins")


@dataclass(frozen=True)
class Footing:
    """What a solved round leaves for questions that narrow it: everything that counts as much,
    with the columns its best total needed."""

    problem: Problem
    levels: Levels
    live: Bools
    packing: Packing
    open_: Packing
    roles: list[Ints]

    def best(self, problem: Problem, forbid: Ints, staff: Ints) -> Ints | None:
        """The best pairs of a ``problem`` that narrows the one solved; None where it does not, or
        nothing counts as much as the round did, or it takes too long this way."""
        place = _places(self.problem, problem)
        if place is None:
            return None
        packer = Packer(self.problem, self.levels, self.live, staff)
        for start in (self.packing, self.open_):
            space = self._narrowed(start.space, problem, place, forbid, staff)
            if space is None:
                return None
            packing = start.narrowed(space)
            for each in packer.settled(packing) if start is self.open_ else [packing]:
                if (found := packer.best(each)) is not None:
                    return ints(np.searchsorted(place, found))
        return None

    def joined(self, packing: Packing) -> None:
        """Let the columns that the round needed join a question about another problem, with its
        pairs that are new."""
        before, after = self.packing, packing
        width = len(self.problem.role_need)
        known, asked = (
            each.problem.pair_person[each.model.pairs] * width + each.model.pair_role
            for each in (before, after)
        )
        place = np.minimum(np.searchsorted(asked, known), max(len(asked) - 1, 0))
        still = asked[place] == known
        after.columns |= ~np.isin(asked, known)
        after.columns[place[before.columns & still]] = True
        for who, some in before.bundles.items():
            mine = slice(*np.searchsorted(before.person, [who, who + 1]))
            if not still[mine].any():
                continue
            after.bundle(np.array([who]))
            own = place[mine] - int(np.searchsorted(after.person, who))
            seats = dict(enumerate(np.where(still[mine], own, -1).tolist()))
            moved = {tuple(sorted(seats[seat] for seat in one)) for one in some}
            person = after.bundled[who]
            after.bundles[who] |= {one for one in moved if holds(person, one)}

    def crowds(self, hall: Hall) -> list[Shortage]:
        """What the roles that lacked people in the round lack in another problem."""
        return [hall.told(roles) for roles in self.roles]

    def fewer(self, problem: Problem, forbid: Ints) -> bool:
        """Whether it is certain that less is counted in a ``problem`` that narrows the one solved,
        without the pairs at ``forbid``."""
        place = _places(self.problem, problem)
        if place is None:
            return False
        space = self._narrowed(self.packing.space, problem, place, forbid, no_pairs())
        nothing = np.zeros(len(self.packing.space.low))
        found = None if space is None else self.packing.narrowed(space).relax(nothing)
        return found is not None and found.bound < 0

    def _narrowed(
        self, space: Space, problem: Problem, place: Ints, forbid: Ints, staff: Ints
    ) -> Space | None:
        """What ``problem`` allows of a space; its pairs stand at ``place`` in the round's."""
        model = space.model
        pairs = len(model.pairs)
        low, high = space.low.copy(), space.high.copy()
        allowed = np.isin(model.pairs, np.delete(place, forbid))
        high[:pairs][~allowed] = 0.0
        pins = np.setdiff1d(place[problem.pins], self.problem.pins)
        must = np.union1d(staff, self.problem.pair_need[pins])
        if not np.isin(pins, model.pairs[allowed]).all() or not np.isin(must, model.needs).all():
            return None
        low[pairs + np.searchsorted(model.needs, must)] = 1.0
        narrowed = space.narrowed(low, high)
        for pin in np.searchsorted(model.pairs, pins).tolist():
            held = np.zeros(len(low))
            held[pin] = 1.0
            narrowed = narrowed.won(held, 1)
        return narrowed


def footing(problem: Problem, levels: Levels, solution: Solution) -> Footing | None:
    """The footing that a proven ``solution`` of ``problem`` gives."""
    live = live_pairs(problem, no_pairs())
    model = build(problem, live, replace(levels, waiting=False), torn=False)
    space = Space(model, low := model.low.copy(), model.high)
    low[: len(model.pairs)] = 0.0
    must = np.searchsorted(model.needs, np.unique(problem.pair_need[problem.pins]))
    low[len(model.pairs) + must] = 1.0
    for pin in np.searchsorted(model.pairs, problem.pins).tolist():
        held = np.zeros(len(low))
        held[pin] = 1.0
        space = space.won(held, 1)
    crowds: list[Ints] = []
    if (grounds := solution.grounds) is not None:
        hall = Hall(problem, live)
        crowds = np.split(grounds.role, grounds.start[1:-1])
        for shortage in map(hall.told, crowds):
            space = space.won(of_needs(model, -shortage.seats), -shortage.people)
    open_ = space
    for level in count_levels(problem, model, levels):
        space = space.won(level.vector, solution.levels[level.name])
    packing = Packing(problem, space)
    loss = seat(problem, model.pairs).loss[model.pairs]
    packing.columns = loss <= np.quantile(loss, _LIKELY)
    packing.columns[np.searchsorted(model.pairs, solution.pairs)] = True
    packing.bundle(solution.prices.bundled)
    packing.relax(score_level(problem, model).vector)
    return Footing(problem, levels, live, packing, packing.narrowed(open_), crowds)


def _places(before: Problem, problem: Problem) -> Ints | None:
    """Where the pairs of ``problem`` stand in the one ``before``; None unless it only has fewer
    pairs or more pins."""
    for each in fields(Problem):
        if each.name not in _NARROWED:
            one, two = getattr(before, each.name), getattr(problem, each.name)
            if one is not two and not _equal(one, two):
                return None
    place = np.arange(len(before.pair_role))
    if problem.pair_role is not before.pair_role:
        width = len(before.role_need)
        known, asked = (each.pair_person * width + each.pair_role for each in (before, problem))
        place = np.minimum(np.searchsorted(known, asked), max(len(known) - 1, 0))
        if not np.array_equal(known[place], asked):
            return None
    same = all(
        np.array_equal(getattr(before, name)[place], getattr(problem, name))
        for name in ("pair_score", "pair_hash")
    )
    return place if same and np.isin(before.pins, place[problem.pins]).all() else None


def _equal(one: Any, two: Any) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, two))
    return bool(one == two)
