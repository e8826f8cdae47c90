"""HiGHS, asked exactly: whole-number objectives, answers re-checked in whole numbers.

Nothing here trusts a tolerance. A rounded answer counts only if it satisfies every row in whole
numbers; a bound from row prices is recomputed from the prices, so it holds whatever they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from matchmaker.engine.model import Floats, Model
from matchmaker.engine.problem import Bools

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
    (``impossible``) or time ran out first. ``bound``: no answer is worth more."""

    values: Floats | None
    bound: int
    impossible: bool = False


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: ``values`` may be fractions, ``bound`` holds for whole answers too,
    ``gain`` (V,) is what the bound gains (or loses, below 0) per unit of a variable,
    ``price`` the price of each row of the model."""

    values: Floats
    bound: float
    gain: Floats
    price: Floats


def search(space: Space, objective: Floats, time_limit: float | None = None) -> Answer:
    """The greatest whole value of ``objective`` over ``space``, by branch and bound, gap 0."""
    model = space.model
    if not len(objective):
        nothing = np.zeros(0) if max(space.cut_low, default=0) <= 0 else None
        return Answer(nothing, 0, impossible=nothing is None)
    options: dict[str, float] = {"mip_rel_gap": 0.0}
    if time_limit is not None:
        options["time_limit"] = time_limit
    rows = [LinearConstraint(model.rows, model.row_low, model.row_high)]
    if space.cuts is not None:
        rows.append(LinearConstraint(space.cuts, np.array(space.cut_low, float), np.inf))
    found = milp(
        -objective,
        integrality=model.whole.astype(np.int64),
        bounds=Bounds(space.low, space.high),
        constraints=rows,
        options=options,
    )
    if found.status == 2:
        return Answer(None, 0, impossible=True)
    most = float(np.maximum(objective, 0.0) @ space.high)
    bound = -found.mip_dual_bound if found.mip_dual_bound is not None else most
    values = None if found.x is None else whole(space, found.x)
    return Answer(values, int(np.floor(min(bound, most) + _ROUNDING)))


def whole(space: Space, values: Floats) -> Floats | None:
    """``values`` rounded, if they are close to whole and then satisfy everything exactly."""
    rounded = np.rint(values)
    checked = space.model.whole
    if np.abs(values - rounded)[checked].max(initial=0.0) > 1e-5:
        return None
    counted = _counts(space.model, rounded)
    return counted if space.holds(counted) else None


def _counts(model: Model, values: Floats) -> Floats:
    """``values`` with the counting variables as high as the others allow."""
    result = np.where(model.whole, values, 0.0)
    rows, columns = model.counting
    if len(rows):
        result[columns] = np.minimum(1.0, -(model.rows[rows] @ result))
    return result


def relax(space: Space, objective: Floats) -> Relaxed | None:
    """The best fractional value, with the prices of the rows turned into a bound and losses."""
    model = space.model
    equal = model.row_low == model.row_high
    upper, limit = model.rows[~equal], model.row_high[~equal]
    if space.cuts is not None:
        upper = vstack([upper, -space.cuts], format="csr")
        limit = np.concatenate([limit, -np.array(space.cut_low, float)])
    found = linprog(
        -objective,
        A_ub=upper,
        b_ub=limit,
        A_eq=model.rows[equal],
        b_eq=model.row_low[equal],
        bounds=np.column_stack([space.low, space.high]),
        method="highs",
    )
    if found.status != 0:
        return None
    price = np.maximum(-found.ineqlin.marginals, 0.0)
    tied = -found.eqlin.marginals
    left = objective - upper.T @ price - model.rows[equal].T @ tied
    bound = price @ limit + tied @ model.row_low[equal]
    bound += np.maximum(left * space.low, left * space.high).sum()
    prices = np.empty(len(equal))
    prices[equal], prices[~equal] = tied, price[: int((~equal).sum())]
    return Relaxed(found.x, float(bound), left, prices)


def decide(space: Space, relaxed: Relaxed, value: int) -> Space:
    """``space`` without the values of variables that no answer worth ``value`` can take."""
    fixed = space.free & (relaxed.bound - np.abs(relaxed.gain) < value - 1e-3)
    at = np.where(relaxed.gain > 0, space.high, space.low)
    return space.narrowed(np.where(fixed, at, space.low), np.where(fixed, at, space.high))
