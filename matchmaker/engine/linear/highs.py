"""HiGHS, asked exactly: whole-number objectives, answers re-checked in whole numbers.

Nothing here trusts a tolerance. A rounded answer counts only if it satisfies every row in whole
numbers; a bound from row prices is recomputed from the prices, so it holds whatever they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from matchmaker.engine.linear.model import Model
from matchmaker.engine.linear.rows import Floats
from matchmaker.engine.problem import Bools, Ints

_FEW = 5_000  # pairs up to which a relaxation asks them all at once
_EACH = 8  # pairs of each role that a larger one starts with
_GAIN = 1e-6  # of a pair, from which it joins the relaxation
_ROUNDING = 1e-6  # of sums below 2**40, whose float64 error is under 2**-12 even after 2**10 terms


@dataclass(frozen=True)
class Space:
    """A model narrowed level by level: rows of levels already won, variables already decided."""

    model: Model
    low: Floats
    high: Floats
    cuts: csr_array | None = None
    cut_low: tuple[int, ...] = ()

    def won(self, objective: Floats, value: int) -> Space:
        """From now on ``objective`` is at least ``value``."""
        row = csr_array(objective.reshape(1, -1))
        cuts = row if self.cuts is None else vstack([self.cuts, row], format="csr")
        return Space(self.model, self.low, self.high, cuts, (*self.cut_low, value))

    def narrowed(self, low: Floats, high: Floats) -> Space:
        """The same rows with other limits of the variables."""
        return Space(self.model, low, high, self.cuts, self.cut_low)

    @property
    def free(self) -> Bools:
        """(V,) whole variables still undecided."""
        return self.model.whole & (self.low < self.high)

    def holds(self, values: Floats) -> bool:
        """Whether whole ``values`` satisfy every limit, row and level won."""
        filled = self.model.rows @ values
        inside = (filled >= self.model.row_low) & (filled <= self.model.row_high)
        kept = self.cuts is None or (self.cuts @ values >= np.array(self.cut_low)).all()
        return bool(
            inside.all() and kept and (values >= self.low).all() and (values <= self.high).all()
        )


@dataclass(frozen=True)
class Answer:
    """``values``: the best variables found, whole numbers; None when nothing satisfies the rows
    (``impossible``) or time ran out first. ``bound``: no answer is worth more. ``finished``: False
    if time ran out."""

    values: Floats | None
    bound: int
    impossible: bool = False
    finished: bool = True


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: ``values`` may be fractions, ``bound`` holds for whole answers too,
    ``gain`` (V,) is what the bound gains (or loses, below 0) per unit of a variable,
    ``price`` the price of each row of the model."""

    values: Floats
    bound: float
    gain: Floats
    price: Floats


def search(
    space: Space, objective: Floats, time_limit: float | None = None, gap: float = 0.0
) -> Answer:
    """The greatest whole value of ``objective`` over ``space``, by branch and bound; it may stop
    at a ``gap`` (of the value) and then counts as finished."""
    if not len(objective):
        nothing = np.zeros(0) if max(space.cut_low, default=0) <= 0 else None
        return Answer(nothing, 0, impossible=nothing is None)
    part = _Part(space, space.low < space.high)
    fixed = round(float(objective @ part.base))
    if not part.columns.any():
        values = whole(space, part.base)
        return Answer(values, fixed, impossible=values is None)
    options: dict[str, float] = {"mip_rel_gap": gap}
    if time_limit is not None:
        options["time_limit"] = time_limit
    found = milp(
        -objective[part.columns],
        integrality=space.model.whole[part.columns].astype(np.int64),
        bounds=Bounds(space.low[part.columns], space.high[part.columns]),
        constraints=[LinearConstraint(part.rows, part.low, part.high)],
        options=options,
    )
    if found.status == 2:
        return Answer(None, 0, impossible=True)
    most = float(np.maximum(objective, 0.0) @ space.high)
    bound = most if found.mip_dual_bound is None else fixed - found.mip_dual_bound
    values = None if found.x is None else whole(space, part.spread(found.x))
    found_bound = int(np.floor(min(bound, most) + _ROUNDING))
    return Answer(values, found_bound, finished=found.status == 0)


class _Part:
    """Some ``columns`` of a space; the others stand at their lower limits (``base``)."""

    def __init__(self, space: Space, columns: Bools) -> None:
        self.columns = columns
        self.base = np.where(columns, 0.0, space.low)
        rows, low, high = space.model.rows, space.model.row_low, space.model.row_high
        taken = rows @ self.base
        self.rows = rows[:, np.flatnonzero(columns)]
        self.low, self.high = low - taken, high - taken
        if space.cuts is not None:
            least = np.array(space.cut_low, float) - space.cuts @ self.base
            cuts = space.cuts.tocsc()[:, np.flatnonzero(columns)]
            self.rows = vstack([self.rows, cuts], format="csc")
            self.low = np.concatenate([self.low, least])
            self.high = np.concatenate([self.high, np.full(len(least), np.inf)])

    def spread(self, values: Floats) -> Floats:
        """``values`` of the columns, as values of all variables."""
        every = self.base.copy()
        every[self.columns] = values
        return every


