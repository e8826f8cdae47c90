"""assign: published optima, prices that prove them, every kind of input, refusals."""

from __future__ import annotations

import csv
import json
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, coo_matrix, csc_matrix, csr_array, lil_matrix

from matchmaker.engine import Assignment, assign
from tests.engine.shared_data import shared

PUBLISHED = [100, 200, 300, 400, 500, 600, 700, 800, "p800", "p5000"]


def check_proof(weights: object, a: Assignment, rows: object = None, cols: object = None) -> None:
    """Prices are feasible and worth exactly what the pairs are worth."""
    w = coo_array(weights).astype(float)
    allowed = np.isfinite(w.data) & (w.data > 0)
    i, j, value = w.coords[0][allowed], w.coords[1][allowed], w.data[allowed]
    row_room = np.ones(w.shape[0]) if rows is None else np.asarray(rows)
    col_room = np.ones(w.shape[1]) if cols is None else np.asarray(cols)
    assert a.row_price.shape == row_room.shape
    assert a.col_price.shape == col_room.shape
    assert (a.row_price >= 0).all()
    assert (a.col_price >= 0).all()
    assert (np.bincount(a.rows, minlength=w.shape[0]) <= row_room).all()
    assert (np.bincount(a.cols, minlength=w.shape[1]) <= col_room).all()
    assert len(set(zip(a.rows.tolist(), a.cols.tolist(), strict=True))) == len(a.rows)
    assert set(zip(a.rows, a.cols, strict=True)) <= set(zip(i, j, strict=True))
    left = np.maximum(value - a.row_price[i] - a.col_price[j], 0)
    worth = a.row_price @ row_room + a.col_price @ col_room + left.sum()
    assert worth == pytest.approx(a.bound, rel=1e-9)
    assert a.bound == pytest.approx(a.value, rel=1e-9)
    assert a.proven
    if not ((row_room[i] > 1) & (col_room[j] > 1)).any():
        assert (left <= 1e-9 * value.max(initial=1)).all()


def read_orlib(name: str) -> tuple[int, coo_array]:
    """Size and costs; every published file is a minimum-cost perfect matching."""
    words = shared(f"orlib/assign{name}.txt").read_text().split()
    size, numbers = int(words[0]), np.array(words[1:], dtype=float)
    if name.startswith("p"):
        i, j, cost = numbers.reshape(-1, 3).T
        return size, coo_array((cost, (i.astype(int) - 1, j.astype(int) - 1)), shape=(size, size))
    i, j = np.indices((size, size)).reshape(2, -1)
    return size, coo_array((numbers, (i, j)), shape=(size, size))


def published_optimum(name: str) -> int:
    for line in shared("orlib/assignopt.txt").read_text().splitlines():
        words = line.split()
        if words and words[0] == f"assign{name}":
            return int(words[1])
    raise AssertionError(f"assign{name} has no published optimum")


@pytest.mark.parametrize("name", [str(name) for name in PUBLISHED])
def test_every_published_optimum_is_reached_and_proven(name: str) -> None:
    size, costs = read_orlib(name)
    big = (size + 1) * (costs.data.max() + 1)  # one more pair is worth more than any costs
    values = coo_array((big - costs.data, costs.coords), shape=costs.shape)
    forms = [values.tocsr()] if size > 1000 else [values.tocsr(), values.toarray()]
    for weights in forms:
        a = assign(weights)
        assert len(a.rows) == size
        assert size * big - a.value == published_optimum(name)
        assert a.proven
        assert a.bound == a.value
        check_proof(weights, a)


def test_fractional_weights_reach_the_published_optimum_too() -> None:
    size, costs = read_orlib("p800")
    big = (size + 1) * (costs.data.max() + 1)
    weights = coo_array(((big - costs.data) / 7, costs.coords), shape=costs.shape)
    a = assign(weights)
    assert round(size * big - 7 * a.value) == published_optimum("p800")
    check_proof(weights, a)


