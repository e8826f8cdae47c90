"""The core: one table of cases for every road, other solvers as oracles, repairs, refinements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matchmaker.engine.core import Arcs, Optimum, optimum, refine
from matchmaker.engine.core.arcs import transposed

BACKENDS = ["scipy", "numba"]
ABSENT = -1


def arcs_of(table: list[list[int]], rows: list[int], columns: list[int]) -> Arcs:
    """Arcs of a table in which ABSENT is no arc."""
    cells = np.array(table, dtype=np.int64).reshape(len(rows), len(columns))
    i, j = np.nonzero(cells != ABSENT)
    start = np.searchsorted(i, np.arange(len(rows) + 1))
    return Arcs(start, j, cells[i, j], np.array(rows, int), np.array(columns, int))


def best(arcs: Arcs, value: np.ndarray) -> int:
    """The best value by branch and bound over plain 0/1 arcs."""
    if not len(arcs.column):
        return 0
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    limits = np.zeros((n + m, len(arcs.column)))
    limits[arcs.row, np.arange(len(arcs.column))] = 1
    limits[n + arcs.column, np.arange(len(arcs.column))] = 1
    room = [*arcs.row_capacity, *arcs.column_capacity]
    found = milp(
        -value.astype(float),
        integrality=np.ones(len(arcs.column)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(limits, -np.inf, room),
        options={"mip_rel_gap": 0.0},
    )
    return round(-found.fun)


def check(arcs: Arcs, found: Optimum) -> None:
    """Feasible, and worth exactly what the prices say nothing can exceed."""
    n, m = len(arcs.row_capacity), len(arcs.column_capacity)
    assert (np.bincount(arcs.row[found.taken], minlength=n) <= arcs.row_capacity).all()
    assert (np.bincount(arcs.column[found.taken], minlength=m) <= arcs.column_capacity).all()
    assert (np.diff(found.taken) > 0).all()
    assert (found.row_price >= 0).all()
    assert (found.column_price >= 0).all()
    beyond = arcs.value - found.row_price[arcs.row] - found.column_price[arcs.column]
    prices = [*found.row_price.tolist(), *found.column_price.tolist()]
    room = [*arcs.row_capacity.tolist(), *arcs.column_capacity.tolist()]
    bound = sum(price * most for price, most in zip(prices, room, strict=True))
    bound += sum(np.maximum(beyond, 0).tolist())
    assert sum(arcs.value[found.taken].tolist()) == found.value == found.bound == bound
    assert found.proven


CASES = {
    "no rows": ([], [], [1, 1], 0),
    "no columns": ([[], []], [1, 1], [], 0),
    "nothing at all": ([], [], [], 0),
    "no arcs": ([[-1, -1]], [1], [1, 1], 0),
    "one arc": ([[7]], [1], [1], 7),
    "worth nothing": ([[0, 0], [0, 0]], [1, 1], [1, 1], 0),
    "no capacity in a row": ([[9, 8], [5, 4]], [0, 1], [1, 1], 5),
    "no capacity in a column": ([[9, 8], [5, 4]], [1, 1], [0, 1], 8),
    "no capacity anywhere": ([[9, 8]], [0], [0, 0], 0),
    "capacity beyond all arcs": ([[9, 8], [5, 4]], [50, 50], [50, 50], 26),
    "each arc at most once": ([[9, 1], [1, 1]], [2, 2], [2, 2], 12),
    "the greedy choice is wrong": ([[10, 9], [9, 1]], [1, 1], [1, 1], 18),
    "left empty rather than less": ([[10, -1], [10, 3]], [1, 1], [1, 1], 13),
    "one column for all": ([[4], [9], [7]], [1, 1, 1], [2], 16),
    "all equal": ([[5, 5, 5]] * 3, [1, 1, 1], [1, 1, 1], 15),
    "beyond what float64 tells apart": (
        [[2**59 + 1, 2**59], [2**59, 2**59]], [1, 1], [1, 1], 2**60 + 1,
    ),
    "forced by a bonus": ([[2**40, 2**40 + 5], [-1, 2**40 + 9]], [1, 1], [1, 1], 2**41 + 9),
    "sums beyond int64": ([[2**60] * 12] * 12, [12] * 12, [12] * 12, 144 * 2**60),
}  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("case", CASES)
def test_every_road_gives_the_same_answer(case: str, backend: str) -> None:
    table, rows, columns, expected = CASES[case]
    arcs = arcs_of(table, rows, columns)
    found = optimum(arcs, backend=backend)
    assert found.value == expected
    check(arcs, found)
    check(arcs, optimum(arcs, near=found, backend=backend))


@st.composite
def questions(draw: st.DrawFn, largest: int = 12) -> Arcs:
    n, m = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    cell = st.integers(ABSENT, largest)
    table = draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))
    rows = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return arcs_of(table, rows, draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)))


@settings(max_examples=150, deadline=None)
@given(questions())
def test_branch_and_bound_finds_nothing_better(arcs: Arcs) -> None:
    plain, compiled = (optimum(arcs, backend=backend) for backend in BACKENDS)
    check(arcs, plain)
    check(arcs, compiled)
    assert plain.value == compiled.value == best(arcs, arcs.value)
    assert (plain.row_price == compiled.row_price).all()
    assert (plain.column_price == compiled.column_price).all()


@settings(max_examples=150, deadline=None)
@given(questions(), questions(), st.sampled_from(BACKENDS))
def test_any_earlier_optimum_leads_to_the_same_value_and_prices(
    earlier: Arcs, now: Arcs, backend: str
) -> None:
    near, cold = optimum(earlier, backend="scipy"), optimum(now, backend="scipy")
    repaired = optimum(now, near=near, backend=backend)
    check(now, repaired)
    assert repaired.value == cold.value
    assert (repaired.row_price == cold.row_price).all()
    assert (repaired.column_price == cold.column_price).all()


@settings(max_examples=150, deadline=None)
@given(questions(3), st.integers(0, 2**32 - 1), st.sampled_from(BACKENDS))
def test_refining_is_lexicographic(arcs: Arcs, seed: int, backend: str) -> None:
    rng = np.random.default_rng(seed)
    second, third = rng.integers(0, 5, (2, len(arcs.column)))
    first = optimum(arcs, backend=backend)
    one = refine(arcs, first, second, backend=backend)
    two = refine(arcs, one, third, backend=backend)
    assert one.proven
    assert two.proven
    assert arcs.value[two.taken].sum() == arcs.value[one.taken].sum() == first.value
    assert second[two.taken].sum() == one.value
    weighed = arcs.value * 10**4 + second * 10**2 + third
    assert first.value * 10**4 + one.value * 10**2 + two.value == best(arcs, weighed)
    assert (one.row_price[first.row_price == 0] >= 0).all()
    assert (one.column_price[first.column_price == 0] >= 0).all()


@settings(max_examples=150, deadline=None)
@given(questions(3), st.integers(0, 2**32 - 1))
def test_what_is_known_to_be_best_is_kept_and_proven(arcs: Arcs, seed: int) -> None:
    rng = np.random.default_rng(seed)
    second, third = rng.integers(0, 5, (2, len(arcs.column)))
    first = optimum(arcs, backend="scipy")
    known = refine(arcs, refine(arcs, first, second), third)
    one = refine(arcs, first, second, best=known)
    two = refine(arcs, one, third, best=known)
    assert one.proven
    assert two.proven
    assert two.taken.tolist() == one.taken.tolist() == known.taken.tolist()
    again = refine(arcs, optimum(arcs, backend="numba"), second, best=known, backend="numba")
    assert again.row_price.tolist() == one.row_price.tolist()
    assert again.column_price.tolist() == one.column_price.tolist()


@settings(max_examples=40, deadline=None)
@given(questions())
def test_arcs_are_turned_around_alike_with_and_without_the_compiler(arcs: Arcs) -> None:
    pytest.importorskip("numba")
    (one, order), (two, other) = transposed(arcs), transposed(arcs, compiled=True)
    assert np.array_equal(order, other)
    for name in ("start", "column", "value", "row_capacity", "column_capacity"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    back, places = transposed(two, compiled=True)
    assert np.array_equal(back.column, arcs.column)
    assert np.array_equal(order[places], np.arange(len(order)))


def test_a_crowded_market_is_the_same_on_every_road() -> None:
    """Enough rivals for stepped auctions, pushing out, and prices to be brought down again."""
    rng = np.random.default_rng(11)
    table = np.rint(1000 * (rng.random((90, 3)) @ rng.random((3, 80)))).astype(int)
    table[rng.random((90, 80)) < 0.7] = ABSENT
    rows, columns = rng.integers(1, 3, 90).tolist(), rng.integers(1, 3, 80).tolist()
    arcs = arcs_of(table.tolist(), rows, columns)
    plain, compiled = (optimum(arcs, backend=backend) for backend in BACKENDS)
    check(arcs, plain)
    assert plain.value == compiled.value == best(arcs, arcs.value)
    assert (plain.column_price == compiled.column_price).all()
    hashes = rng.integers(0, 2**20, len(arcs.column))
    one, other = (
        refine(arcs, o, hashes, backend=b) for o in (plain, compiled) for b in BACKENDS[:1]
    )
    again = refine(arcs, compiled, hashes, backend="numba")
    for each in (other, again):
        assert (each.taken == one.taken).all()
        assert (each.row_price == one.row_price).all()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"start": [0, 2]}, "start"),
        ({"start": [0, 3, 2]}, "start"),
        ({"column": [1, 0]}, "column"),
        ({"column": [0, 0]}, "column"),
        ({"column": [0, 2]}, "column"),
        ({"column": [-1, 0]}, "column"),
        ({"value": [1]}, "value"),
        ({"value": [1, -1]}, "value"),
        ({"value": [1, 2**60 + 1]}, "value"),
        ({"value": [0.5, 1.0]}, "value"),
        ({"row_capacity": [1, -1]}, "row_capacity"),
        ({"column_capacity": [[1, 1]]}, "column_capacity"),
    ],
)
def test_what_is_not_a_question_is_refused_by_name(change: dict, name: str) -> None:
    question = {"start": [0, 2, 2], "column": [0, 1], "value": [3, 4]}
    question |= {"row_capacity": [1, 1], "column_capacity": [1, 1]} | change
    with pytest.raises(ValueError, match=name):
        Arcs(**{part: np.array(numbers) for part, numbers in question.items()})


def test_refinement_refuses_values_whose_sums_could_leave_int64() -> None:
    arcs = arcs_of([[5, 5]], [1], [1, 1])
    with pytest.raises(ValueError, match="value2"):
        refine(arcs, optimum(arcs), np.array([2**59, 1]))
