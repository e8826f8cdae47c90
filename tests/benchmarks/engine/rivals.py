"""The other solvers, each asked in the way that suits it best; all find the same total."""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matchmaker.engine.problem import Ints


class Arcs(NamedTuple):
    """Allowed (seat, person) pairs by seat, then person, with values > 0; a seat takes one person,
    a person as many seats as ``capacity`` says."""

    seat: Ints
    person: Ints
    value: Ints
    seats: int
    capacity: Ints


def dense(values: np.ndarray) -> int:
    """scipy's ``linear_sum_assignment`` on a full matrix in which 0 means "not allowed"."""
    rows, columns = linear_sum_assignment(values, maximize=True)
    return round(float(values[rows, columns].sum()))


def full_matrix_of(arcs: Arcs) -> np.ndarray:
    """(seats, copies of people) the values of ``arcs``: one column for each place of a person."""
    values = np.zeros((arcs.seats, len(arcs.capacity)))
    values[arcs.seat, arcs.person] = arcs.value
    return np.repeat(values, arcs.capacity, axis=1)


def sparse(arcs: Arcs) -> int:
    """scipy's ``min_weight_full_bipartite_matching``: a person of capacity c is c columns, a spare
    column for each seat lets it stay empty, values shifted by one as stored zeros are dropped."""
    copies = arcs.capacity[arcs.person]
    first = np.cumsum(arcs.capacity) - arcs.capacity
    begin = np.cumsum(copies) - copies
    column = np.repeat(first[arcs.person] - begin, copies) + np.arange(copies.sum())
    seat, value = np.repeat(arcs.seat, copies), np.repeat(arcs.value, copies)
    spare = np.arange(arcs.seats)
    matrix = csr_matrix(
        (
            np.concatenate([value, np.zeros(arcs.seats)]) + 1.0,
            (np.concatenate([seat, spare]), np.concatenate([column, arcs.capacity.sum() + spare])),
        ),
        shape=(arcs.seats, int(arcs.capacity.sum()) + arcs.seats),
    )
    rows, columns = min_weight_full_bipartite_matching(matrix, maximize=True)
    return int(np.asarray(matrix[rows, columns]).sum()) - arcs.seats


def flow(arcs: Arcs) -> int:
    """or-tools' ``SimpleMinCostFlow``, built and solved: seats → people → sink, and an arc past
    the people for a seat that stays empty."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    people = len(arcs.capacity)
    sink = arcs.seats + people
    seats = np.arange(arcs.seats)
    network = SimpleMinCostFlow()
    for tail, head, room, cost in (
        (arcs.seat, arcs.seats + arcs.person, 1, -arcs.value),
        (arcs.seats + np.arange(people), sink, arcs.capacity, 0),
        (seats, sink, 1, 0),
    ):
        network.add_arcs_with_capacity_and_unit_cost(
            *(np.broadcast_to(each, len(tail)) for each in (tail, head, room, cost))
        )
    network.set_nodes_supplies(seats, np.ones(arcs.seats, dtype=np.int64))
    network.set_node_supply(sink, -arcs.seats)
    if network.solve() != network.OPTIMAL:
        raise RuntimeError("or-tools found no optimum")
    return -int(network.optimal_cost())


def stable_by_package(
    people: list[list[int]], roles: list[list[int]], room: list[int]
) -> list[tuple[int, int]]:
    """The ``matching`` package: create, solve and check. Returns (person, role) pairs.

    Its deep copies need more than Python's usual 1,000 nested calls; the limit is raised here.
    """
    from matching.games import HospitalResident

    sys.setrecursionlimit(1_000_000)
    game = HospitalResident.create_from_dictionaries(
        {f"p{at}": [f"r{role}" for role in wanted] for at, wanted in enumerate(people)},
        {f"r{at}": [f"p{person}" for person in wanted] for at, wanted in enumerate(roles)},
        {f"r{at}": places for at, places in enumerate(room)},
    )
    found = game.solve(optimal="resident")
    if not (game.check_validity() and game.check_stability()):
        raise RuntimeError("the package's answer is not stable by its own check")
    return [
        (int(person.name[1:]), int(role.name[1:]))
        for role, held in found.items()
        for person in held
    ]
