"""Kept pairs: in order, and joined by others without doubles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.engine.arrays import in_order
from matchmaker.engine.scale.pool import Pool

PEOPLE, ROLES = 7, 5
cells = st.dictionaries(
    st.tuples(st.integers(0, ROLES - 1), st.integers(0, PEOPLE - 1)), st.integers(1, 10_000)
)


@pytest.mark.parametrize("largest", [9, 10_000, 2**40])
def test_rows_are_put_in_order_however_large_their_numbers(largest: int) -> None:
    rng = np.random.default_rng(largest)
    columns = [rng.integers(0, largest, 500) for _ in range(3)]
    rows = sorted(zip(*(column.tolist() for column in columns), strict=True))
    assert list(zip(*(column.tolist() for column in in_order(*columns)), strict=True)) == rows


@settings(max_examples=60, deadline=None)
@given(cells, cells)
def test_pairs_that_are_there_already_stay_as_they_are(
    old: dict[tuple[int, int], int], new: dict[tuple[int, int], int]
) -> None:
    rows = sorted(old)
    columns = [
        np.array(each, dtype=np.int64) for each in ([p for _, p in rows], [r for r, _ in rows])
    ]
    pool = Pool(
        PEOPLE, *columns, np.array([old[row] for row in rows], np.int64), np.zeros((3, ROLES))
    )
    role, person = (np.array([row[at] for row in new], dtype=np.int64) for at in range(2))
    then = pool.with_pairs(person, role, np.array(list(new.values()), dtype=np.int64))
    found = zip(then.role.tolist(), then.person.tolist(), then.score.tolist(), strict=True)
    assert list(found) == [(*row, score) for row, score in sorted((new | old).items())]
