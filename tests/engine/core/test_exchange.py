"""Exchanges from the best under some values lead to the best under others."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.core import Arcs, optimum
from matchmaker.engine.core.exchange import Ends, exchanged


def test_exchanges_end_where_the_core_does() -> None:
    told = moved = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        rows, columns = int(rng.integers(2, 9)), int(rng.integers(2, 7))
        cells = np.flatnonzero(rng.random(rows * columns) < 0.6)
        row, column = cells // columns, cells % columns
        start = np.searchsorted(row, np.arange(rows + 1))
        room, seats = rng.integers(1, 3, rows), rng.integers(1, 3, columns)
        before, after = rng.integers(1, 60, (2, len(cells)))
        full = rng.random() < 0.5  # columns that have to be full, as far as they can be
        bonus = 1000 * full
        known = optimum(Arcs(start, column, before + bonus, room, seats))
        best = optimum(Arcs(start, column, after + bonus, room, seats))
        taken = np.zeros(len(cells), dtype=bool)
        taken[known.taken] = True
        filled = np.bincount(known.column, minlength=columns) >= seats
        must = filled & full
        ends = Ends.of(row, column, room, np.where(filled | (not full), seats, 0), must)
        found = exchanged(ends, after, np.ones(len(cells), dtype=bool), taken)
        if found is None or (full and not filled.all()):
            continue
        told += 1
        moved += found.tolist() != taken.tolist()
        assert int((after + bonus)[found].sum()) == best.value
        assert (np.bincount(row[found], minlength=rows) <= room).all()
        assert (np.bincount(column[found], minlength=columns) <= seats).all()
    assert told > 150
    assert moved > 50
