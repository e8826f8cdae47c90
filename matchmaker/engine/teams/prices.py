"""Prices that prove the total score best for a staffed set, in whole numbers.

They are the row prices of the linear relaxation with the staffed needs fixed, rounded. Any whole
numbers of the right signs give a valid bound (weak duality), so rounding can cost tightness but
never truth. Where nothing but seats and capacity couples, the best prices are whole points.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.engine.core import Optimum
from matchmaker.engine.levels import measure, score_level, staffed_needs, worst_fit
from matchmaker.engine.linear.highs import Space, relax
from matchmaker.engine.linear.model import Model, build, live_pairs
from matchmaker.engine.linear.people_rows import seats_possible
from matchmaker.engine.linear.rows import CAPACITY, LONG, LOOSE, MINUTES, ONCE, SEATS, Floats
from matchmaker.engine.problem import Bools, Ints, Problem
from matchmaker.engine.solution import Levels, Prices, no_pairs
from matchmaker.engine.teams.bundles import best, person_of
from matchmaker.engine.teams.packing import Packing
from matchmaker.engine.teams.seating import ranked, seat
from matchmaker.engine.teams.ties import tie_prices

_FINE = 2**20  # unit of prices that are not whole points
_LIKELY = 0.1  # of the pairs: those that lose least at the core's prices start


def priced(
    problem: Problem, pairs: Ints, forbid: Ints, levels: Levels, known: Optimum | None = None
) -> tuple[Prices, tuple[Prices, Prices] | None]:
    """Prices of the total score for the chosen ``pairs``, and those of the tie levels where they
    prove them; where hours bind, the score's alone."""
    staffed = staffed_needs(problem, pairs)
    values = measure(problem, pairs, levels)
    fit = values.get("worst_fit", 0)
    usable = np.flatnonzero(live_pairs(problem, forbid, fit) & staffed[problem.pair_need])
    seating = seat(problem, usable, known)
    if int(problem.pair_score[seating.pairs].sum()) == values["total_score"]:
        seating, found = ranked(seating, waiting=levels.waiting)
        if proof := tie_prices(seating, found, pairs, levels):
            return proof[0], proof[1:]
    return price(problem, pairs, forbid, levels), None


def nothing_priced(problem: Problem, pairs: Ints, forbid: Ints, levels: Levels) -> Prices:
    """Prices of 0 and the bound they give: all the scores there are. True, and not tight."""
    staffed = staffed_needs(problem, pairs)
    total = int(problem.pair_score[pairs].sum())
    fit = worst_fit(problem, pairs) if levels.worst_fit else 0
    usable = live_pairs(problem, forbid, fit) & staffed[problem.pair_need]
    most = int(problem.pair_score[usable].sum())
    people, roles, needs = (
        np.zeros(len(each), dtype=np.int64)
        for each in (problem.person_wait, problem.role_need, problem.need_group)
    )
    nobody = people[:0]
    return Prices(
        1, people, roles, people, people, needs, nobody, nobody, nobody, most, most - total
    )


def price(problem: Problem, pairs: Ints, forbid: Ints, levels: Levels) -> Prices:
    """Prices for the chosen ``pairs``; ``forbid`` as in the solve they come from."""
    staffed = staffed_needs(problem, pairs)
    values = measure(problem, pairs, levels)
    fit, total = values.get("worst_fit", 0), values["total_score"]
    usable = live_pairs(problem, forbid, fit) & staffed[problem.pair_need]
    if not usable.any():
        return _prices(problem, None, None, no_pairs(), 1, staffed, usable, fit, total)
    model = build(problem, usable, Levels(waiting=False), fit, torn=False)
    low = model.low.copy()
    low[len(model.pairs) : len(model.pairs) + len(model.needs)] = 1.0
    space, vector = Space(model, low, model.high), score_level(problem, model).vector
    found, bundled = None, no_pairs()
    if len(problem.pins):  # bundles would have to hold them
        if relaxed := relax(space, vector):
            found = relaxed.price
    else:
        found, bundled = _of_bundles(problem, space, pairs, vector)
    whole = _prices(problem, model, found, bundled, 1, staffed, usable, fit, total)
    if whole.gap == 0:
        return whole
    return _prices(problem, model, found, bundled, _FINE, staffed, usable, fit, total)


def _of_bundles(
    problem: Problem, space: Space, pairs: Ints, vector: Floats
) -> tuple[Floats | None, Ints]:
    """The prices of all rows, and who chooses among bundles."""
    model = space.model
    packing = Packing(problem, space)
    loss = seat(problem, model.pairs).loss[model.pairs]
    packing.columns = loss <= np.quantile(loss, _LIKELY)
    packing.columns[np.searchsorted(model.pairs, pairs)] = True
    relaxed = packing.relax(vector)
    bundled = np.array(sorted(packing.bundled), dtype=np.int64)
    return None if relaxed is None else relaxed.price, bundled


