"""Which sets of needs can be staffed at all: a flow from people to seats, and why it falls short.

People flow to essential seats, at most their room each and once into a need. Where the flow cannot
fill every seat of the wanted needs, a smallest cut names roles that together ask for more people
than there are (Hall's theorem). That is true whichever needs are staffed, so it becomes a row

    seats of these roles in staffed needs  <=  people that could sit there

of the question which needs to staff. A need of optional roles alone counts as one seat that
any of its candidates can fill. Weekly minutes only enter through the room of each person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from matchmaker.engine.linear.model import all_optional
from matchmaker.engine.linear.people_rows import once_per_need, seats_possible
from matchmaker.engine.problem import Bools, Ints, Problem


@dataclass(frozen=True)
class Shortage:
    """``seats`` (N,) @ staffed needs <= ``people``, whichever needs are staffed; ``roles``: those
    that together ask for more people than could sit there."""

    seats: Ints
    people: int
    roles: Ints


class Hall:
    """The flow network of a problem's ``live`` pairs (K,); needs and people keep their numbers.

    ``seat``: role → number of a kind of seat, -1 where nobody is required. Pinned people sit
    already: their room, their seats and their other pairs in that need are gone.
    """

    def __init__(self, problem: Problem, live: Bools) -> None:
        self.problem = problem
        loose = all_optional(problem)
        needed = problem.role_essential | loose[problem.role_need]
        roles, needs = len(problem.role_need), len(problem.need_group)
        self.seat_of_role = np.where(
            loose[problem.role_need], roles + problem.role_need, np.arange(roles)
        )
        self.seat_need = np.concatenate([problem.role_need, np.arange(needs)])
        self.demand = np.concatenate(
            [problem.role_seats * problem.role_essential, loose.astype(np.int64)]
        )
        key = problem.pair_person * max(needs, 1) + problem.pair_need
        usable = live & needed[problem.pair_role] & ~np.isin(key, key[problem.pins])
        self.pairs = np.flatnonzero(usable)
        self.room = seats_possible(problem, np.flatnonzero(live))
        np.subtract.at(self.room, problem.pair_person[problem.pins], 1)
        self.room = np.maximum(self.room, 0)
        np.subtract.at(self.demand, self.seat_of_role[problem.pair_role[problem.pins]], 1)
        self.demand = np.maximum(self.demand, 0)
        self.person = problem.pair_person[self.pairs]
        self.seat = self.seat_of_role[problem.pair_role[self.pairs]]
        self._network()

    def _network(self) -> None:
        """Numbers: source 0, people, seats, a knot for each person and need entered once, sink."""
        people, seats = len(self.room), len(self.seat_need)
        knots, member, owner = once_per_need(self.problem, self.pairs, self.room)
        count = max(len(self.problem.need_group), 1)
        first_knot = 1 + people + seats
        self.sink = first_knot + len(knots)
        tail = 1 + self.person
        tail[member] = first_knot + owner
        self.tail = np.concatenate(
            [np.zeros(people, np.int64), 1 + knots // count, tail, 1 + people + np.arange(seats)]
        )
        middle = first_knot + np.arange(len(knots))
        ends = np.full(seats, self.sink)
        self.head = np.concatenate([1 + np.arange(people), middle, 1 + people + self.seat, ends])
        ones = np.ones(len(knots) + len(self.pairs), dtype=np.int64)
        self.capacity = np.concatenate([self.room, ones])

    def flow(self, staffed: Bools) -> tuple[csr_matrix, Ints]:
        """The greatest flow into the seats of ``staffed`` needs (N,), and all capacities."""
        wanted = self.demand * staffed[self.seat_need]
        capacity = np.concatenate([self.capacity, wanted])
        size = self.sink + 1
        graph = coo_array((capacity, (self.tail, self.head)), shape=(size, size)).tocsr()
        graph = csr_matrix(graph.astype(np.int32))
        return csr_matrix(maximum_flow(graph, 0, self.sink).flow), graph

    def seated(self, flow: csr_matrix) -> Ints:
        """The pairs that ``flow`` seats; with the pins, all essential seats if none is short."""
        pair = slice(len(self.capacity) - len(self.pairs), len(self.capacity))
        through = np.zeros(len(self.pairs), dtype=bool)
        if len(self.pairs):
            through = np.asarray(flow[self.tail[pair], self.head[pair]]).ravel() > 0
        chosen = self.pairs[through]
        loose = self.seat[through] >= len(self.problem.role_need)
        _, once = np.unique(self.seat[through][loose], return_index=True)
        chosen = np.concatenate([chosen[~loose], chosen[loose][once], self.problem.pins])
        return np.unique(chosen)

    def shortages(self, staffed: Bools) -> tuple[list[Shortage], Ints]:
        """Why not all ``staffed`` needs can be: a row for each cluster of roles that ask for too
        many. None if they can; then the pairs seated."""
        flow, graph = self.flow(staffed)
        seats = slice(1 + len(self.room), 1 + len(self.room) + len(self.seat_need))
        filled = flow[:, [self.sink]].toarray().ravel()[seats]
        if (filled >= self.demand * staffed[self.seat_need]).all():
            return [], self.seated(flow)
        residual = csr_matrix(graph - flow)
        residual.eliminate_zeros()
        reached = breadth_first_order(residual.T.tocsr(), self.sink, return_predecessors=False)
        inside = np.zeros(self.sink + 1, dtype=bool)
        inside[reached] = True
        short = inside[seats] & (self.demand > 0)
        return [self._shortage(part) for part in self._clusters(short)], self.pairs[:0]

    def told(self, roles: Ints) -> Shortage:
        """What the ``roles`` lack, whichever needs are staffed."""
        short = np.zeros(len(self.demand), dtype=bool)
        short[self.seat_of_role[roles]] = True
        return self._shortage(short & (self.demand > 0))

    def _clusters(self, short: Bools) -> list[Bools]:
        """``short`` kinds of seats, apart where they share no candidate."""
        arcs = short[self.seat]
        size = len(self.room) + len(short)
        links = (np.ones(int(arcs.sum())), (self.person[arcs], len(self.room) + self.seat[arcs]))
        _, label = connected_components(coo_array(links, shape=(size, size)), directed=False)
        label = label[len(self.room) :]
        return [short & (label == each) for each in np.unique(label[short])]

    def _shortage(self, short: Bools) -> Shortage:
        people = self._could_sit(short)
        full = people >= self.room
        open_elsewhere = np.bincount(self.seat, ~full[self.person], len(short)) > 0
        asked = np.bincount(self.seat, minlength=len(short)) > 0
        short = short | (asked & (self.demand > 0) & ~open_elsewhere)
        reach = int(self._could_sit(short).sum())
        seats = np.zeros(len(self.problem.need_group), dtype=np.int64)
        np.add.at(seats, self.seat_need[short], self.demand[short])
        lacking = int(seats.sum()) - reach
        capped = np.minimum(seats, max(lacking, 0))
        roles = np.flatnonzero(short[self.seat_of_role] & (self.demand[self.seat_of_role] > 0))
        return Shortage(capped, int(capped.sum()) - lacking, roles)

    def _could_sit(self, short: Bools) -> Ints:
        """(P,) how many of these seats each person could hold: one a need, up to their room."""
        arcs = short[self.seat]
        count = max(len(self.problem.need_group), 1)
        entered = np.unique(self.person[arcs] * count + self.seat_need[self.seat[arcs]]) // count
        return np.minimum(np.bincount(entered, minlength=len(self.room)), self.room)
