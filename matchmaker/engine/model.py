"""A problem as one linear model: a 0/1 variable per pair and per need, and rows that couple them.

Variables, in order: one per live pair (chosen), one per live need (staffed), one per group with
several live needs (served), one per person who may hold several seats (seated). The last two only
count, so that a group or a person is counted once. Pairs and needs that no staffing can use are
left out before anything is built.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.problem import Bools, Ints, Problem

Floats = NDArray[np.float64]

# What a row limits; a row's key is the person, role or need, or person × N + need for ONCE.
CAPACITY, MINUTES, LONG, ONCE, SEATS, LOOSE, LIMIT, COUNT = range(8)


@dataclass(frozen=True)
class Model:
    """``rows @ v`` lies within ``row_low``..``row_high``, ``v`` within ``low``..``high``.

    ``pairs``, ``needs``: what the first variables stand for. ``group_column``: (G,) the variable
    that says whether the group is served, -1 if it cannot be. ``person_column``: (P,) the variable
    that says whether a person of several seats is seated, else -1. ``row_kind``, ``row_key``: what
    each row limits, and whose. ``whole``: (V,) variables that have to be whole numbers; the others
    then are so at any optimum. ``counting``: the rows and columns of these others.
    """

    pairs: Ints
    needs: Ints
    group_column: Ints
    person_column: Ints
    rows: csr_array
    row_low: Floats
    row_high: Floats
    row_kind: Ints
    row_key: Ints
    low: Floats
    high: Floats
    whole: Bools
    counting: tuple[Ints, Ints]


class _Rows:
    """Collects the rows of a model in blocks."""

    def __init__(self) -> None:
        self.count = 0
        self.parts: list[tuple[Ints, Ints, Floats]] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.kind: list[Ints] = []
        self.key: list[Ints] = []

    def at_most(self, kind: int, key: Ints, high: Ints) -> int:
        """Open a new row for each key; returns the number of the first."""
        first = self.count
        self.count += len(key)
        self.low.append(np.full(len(key), -np.inf))
        self.high.append(high.astype(float))
        self.kind.append(np.full(len(key), kind))
        self.key.append(key)
        return first

    def put(self, row: Ints, column: Ints, value: Floats | Ints | float) -> None:
        """Set coefficients."""
        self.parts.append((row, column, np.broadcast_to(np.asarray(value, float), row.shape)))


def live_pairs(problem: Problem, forbid: Ints, fit: int = 0) -> Bools:
    """(K,) pairs that some staffing might use: the person has room for the seat, and each
    essential role of the need has at least as many candidates as seats. With ``fit``, essential
    seats take nobody below that score."""
    live = (problem.person_capacity[problem.pair_person] > 0) & (
        problem.pair_minutes <= problem.person_minutes[problem.pair_person]
    )
    live &= ~problem.role_essential[problem.pair_role] | (problem.pair_score >= fit)
    live[forbid] = False
    while True:
        candidates = np.bincount(problem.pair_role[live], minlength=len(problem.role_need))
        short = problem.role_essential & (candidates < problem.role_seats)
        dead_need = np.zeros(len(problem.need_group), dtype=bool)
        dead_need[problem.role_need[short]] = True
        lost = live & dead_need[problem.pair_need]
        if not lost.any():
            return live
        live &= ~lost


def build(problem: Problem, live: Bools, fit: int = 0) -> Model:
    """The model of ``problem`` over its ``live`` pairs (K,). With ``fit``, only a seat of at least
    that score staffs a need of optional roles alone."""
    pairs = np.flatnonzero(live)
    room = seats_possible(problem, pairs)
    needs = np.unique(problem.pair_need[pairs])
    need_column = np.full(len(problem.need_group), -1, dtype=np.int64)
    need_column[needs] = len(pairs) + np.arange(len(needs))
    size = len(pairs) + len(needs)
    group_column, several_groups = _group_columns(problem, needs, need_column, size)
    size += len(several_groups)
    person_column, several_people = _person_columns(problem, pairs, room, size)
    size += len(several_people)

    out = _Rows()
    _person_rows(out, problem, pairs, room)
    _seat_rows(out, problem, pairs, need_column)
    _need_rows(out, problem, pairs, needs, need_column, fit)
    counts = out.count
    _count_rows(out, group_column, several_groups, problem.need_group[needs], need_column[needs])
    seats = np.arange(len(pairs))
    _count_rows(out, person_column, several_people, problem.pair_person[pairs], seats)
    counted = np.concatenate([group_column[several_groups], person_column[several_people]])

    low = np.zeros(size)
    low[np.searchsorted(pairs, problem.pins)] = 1.0
    row, column, value = (np.concatenate(part) for part in zip(*out.parts, strict=True))
    return Model(
        pairs=pairs,
        needs=needs,
        group_column=group_column,
        person_column=person_column,
        rows=csr_array((value, (row, column)), shape=(out.count, size)),
        row_low=np.concatenate(out.low),
        row_high=np.concatenate(out.high),
        row_kind=np.concatenate(out.kind),
        row_key=np.concatenate(out.key),
        low=low,
        high=np.ones(size),
        whole=np.arange(size) < len(pairs) + len(needs),
        counting=(counts + np.arange(len(counted)), counted),
    )


def _group_columns(
    problem: Problem, needs: Ints, need_column: Ints, first: int
) -> tuple[Ints, Ints]:
    count = np.bincount(problem.need_group[needs], minlength=len(problem.group_wait))
    column = np.full(len(problem.group_wait), -1, dtype=np.int64)
    column[problem.need_group[needs]] = need_column[needs]
    several = np.flatnonzero(count > 1)
    column[several] = first + np.arange(len(several))
    return column, several


def _person_columns(problem: Problem, pairs: Ints, room: Ints, first: int) -> tuple[Ints, Ints]:
    count = np.bincount(problem.pair_person[pairs], minlength=len(problem.person_wait))
    several = np.flatnonzero((count > 1) & (room > 1) & (problem.person_wait > 0))
    column = np.full(len(problem.person_wait), -1, dtype=np.int64)
    column[several] = first + np.arange(len(several))
    return column, several


def seats_possible(problem: Problem, pairs: Ints) -> Ints:
    """(P,) how many seats each person can hold: capacity, or fewer if the minutes offered do not
    go round even for the shortest seats among ``pairs``."""
    person = problem.pair_person[pairs]
    shortest = np.full(len(problem.person_wait), np.iinfo(np.int64).max)
    np.minimum.at(shortest, person, problem.pair_minutes[pairs])
    capacity = problem.person_capacity
    fitting = problem.person_minutes // np.maximum(shortest, 1)
    return np.where(shortest > 0, np.minimum(capacity, fitting), capacity)


def _person_rows(out: _Rows, problem: Problem, pairs: Ints, room: Ints) -> None:
    """Capacity, weekly minutes and one seat per need; only the rows that can bind."""
    person, minutes = problem.pair_person[pairs], problem.pair_minutes[pairs]
    size = len(problem.person_wait)
    one = np.ones_like(person)
    full = np.flatnonzero(np.bincount(person, minlength=size) > room)
    _limit_people(out, CAPACITY, full, room[full], person, one)
    asked = np.bincount(person, weights=minutes, minlength=size)
    busy = np.flatnonzero((asked > problem.person_minutes) & (room > 1))
    _limit_people(out, MINUTES, busy, problem.person_minutes[busy], person, minutes)
    long = (2 * minutes > problem.person_minutes[person]).astype(np.int64)
    several = np.bincount(person, weights=long, minlength=size) > 1
    torn = busy[several[busy]]
    _limit_people(out, LONG, torn, np.ones_like(torn), person, long)
    twice, member, owner = once_per_need(problem, pairs, room)
    out.put(out.at_most(ONCE, twice, np.ones_like(twice)) + owner, member, 1.0)


def once_per_need(problem: Problem, pairs: Ints, room: Ints) -> tuple[Ints, Ints, Ints]:
    """Where one person could hold two seats of one need.

    Returns the keys person × N + need, the positions in ``pairs`` of all pairs concerned, and
    for each of these the position of its key.
    """
    key = problem.pair_person[pairs] * len(problem.need_group) + problem.pair_need[pairs]
    keys, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    able = room[keys // max(len(problem.need_group), 1)] > 1
    twice = (count > 1) & able
    member = np.flatnonzero(twice[inverse])
    return keys[twice], member, (np.cumsum(twice) - 1)[inverse[member]]


def _seat_rows(out: _Rows, problem: Problem, pairs: Ints, need_column: Ints) -> None:
    """Essential: seats filled = seats of a staffed need. Optional: at most that many."""
    role = problem.pair_role[pairs]
    roles = np.unique(role)
    first = out.at_most(SEATS, roles, np.zeros_like(roles))
    out.low[-1][problem.role_essential[roles]] = 0.0
    out.put(first + np.searchsorted(roles, role), np.arange(len(pairs)), 1.0)
    column = need_column[problem.role_need[roles]]
    out.put(first + np.arange(len(roles)), column, -problem.role_seats[roles].astype(float))


def _need_rows(
    out: _Rows, problem: Problem, pairs: Ints, needs: Ints, need_column: Ints, fit: int
) -> None:
    """A need of optional roles alone is staffed by one filled seat; the limit on needs."""
    loose = needs[all_optional(problem)[needs]]
    good = np.isin(problem.pair_need[pairs], loose) & (problem.pair_score[pairs] >= fit)
    first = out.at_most(LOOSE, loose, np.zeros_like(loose))
    row = first + np.searchsorted(loose, problem.pair_need[pairs][good])
    out.put(row, np.flatnonzero(good), -1.0)
    out.put(first + np.arange(len(loose)), need_column[loose], 1.0)
    if problem.max_needs is not None and problem.max_needs < len(needs):
        limit = out.at_most(LIMIT, np.zeros(1, dtype=np.int64), np.array([problem.max_needs]))
        out.put(np.full(len(needs), limit), need_column[needs], 1.0)


def all_optional(problem: Problem) -> Bools:
    """(N,) needs without an essential role."""
    loose = np.ones(len(problem.need_group), dtype=bool)
    loose[problem.role_need[problem.role_essential]] = False
    return loose


def _count_rows(out: _Rows, column: Ints, several: Ints, owner: Ints, member: Ints) -> None:
    """The counting variable of each owner is at most the sum of its members."""
    first = out.at_most(COUNT, several, np.zeros_like(several))
    inside = np.isin(owner, several)
    out.put(first + np.searchsorted(several, owner[inside]), member[inside], -1.0)
    out.put(first + np.arange(len(several)), column[several], 1.0)


def _limit_people(
    out: _Rows, kind: int, people: Ints, limit: Ints, person: Ints, value: Ints
) -> None:
    """One row per person of ``people``: the values of the pairs chosen sum to at most limit."""
    inside = np.isin(person, people)
    row = out.at_most(kind, people, limit) + np.searchsorted(people, person[inside])
    out.put(row, np.flatnonzero(inside), value[inside])
