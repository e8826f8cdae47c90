"""Prices of people that speak of every set of needs, over every pair of a large market.

The prices that prove the seats of one set of needs say little of the others: somebody whom that
set hardly wants is nearly free, and needs left open could be staffed with such people. So where
that leaves a gap, the needs are left free too, fractions of them allowed. A linear program over
few pairs gives prices; every pair of the market that beats the team its role would get at these
prices joins; and so on, until hardly any does. The levels before, the shortages and the limit on
needs are rows beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csc_array, hstack, vstack

from matchmaker.engine.arrays import ints, ordered
from matchmaker.engine.linear.model import all_optional, live_pairs
from matchmaker.engine.linear.people_rows import once_per_need, seats_possible
from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.pose import pose
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.scale.place import Prospector
from matchmaker.engine.scale.pool import Pool
from matchmaker.engine.scale.tolls import simple
from matchmaker.engine.scores import Pairs
from matchmaker.engine.solution import COUNTED, Grounds, Prices, no_pairs
from matchmaker.engine.teams.grounding import program_of, weighted

_SCALE = 16  # prices are whole multiples of a point / _SCALE
_FEW = 8  # pairs of each role, and of each person, to start with
_NEAR = 100  # points: what pairs lose at most to join
_ROUNDS = 8
_CLOSE = 5e-5  # of the total: what pairs that did not join could add
_NOBODY = -(2**40)  # left of a seat that nobody takes


def opened(prospector: Prospector, pool: Pool, outcome: Outcome) -> Grounds | None:
    """The grounds of ``outcome`` with prices that leave the needs free; None where a linear
    program has no answer."""
    solution, grounds = outcome.solution, outcome.solution.grounds
    if grounds is None:
        return None
    names = [name for name in (*COUNTED, "total_score") if name in solution.bounds]
    reached = {name: solution.levels[name] for name in names}
    few = _promising(outcome.problem, grounds.prices)
    few[solution.pairs] = True
    pairs = (outcome.problem.pair_person, outcome.problem.pair_role, outcome.problem.pair_score)
    pool = Pool(pool.people, pool.person[:0], pool.role[:0], pool.score[:0], pool.beyond)
    pool = pool.with_pairs(*(each[few] for each in pairs))
    best = None
    for _ in range(_ROUNDS):
        problem = pose(prospector.snapshot, Pairs(*pool.by_person()))
        usable = np.flatnonzero(live_pairs(problem, no_pairs()))
        prices = _free_prices(problem, usable, grounds, reached, solution.bounds)
        if prices is None:
            break
        best = replace(grounds, prices=prices)
        seat = _least_seated(problem, usable, prices)
        tolls = simple(prospector.snapshot, prices.person, seat)
        tolls = tolls._replace(scale=np.array([_SCALE, 1, 1]))
        room = _FEW + problem.role_seats
        every = ints(np.arange(len(seat)))
        found = prospector.search("open", every, tolls, -_NEAR * _SCALE, room)
        new = found.only(pool.lacks(found))
        pool = pool.with_pairs(new.person, new.role, new.score)
        most = np.zeros(len(seat), dtype=np.int64)
        np.maximum.at(most, new.role, new.left[0])
        if most @ problem.role_seats <= _CLOSE * _SCALE * reached["total_score"]:
            break
    if best is None:
        return None
    problem = pose(prospector.snapshot, Pairs(*pool.by_person()))
    usable = np.flatnonzero(live_pairs(problem, no_pairs()))
    return weighted(problem, usable, best, reached, solution.staffed)


def _promising(problem: Problem, prices: Prices) -> np.ndarray:
    """(K,) pairs that lose little at ``prices``, and the best few of each role and person."""
    left = prices.scale * problem.pair_score - prices.person[problem.pair_person]
    every = np.arange(len(left))
    least = _least_seated(problem, every, prices)
    chosen = left >= least[problem.pair_role] - _NEAR * prices.scale
    size = np.maximum(_FEW, 2 * problem.role_seats)[problem.pair_role]
    for owner, most in ((problem.pair_role, size), (problem.pair_person, _FEW)):
        chosen |= _rank(owner, -problem.pair_score) < most
    return np.asarray(chosen, dtype=bool)


def _rank(owner: Ints, by: Ints) -> Ints:
    """(K,) the place of each pair among those of its owner, the least ``by`` first."""
    order = ordered(owner, by)
    sorted_ = owner[order]
    rank = np.empty_like(owner)
    rank[order] = np.arange(len(owner)) - np.searchsorted(sorted_, sorted_)
    return rank


def _least_seated(problem: Problem, usable: Ints, prices: Prices) -> Ints:
    """(R,) what is left, beyond the prices, of the last pair in the best team of each role; an
    optional seat rather stays empty than to bring less than nothing."""
    role, person = problem.pair_role[usable], problem.pair_person[usable]
    left = prices.scale * problem.pair_score[usable] - prices.person[person]
    last = _rank(role, -left) == problem.role_seats[role] - 1
    least = np.full(len(problem.role_need), _NOBODY, dtype=np.int64)
    least[role[last]] = left[last]
    return ints(np.where(problem.role_essential, least, np.maximum(least, 0)))


def _free_prices(
    problem: Problem,
    usable: Ints,
    grounds: Grounds,
    reached: Mapping[str, int],
    shown: Mapping[str, int],
) -> Prices | None:
    """What people are worth in the best fractional staffing from the pairs at ``usable``."""
    program = program_of(problem, usable, grounds)
    before = [name for name in COUNTED if name in reached]
    rest, most = program.rows(before, reached, shown)
    person, role = problem.pair_person[usable], problem.pair_role[usable]
    size, others, every = len(usable), program.size, np.arange(len(usable))
    room = seats_possible(problem, usable)
    knots, member, owner = once_per_need(problem, usable, room)
    needs = np.arange(len(problem.need_group))
    loose = all_optional(problem)
    seats = _wide(_ones(role, len(problem.role_need), every, size), -_by_need(problem), others)
    held = -_ones(problem.role_need[role], len(needs), every, size)
    some = _wide(held, _ones(needs, len(needs), needs, len(needs)), others)
    rows = [
        _wide(_ones(person, len(room), every, size), csc_array((len(room), 0)), others),
        _wide(_ones(owner, len(knots), member, size), csc_array((len(knots), 0)), others),
        seats[~problem.role_essential],
        some[loose],
        hstack([csc_array((rest.shape[0], size)), rest]),
    ]
    free = np.zeros(int((~problem.role_essential).sum() + loose.sum()))
    must = seats[problem.role_essential]
    found = linprog(
        -np.concatenate([problem.pair_score[usable], np.zeros(others)]),
        A_ub=csc_array(vstack(rows)),
        b_ub=np.concatenate([room, np.ones(len(knots)), free, most]),
        A_eq=must,
        b_eq=np.zeros(must.shape[0]),
        bounds=np.column_stack(
            [np.zeros(size + others), np.concatenate([np.ones(size), program.most()])]
        ),
        method="highs-ipm",
    )
    if found.status != 0:
        return None
    price = ints(np.rint(np.maximum(-found.ineqlin.marginals, 0) * _SCALE))
    once = price[len(room) : len(room) + len(knots)]
    return replace(
        grounds.prices,
        scale=_SCALE,
        person=price[: len(room)],
        minute=np.zeros_like(room),
        long=np.zeros_like(room),
        once_person=knots // max(len(needs), 1),
        once_need=knots % max(len(needs), 1),
        once=once,
    )


def _ones(row: Ints, rows: int, column: Ints, columns: int) -> csc_array:
    """(rows, columns): 1 in each of the places."""
    return csc_array(coo_array((np.ones(len(row)), (row, column)), shape=(rows, columns)))


def _by_need(problem: Problem) -> csc_array:
    """(R, N) how many seats of a role each need brings."""
    roles = np.arange(len(problem.role_need))
    size = len(roles), len(problem.need_group)
    value: Floats = problem.role_seats.astype(float)
    return csc_array(coo_array((value, (roles, problem.role_need)), shape=size))


def _wide(pairs: csc_array, needs: csc_array, others: int) -> csc_array:
    """Rows over pairs, needs, and whatever else the program has besides needs."""
    rest = csc_array((pairs.shape[0], others - needs.shape[1]))
    return hstack([pairs, needs, rest], format="csr")
