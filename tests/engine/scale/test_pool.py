"""Kept pairs: in order, and joined by others without doubles."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.engine.scale.found import NONE, Found
from matchmaker.engine.scale.pool import Pool

PEOPLE, ROLES = 7, 5
cells = st.dictionaries(
    st.tuples(st.integers(0, ROLES - 1), st.integers(0, PEOPLE - 1)), st.integers(1, 10_000)
)


@settings(max_examples=60, deadline=None)
@given(cells, st.integers(1, 4))
def test_a_first_search_is_put_in_order_and_bounds_what_it_left_behind(
    cells: dict[tuple[int, int], int], size: int
) -> None:
    parts, least = [], dict[int, int]()
    for roles in ((3, 0), (4, 1, 2)):  # parts come in the order of their blocks
        rows = [
            row
            for role in roles
            for row in sorted((row for row in cells if row[0] == role), key=lambda at: -cells[at])
        ]
        score = np.array([cells[row] for row in rows], dtype=np.int64)
        role, person = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(2))
        parts.append(Found(person, role, score, np.array([score, -score, score])))
        least |= {row[0]: cells[row] for row in rows}
    pool = Pool.of(PEOPLE, parts, np.full(ROLES, size))
    found = zip(pool.role.tolist(), pool.person.tolist(), pool.score.tolist(), strict=True)
    assert list(found) == [(*row, score) for row, score in sorted(cells.items())]
    for role in range(ROLES):
        full = sum(row[0] == role for row in cells) >= size
        expected = [least[role], -least[role], least[role]] if full else [NONE] * 3
        assert pool.beyond[:, role].tolist() == expected


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