def whole(space: Space, values: Floats) -> Floats | None:
    """``values`` rounded, if they are close to whole and then satisfy everything exactly."""
    rounded = np.rint(values)
    checked = space.model.whole
    if np.abs(values - rounded)[checked].max(initial=0.0) > 1e-5:
        return None
    counted = counts(space.model, rounded)
    return counted if space.holds(counted) else None


def counts(model: Model, values: Floats) -> Floats:
    """``values`` with the counting variables as high as the others allow."""
    result = np.where(model.whole, values, 0.0)
    for rows, columns in model.count.blocks:
        result[columns] = np.minimum(model.high[columns], -(model.by_row[rows] @ result))
    return result


def relax(
    space: Space, objective: Floats, start: Floats | None = None, loss: Ints | None = None
) -> Relaxed | None:
    """The best fractional value, with the prices of the rows turned into a bound and losses.

    With ``start``, values that satisfy ``space``, only the pairs that look worth it are asked
    first; then every pair that gains at the prices found joins, until none does. ``loss``: what
    each pair of the model was seen to lose in a similar question.
    """
    free = space.low < space.high
    columns = free if start is None else free & _promising(space, objective, start, loss)
    while True:
        relaxed = _linear(space, objective, columns)
        if relaxed is None:
            return None
        gaining = np.flatnonzero(free & ~columns & (relaxed.gain > _GAIN))
        if not len(gaining):
            return relaxed
        best = np.argsort(-relaxed.gain[gaining], kind="stable")[: int(columns.sum())]
        columns = columns.copy()
        columns[gaining[best]] = True


def _promising(space: Space, objective: Floats, start: Floats, loss: Ints | None) -> Bools:
    """(V,) everything but pairs, the pairs of ``start``, and the best few pairs of each role."""
    pairs = len(space.model.pairs)
    chosen = (start > 0) | (np.arange(len(objective)) >= pairs)
    if pairs <= _FEW:
        return np.ones_like(chosen)
    usable = np.flatnonzero(space.high[:pairs] > 0)
    role = space.model.pair_role[usable]
    worst = -objective[:pairs] if loss is None else loss
    order = np.lexsort((usable, worst[usable], role))
    rank = np.arange(len(order)) - np.searchsorted(role[order], role[order])
    chosen[usable[order[rank < _EACH]]] = True
    return chosen


def _linear(space: Space, objective: Floats, columns: Bools) -> Relaxed | None:
    """The linear relaxation in some ``columns``; bound and gains speak of all."""
    part = _Part(space, columns)
    if not columns.any():
        nothing = np.zeros(len(space.model.row_low))
        return Relaxed(part.base, float(objective @ part.base), objective, nothing)
    equal = part.low == part.high
    under, over = ~equal & np.isfinite(part.high), ~equal & np.isfinite(part.low)
    rows = part.rows.tocsr()
    found = linprog(
        -objective[columns],
        A_ub=vstack([rows[under], -rows[over]], format="csr"),
        b_ub=np.concatenate([part.high[under], -part.low[over]]),
        A_eq=rows[equal],
        b_eq=part.low[equal],
        bounds=np.column_stack([space.low[columns], space.high[columns]]),
        method="highs",
    )
    if found.status != 0:
        return None
    limits, price = found.ineqlin.marginals, np.zeros(len(equal))
    price[equal] = -found.eqlin.marginals
    price[under] = np.maximum(-limits[: int(under.sum())], 0.0)
    price[over] -= np.maximum(-limits[int(under.sum()) :], 0.0)
    own = price[: len(space.model.row_low)]
    gain = objective - own @ space.model.rows
    worth = own @ np.where(own < 0, space.model.row_low, space.model.row_high)
    if space.cuts is not None:
        extra = price[len(own) :]
        gain = gain - extra @ space.cuts
        worth += extra @ np.array(space.cut_low, float)
    bound = worth + np.maximum(gain * space.low, gain * space.high).sum()
    return Relaxed(part.spread(found.x), float(bound), gain, own)


def decide(space: Space, relaxed: Relaxed, value: int) -> Space:
    """``space`` without the values of variables that no answer worth ``value`` can take."""
    fixed = space.free & (relaxed.bound - np.abs(relaxed.gain) < value - 1e-3)
    at = np.where(relaxed.gain > 0, space.high, space.low)
    return space.narrowed(np.where(fixed, at, space.low), np.where(fixed, at, space.high))
