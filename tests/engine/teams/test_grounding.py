"""Prices of shortages: those a chosen set bears out, and what is said where it bears out none."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from matchmaker.engine.teams.grounding import borne_out


def test_prices_that_a_best_choice_bears_out_bound_every_other() -> None:
    """Against linear programs of whole numbers: the bound that the prices give is their best."""
    random, borne = np.random.default_rng(3), 0
    for _each in range(300):
        size, count = random.integers(1, 6, size=2)
        rows = random.integers(-1, 3, (count, size)).astype(float)
        most, goal = random.integers(0, 4, size).astype(float), random.integers(0, 9, size) * 1.0
        high = np.maximum(rows @ np.floor(most * random.random(size)), 0)
        best = linprog(-goal, A_ub=rows, b_ub=high, bounds=np.column_stack([0 * most, most]))
        chosen = np.rint(best.x)
        if not np.allclose(chosen, best.x):
            continue
        price = borne_out(csc_array(rows), high, goal, most, chosen)
        if price is not None:
            borne += 1
            assert (price >= 0).all()
            bound = price @ high + np.maximum(goal - price @ rows, 0) @ most
            assert abs(bound + best.fun) < 1e-6
    assert borne > 200


def test_where_no_row_is_full_and_nothing_at_its_end_there_are_no_prices() -> None:
    one = np.ones(1)
    assert borne_out(csc_array(one[:, None]), 3 * one, one, 2 * one, one) is None