def cardiff() -> tuple[dict[tuple[int, int], int], list[list[int]], list[int], int]:
    """Points of each (student, project), the projects and blocked places of each supervisor,
    the projects' capacities, the number of students. A repeated choice counts where it is best."""
    with shared("spa_cardiff/projects.csv").open() as lines:
        projects = list(csv.DictReader(lines))
    with shared("spa_cardiff/supervisors.csv").open() as lines:
        places = {row["name"]: int(row["capacity"]) for row in csv.DictReader(lines)}
    with shared("spa_cardiff/students.csv").open() as lines:
        students = list(csv.DictReader(lines))
    number = {project["code"]: j for j, project in enumerate(projects)}
    capacity = [int(project["capacity"]) for project in projects]
    points: dict[tuple[int, int], int] = {}
    for i, student in enumerate(students):
        for rank in range(25):
            if student[str(rank)] in number:
                points.setdefault((i, number[student[str(rank)]]), 30 - rank)
    blocked = []
    for name, most in places.items():
        mine = [j for j, project in enumerate(projects) if project["supervisor"] == name]
        blocked += [mine] * (sum(capacity[j] for j in mine) - most)
    return points, blocked, capacity, len(students)


@pytest.mark.parametrize("form", ["dense", "sparse"])
def test_students_projects_and_supervisors_of_cardiff(form: str) -> None:
    """A supervisor with fewer places than the projects offer together blocks the difference:
    each blocked place is a row that any project of the supervisor can hold. Several answers share
    the best total; the published number of first choices lies between their fewest and most."""
    points, blocked, capacity, students = cardiff()
    expected = json.loads(shared("spa_cardiff/expected.json").read_text())
    assert len(points) == expected["edges"]
    more = students + 1  # one point of the total outweighs all first choices
    first_choices = []
    for bonus in (-1, 1):
        worth = {pair: more * value + bonus * (value == 30) for pair, value in points.items()}
        for row, mine in enumerate(blocked, start=students):
            worth.update({(row, j): 1000 * more for j in mine})
        i, j = np.array(list(worth)).T
        shape = (students + len(blocked), len(capacity))
        weights = coo_array((np.array(list(worth.values())), (i, j)), shape=shape)
        a = assign(weights if form == "sparse" else weights.toarray(), col_capacity=capacity)
        check_proof(weights, a, cols=capacity)
        pairs = [pair for pair in zip(a.rows, a.cols, strict=True) if pair[0] < students]
        assert len(a.rows) - len(pairs) == len(blocked)
        assert sum(points[pair] for pair in pairs) == expected["max_weight_30_minus_rank"] == 2843
        assert len(pairs) == expected["matched_at_max_weight"] == 97
        first_choices.append(sum(points[pair] == 30 for pair in pairs))
    assert first_choices[0] <= expected["first_choices_at_max_weight"] <= first_choices[1]


def best_value(weights: NDArray[np.float64], rows: list[int], cols: list[int]) -> float:
    """The best value by branch and bound over plain 0/1 cells."""
    n, m = weights.shape
    if not n * m:
        return 0.0
    worth = np.where(np.isfinite(weights) & (weights > 0), weights, 0.0).ravel()
    limits = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    found = milp(
        -worth,
        integrality=np.ones(n * m),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(limits, -np.inf, [*rows, *cols]),
        options={"mip_rel_gap": 0.0},
    )
    return float(-found.fun)


@pytest.mark.parametrize(("whole", "sparse"), list(product([True, False], repeat=2)))
def test_random_tables_with_capacities(whole: bool, sparse: bool) -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        n, m = rng.integers(0, 7, 2)
        weights = rng.integers(-3, 6, (n, m)).astype(float)
        if not whole:
            weights *= rng.random((n, m))
        rows, cols = rng.integers(0, 4, n).tolist(), rng.integers(0, 4, m).tolist()
        a = assign(csr_array(weights) if sparse else weights, rows, cols)
        assert a.value == pytest.approx(best_value(weights, rows, cols), abs=1e-9)
        check_proof(weights, a, rows, cols)


