"""People and roles alone: the greatest total score under capacities, proven over every pair.

The best pairs of each role make a small question for the core. Its prices then tell, for every
pair left behind, whether it could be worth more than it costs. Such pairs are added, and the core
is asked again from where it stood, until there are none: the prices then prove the total best in
the whole market (weak duality, in whole numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.core import Arcs, Optimum, optimum
from matchmaker.engine.core.roads import Backend
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.behind import Behind
from matchmaker.engine.scale.executors import Executor, Inline, Workers
from matchmaker.engine.scale.found import NONE, Found
from matchmaker.engine.scale.gather import task_for
from matchmaker.engine.scale.pool import Pool
from matchmaker.engine.scale.terrain import Terrain, blocks, survey
from matchmaker.engine.scale.tolls import Tolls, free, simple

Progress = Callable[[str, int, int], None]  # stage, blocks done, blocks in all; or as said next
SOLVE = "solve"  # the stage whose numbers are the round that begins and the pairs it is solved on
KEPT = 32  # of each role in the first search of a round; more for roles of many seats
_ABOUND = 1.5  # places a seat, from which people are said to abound
ADDED = 16  # of each role in a later one
NEAR = 200  # points: pairs that would cost so little are added along with better ones


@dataclass(frozen=True)
class Placement:
    """People on roles, sorted by role, then person. Nobody is worth more elsewhere: ``bound`` is
    what the prices allow at most, over every allowed pair of the market; ``proven``: = value."""

    person: Ints
    role: Ints
    score: Ints
    person_price: Ints  # (P,)
    role_price: Ints  # (R,)
    value: int
    bound: int
    rounds: int
    pairs: int  # how many the core saw in the end

    @property
    def proven(self) -> bool:
        """Whether the total is proven best."""
        return self.value == self.bound


class Prospector:
    """Searches a whole market with the workers of an executor."""

    def __init__(
        self, snapshot: Snapshot, terrain: Terrain, workers: Workers, progress: Progress | None
    ) -> None:
        self.snapshot, self.terrain, self.workers = snapshot, terrain, workers
        self.progress = progress or (lambda stage, done, of: None)

    def search(self, stage: str, roles: Ints, tolls: Tolls, least: int, room: Ints) -> Found:
        """The best pairs of ``roles``: at most ``room`` (R,) of each, with at least ``least`` left
        at the score level."""
        return Found.joined(self._parts(stage, roles, tolls, least, room))

    def _parts(
        self, stage: str, roles: Ints, tolls: Tolls, least: int, room: Ints
    ) -> Iterator[Found]:
        every = np.full(len(room), least, dtype=np.int64)
        parts_of = list(blocks(self.terrain, roles))
        tasks = (task_for(self.terrain, block, tolls, every, room) for block in parts_of)
        for done, part in enumerate(self.workers.answers(tasks), 1):
            yield part
            self.progress(stage, done, len(parts_of))

    def first(self, seats: Ints, most: int) -> Pool:
        """The pool of the best pairs of every role: ``most``, or twice its seats."""
        tolls = free(self.snapshot)
        room = np.maximum(most, 2 * seats)
        parts = self._parts("score", ints(np.arange(len(seats))), tolls, NONE, room)
        return Pool.of(len(self.snapshot.people.capacity), parts, room)


@contextmanager
def prospecting(
    snapshot: Snapshot,
    executor: Executor | None,
    progress: Progress | None,
    *,
    compiled: bool | None = None,
) -> Iterator[Prospector]:
    """A prospector of the snapshot's market whose workers are let go at the end."""
    terrain = survey(snapshot, compiled=compiled)
    workers = (executor or Inline()).open(terrain)
    try:
        yield Prospector(snapshot, terrain, workers, progress)
    finally:
        workers.close()


def place(
    snapshot: Snapshot,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    compiled: bool | None = None,
    kept: int | None = None,
) -> Placement:
    """The greatest total score of people on roles: at most ``capacity`` roles a person, ``seats``
    people a role, allowed pairs only. Teams, hours and the other levels are not looked at.

    ``compiled``: False never loads the compiler; by default the size decides.
    ``kept``: pairs of each role that the core sees at first (default: by how many people there are
    for a seat); more for roles of many seats.
    """
    kept = kept or _kept(snapshot)
    with prospecting(snapshot, executor, progress, compiled=compiled) as prospector:
        pool = prospector.first(snapshot.needs.role_seats, kept)
        backend: Backend = "numba" if prospector.terrain.compiled else "scipy"
        answer: Optimum | None = None
        behind = Behind(prospector.terrain.postings, pool.people, pool.beyond[0])
        rounds = 0
        while True:
            arcs = arcs_of(snapshot, pool)
            answer = optimum(arcs, near=answer, backend=backend)
            rounds += 1
            better = _better(prospector, pool, behind, answer)
            if better is None:
                return _placed(pool, answer, rounds)
            pool = pool.with_pairs(better.person, better.role, better.score)


def _kept(snapshot: Snapshot) -> int:
    """Where people abound, few of the best will do; where they do not, the best of all roles are
    the same people, and prices tell sooner which others matter."""
    people = snapshot.people
    places = int(people.capacity[people.verified].sum())
    abound = places >= _ABOUND * int(snapshot.needs.role_seats.sum())
    return KEPT // 2 if abound else KEPT // 4


def arcs_of(snapshot: Snapshot, pool: Pool) -> Arcs:
    """The core's question: roles as rows, people as columns."""
    seats = snapshot.needs.role_seats
    start = np.searchsorted(pool.role, np.arange(len(seats) + 1))
    capacity = np.where(snapshot.people.verified, snapshot.people.capacity, 0)
    return Arcs(ints(start), pool.person, pool.score, seats, capacity)


def _better(prospector: Prospector, pool: Pool, behind: Behind, answer: Optimum) -> Found | None:
    """Pairs left behind that are worth more than they cost, with others that nearly are; None
    when there are none."""
    behind.repriced(answer.column_price)
    roles = ints(np.flatnonzero(behind.most > answer.row_price))
    tolls = simple(prospector.snapshot, answer.column_price, answer.row_price)
    room = ADDED + prospector.snapshot.needs.role_seats
    found = prospector.search("prove", roles, tolls, -NEAR, room)
    behind.searched(roles, found, answer.row_price, -NEAR, room)
    new = found.only(pool.lacks(found))
    return new if (new.left[0] > 0).any() else None


def _placed(pool: Pool, answer: Optimum, rounds: int) -> Placement:
    at = answer.taken
    chosen = pool.person[at], pool.role[at], pool.score[at]
    prices = answer.column_price, answer.row_price
    return Placement(*chosen, *prices, answer.value, answer.bound, rounds, len(pool.person))
