"""A problem as one linear model: a 0/1 variable per pair and per need, and rows that couple them.

Variables, in order: one per live pair (chosen), one per live need (staffed), then those that only
count. Pairs and needs that no staffing can use are left out before anything is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array

from matchmaker.engine.arrays import distinct
from matchmaker.engine.linear.counting import Counting, counting
from matchmaker.engine.linear.people_rows import person_rows, seats_possible
from matchmaker.engine.linear.rows import LIMIT, LOOSE, SEATS, Floats, Rows
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels


@dataclass(frozen=True)
class Model:
    """``rows @ v`` lies within ``row_low``..``row_high``, ``v`` within ``low``..``high``.

    ``pairs``, ``needs``: what the first variables stand for. ``count``: the variables that count.
    ``row_kind``, ``row_key``: what each row limits, and whose. ``whole``: (V,) variables that have
    to be whole numbers; the others then are so at any optimum.
    """

    pairs: Ints
    needs: Ints
    count: Counting
    rows: csc_array
    row_low: Floats
    row_high: Floats
    row_kind: Ints
    row_key: Ints
    low: Floats
    high: Floats
    whole: Bools
    pair_role: Ints

    @cached_property
    def by_row(self) -> csr_array:
        """``rows``, quick to take rows from."""
        return self.rows.tocsr()


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


def build(
    problem: Problem, live: Bools, levels: Levels, fit: int = 0, *, torn: bool = True
) -> Model:
    """The model of ``problem`` over its ``live`` pairs (K,), with the variables that ``levels``
    count. With ``fit``, only a seat of at least that score staffs a need of optional roles alone.
    ``torn``: with the rows that no price speaks of."""
    pairs = np.flatnonzero(live)
    needs = distinct(problem.pair_need[pairs])
    need_column = np.full(len(problem.need_group), -1, dtype=np.int64)
    need_column[needs] = len(pairs) + np.arange(len(needs))
    room = seats_possible(problem, pairs)
    out = Rows()
    person_rows(out, problem, pairs, room, torn=torn)
    _seat_rows(out, problem, pairs, need_column)
    _need_rows(out, problem, pairs, needs, need_column, fit)
    count = counting(out, problem, levels, pairs, needs, room)
    whole = len(pairs) + len(needs)
    size = whole + len(count.high)
    low = np.zeros(size)
    low[np.searchsorted(pairs, problem.pins)] = 1.0
    row, column, value = (np.concatenate(part) for part in zip(*out.parts, strict=True))
    return Model(
        pairs=pairs,
        needs=needs,
        count=count,
        rows=coo_array((value, (row, column)), shape=(out.count, size)).tocsc(),
        row_low=np.concatenate(out.low),
        row_high=np.concatenate(out.high),
        row_kind=np.concatenate(out.kind),
        row_key=np.concatenate(out.key),
        low=low,
        high=np.concatenate([np.ones(whole), count.high]),
        whole=np.arange(size) < whole,
        pair_role=problem.pair_role[pairs],
    )


def _seat_rows(out: Rows, problem: Problem, pairs: Ints, need_column: Ints) -> None:
    """Essential: seats filled = seats of a staffed need. Optional: at most that many."""
    role = problem.pair_role[pairs]
    roles = distinct(role)
    first = out.at_most(SEATS, roles, np.zeros_like(roles))
    out.low[-1][problem.role_essential[roles]] = 0.0
    out.put(first + np.searchsorted(roles, role), np.arange(len(pairs)), 1.0)
    column = need_column[problem.role_need[roles]]
    out.put(first + np.arange(len(roles)), column, -problem.role_seats[roles].astype(float))


def _need_rows(
    out: Rows, problem: Problem, pairs: Ints, needs: Ints, need_column: Ints, fit: int
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