def test_large_sparse_tables_equal_the_dense_answer() -> None:
    rng = np.random.default_rng(3)
    weights = np.where(rng.random((300, 260)) < 0.05, rng.integers(1, 100, (300, 260)), 0)
    thin, full = assign(csr_array(weights)), assign(weights + 0.0)
    assert thin.value == full.value == thin.bound == full.bound
    check_proof(weights, thin)


def test_only_finite_values_above_zero_are_allowed() -> None:
    weights = np.array([[np.nan, np.inf, -np.inf], [0.0, -1.0, 3.0], [np.nan, 2.0, 2.0]])
    a = assign(weights)
    assert (a.rows.tolist(), a.cols.tolist(), a.value) == ([1, 2], [2, 1], 5.0)
    assert a.rows.dtype == a.cols.dtype == np.int64
    check_proof(np.nan_to_num(weights, nan=0, posinf=0, neginf=0), a)


def test_a_small_value_beats_leaving_both_out() -> None:
    a = assign(np.array([[1e-9]]))
    assert a.value == 1e-9
    assert a.proven


def test_unmatched_when_another_partner_is_worth_more() -> None:
    a = assign(np.array([[10, 9], [9, 1]]))
    assert a.value == 18
    assert a.bound == 18


@pytest.mark.parametrize("kind", [coo_matrix, csc_matrix, lil_matrix, csr_array])
def test_any_sparse_form_is_read_and_left_as_it_was(kind: type) -> None:
    weights = kind(np.array([[0, 5, 2], [4, 0, 0]]))
    before = weights.toarray().copy()
    a = assign(weights)
    assert (a.rows.tolist(), a.cols.tolist(), a.value) == ([0, 1], [1, 0], 9.0)
    assert (weights.toarray() == before).all()


def test_stored_zeros_unsorted_and_repeated_entries() -> None:
    weights = csr_array(
        (np.array([4.0, 0.0, 1.0, 2.0, 2.0]), np.array([2, 0, 0, 1, 1]), np.array([0, 3, 5])),
        shape=(2, 3),
    )
    a = assign(weights)
    assert a.value == 8.0  # row 1 holds column 1 twice: 2 + 2
    assert weights.nnz == 5


def test_nothing_to_match() -> None:
    for shape in [(0, 0), (0, 3), (3, 0), (2, 2)]:
        a = assign(np.zeros(shape))
        assert (a.value, a.bound, a.proven, len(a.rows)) == (0.0, 0.0, True, 0)
        assert (len(a.row_price), len(a.col_price)) == shape


def test_a_pair_is_used_once_whatever_the_capacities() -> None:
    a = assign(np.array([[9, 1], [1, 1]]), [2, 2], [2, 2])
    assert a.value == 12
    assert len(a.rows) == 4
    assert a.proven


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((np.zeros(3),), "weights"),
        ((np.zeros((2, 2, 2)),), "weights"),
        ((coo_array(np.ones(3)),), "weights"),
        (("abc",), "weights"),
        ((None,), "weights"),
        ((np.array([[1j]]),), "weights"),
        ((np.array([["a"]]),), "weights"),
        ((np.ones((2, 2)), [1]), "row_capacity"),
        ((np.ones((2, 2)), [1, -1]), "row_capacity"),
        ((np.ones((2, 2)), [1.5, 1]), "row_capacity"),
        ((np.ones((2, 2)), None, [[1, 1]]), "col_capacity"),
        ((np.ones((2, 2)), None, [np.nan, 1]), "col_capacity"),
        ((np.ones((2, 2)), None, ["one", "two"]), "col_capacity"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(arguments: tuple, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        assign(*arguments)
