"""Which sets of needs come into question for the total score, the most promising first.

At any prices of people, a need is worth at most what its best team brings beyond these prices; so

    total score of a set of needs  <=  prices of all people  +  worth of each need in the set

holds for every set (weak duality), and with equality for the set whose seats the prices prove
best. The question which needs to staff, asked under a few such rows and those of `staffing`,
names the set that could reach most; its best seats give the next row (Benders' decomposition).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, hstack

from matchmaker.engine.arrays import in_order, ranks
from matchmaker.engine.core import least_at_rows
from matchmaker.engine.linear.model import all_optional
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.teams.seating import Seating
from matchmaker.engine.teams.staffing import Master

_NONE = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Worth:
    """``always`` + ``need`` (N,) of the needs in a set: no seats of that set are worth more."""

    always: int
    need: Ints


@dataclass
class Choice:
    """Hands out each set of needs once. ``master``: a question whose last variable is the total
    score. ``unsure``: time was up before the next set was known."""

    master: Master
    usable: Ints
    unsure: bool = False

    def next(self) -> tuple[int, Bools] | None:
        """The set (N,) that could reach most of all not handed out yet, and how much; None when
        there is no other, or it is ``unsure``."""
        total = np.zeros(len(self.master.space.low))
        total[-1] = 1.0
        answer = self.master.ask(total)
        self.unsure = not (answer.impossible or (answer.finished and answer.values is not None))
        if answer.values is None or self.unsure:
            return None
        staffed = self.master.staffed(answer.values)
        self.master.exclude(staffed)
        return answer.bound, staffed

    def learn(self, seating: Seating) -> None:
        """Take over what the prices of a set's best ``seating`` say of all sets."""
        found = worth(seating, self.usable)
        row = np.zeros(len(self.master.space.low))
        needs = self.master.model.needs
        row[: len(needs)], row[-1] = found.need[needs], -1.0
        self.master.space = self.master.space.won(row, -found.always)


def choice(master: Master, usable: Ints) -> Choice:
    """The sets that ``master`` leaves open; the pairs at ``usable`` may be chosen."""
    model, space = master.space.model, master.space
    most = float(master.hall.problem.pair_score[usable].sum())
    nothing = csc_array((model.rows.shape[0], 1))
    model = replace(
        model,
        rows=csc_array(hstack([model.rows, nothing])),
        low=np.append(model.low, 0.0),
        high=np.append(model.high, most),
        whole=np.append(model.whole, True),
    )
    space = replace(
        space, model=model, low=np.append(space.low, 0.0), high=np.append(space.high, most)
    )
    if space.cuts is not None:
        longer = hstack([space.cuts, csc_array((space.cuts.shape[0], 1))])
        space = replace(space, cuts=longer.tocsr())
    return Choice(replace(master, space=space), usable)


def worth(seating: Seating, usable: Ints) -> Worth:
    """What the lowest prices of people that prove ``seating`` best say of every set of needs, if
    its teams are taken from the pairs at ``usable``."""
    problem, needs = seating.problem, max(len(seating.problem.need_group), 1)
    person, twice = people_prices(seating)
    room = seats_possible(problem, usable)
    each = np.zeros(len(problem.need_group), dtype=np.int64)
    np.add.at(each, seating.knot % needs, twice)
    key = problem.pair_person[usable] * needs + problem.pair_need[usable]
    left = problem.pair_score[usable] - person[problem.pair_person[usable]]
    if len(twice):
        at = np.minimum(np.searchsorted(seating.knot, key), len(twice) - 1)
        left = left - np.where(seating.knot[at] == key, twice[at], 0)
    return Worth(int(person @ room), each + best_teams(problem, usable, left))


def people_prices(seating: Seating) -> tuple[Ints, Ints]:
    """The lowest prices that prove ``seating`` best: (P,) of people, and of each of its knots what
    sitting in that need costs the person besides."""
    people, needs = len(seating.problem.person_wait), max(len(seating.problem.need_group), 1)
    price = least_at_rows(seating.arcs, seating.found)
    person = price[:people]
    return person, np.maximum(price[people:] - person[seating.knot // needs], 0)


def best_teams(problem: Problem, usable: Ints, left: Ints) -> Ints:
    """(N,) the most that any team of a need brings, where a pair at ``usable`` brings ``left``:
    its best people on every essential seat, on optional ones only who brings something."""
    role, seats = problem.pair_role[usable], problem.role_seats
    role, left = in_order(role, -left)
    left = -left
    counted = (ranks(role) < seats[role]) & (problem.role_essential[role] | (left > 0))
    found = np.zeros(len(problem.need_group), dtype=np.int64)
    np.add.at(found, problem.role_need[role[counted]], left[counted])
    best = np.full(len(found), _NONE)
    np.maximum.at(best, problem.role_need[role], left)
    forced = all_optional(problem) & (best > _NONE) & (best < 0)
    return np.where(forced, best, found)