def _prices(
    problem: Problem,
    model: Model | None,
    price: Floats | None,
    bundled: Ints,
    scale: int,
    staffed: Bools,
    usable: Bools,
    fit: int,
    total: int,
) -> Prices:
    kinds = np.zeros(0, dtype=np.int64) if model is None else model.row_kind
    keys = kinds if model is None else model.row_key
    found = kinds * 0.0 if price is None else price
    rounded = np.rint(found * scale).astype(np.int64)
    people = np.isin(kinds, (CAPACITY, MINUTES, LONG)) & np.isin(keys, bundled)
    rounded[people] = 0

    def of(kind: int, size: int) -> Ints:
        vector = np.zeros(size, dtype=np.int64)
        vector[keys[kinds == kind]] = rounded[kinds == kind]
        return vector

    count = max(len(problem.need_group), 1)
    once = (kinds == ONCE) & ~np.isin(keys // count, bundled)
    unproven = Prices(
        scale=scale,
        person=of(CAPACITY, len(problem.person_wait)),
        role=of(SEATS, len(problem.role_need)),
        minute=of(MINUTES, len(problem.person_wait)),
        long=of(LONG, len(problem.person_wait)),
        need=of(LOOSE, len(problem.need_group)),
        once_person=keys[once] // count,
        once_need=keys[once] % count,
        once=rounded[once],
        bound=0,
        gap=0,
        bundled=bundled,
    )
    bound = price_bound(problem, unproven, staffed, usable, fit)
    return replace(unproven, bound=bound, gap=bound - total)


def rounded_prices(problem: Problem, model: Model, price: Floats, bundled: Ints) -> Prices:
    """The ``price`` of each row of a ``model`` of needs that are all staffed, in whole points;
    ``gap`` left out."""
    usable = np.zeros(len(problem.pair_role), dtype=bool)
    staffed = np.zeros(len(problem.need_group), dtype=bool)
    usable[model.pairs] = staffed[model.needs] = True
    return _prices(problem, model, price, bundled, 1, staffed, usable, 0, 0)


def price_bound(problem: Problem, prices: Prices, staffed: Bools, usable: Bools, fit: int) -> int:
    """The highest total score that ``prices`` allow any assignment of the ``staffed`` needs.

    Lagrange bound: what all limits are worth at their prices, plus for each usable pair what its
    score exceeds the prices it pays (a pinned pair counts below 0 too), or the best bundle of those
    who choose among bundles. In whole numbers.
    """
    pair = np.flatnonzero(usable)
    person, role, need = problem.pair_person[pair], problem.pair_role[pair], problem.pair_need[pair]
    minutes = problem.role_minutes[role]
    count = max(len(problem.need_group), 1)
    keys = prices.once_person * count + prices.once_need
    once = dict(zip(keys.tolist(), prices.once.tolist(), strict=True))
    twice = np.array([once.get(key, 0) for key in (person * count + need).tolist()], dtype=np.int64)
    lifted = np.where(problem.pair_score[pair] >= fit, prices.need[need], 0)
    left = (
        prices.scale * problem.pair_score[pair]
        + lifted
        - prices.person[person]
        - prices.role[role]
        - prices.minute[person] * minutes
        - np.where(2 * minutes > problem.person_minutes[person], prices.long[person], 0)
        - twice
    )
    pinned, apart = np.isin(pair, problem.pins), np.isin(person, prices.bundled)
    alone = np.where(pinned, left, np.maximum(left, 0)) * ~apart
    worth = (
        prices.person @ seats_possible(problem, pair)
        + prices.long.sum()
        + prices.minute @ problem.person_minutes
        + (prices.role * problem.role_seats)[staffed[problem.role_need]].sum()
        + prices.once.sum()
        - prices.need[staffed].sum()
        + alone.sum()
    )
    held = _best_bundles(problem, pair[apart], left[apart].astype(float))
    return (int(worth) + held) // prices.scale


def _best_bundles(problem: Problem, pairs: Ints, left: Floats) -> int:
    """What the best bundles are worth of the people whose ``pairs`` are given with what is
    ``left`` of each."""
    room = seats_possible(problem, pairs)
    first = np.flatnonzero(np.diff(problem.pair_person[pairs])) + 1
    parts = zip(np.split(pairs, first), np.split(left, first), strict=True)
    return sum(
        int(best(person_of(problem, mine, int(room[problem.pair_person[mine[0]]])), worth)[0])
        for mine, worth in parts
        if len(mine)
    )
