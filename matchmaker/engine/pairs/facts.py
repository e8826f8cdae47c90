"""Facts of a pair that rules and features both look at: skills asked, distance, hours, days."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.files.cells import format_number
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.shapes import UNKNOWN, Needs, Snapshot
from matchmaker.engine.problem import Bools, Ints


def asked_rows(needs: Needs, role: Ints) -> tuple[Ints, Ints]:
    """For the pairs' roles (K,): the position of a pair, and the asked skill row, side by side."""
    first = needs.first_asked[role]
    count = needs.first_asked[role + 1] - first
    pair = ints(np.repeat(np.arange(len(role)), count))
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    return pair, ints(first[pair] + step)


def pair_distance(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) distance in 0.1 km, UNKNOWN when a district is not stated."""
    need = snapshot.needs.role_need[role]
    return snapshot.distance[snapshot.people.district[person], snapshot.needs.district[need]]


def comes_on_site(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    """(K,) whether the person works on site and the place is within reach, as far as known."""
    people, distance = snapshot.people, pair_distance(snapshot, person, role)
    return bools(formulas.comes_on_site(people.onsite[person], people.reach[person], distance))


def hours_text(minutes: int) -> str:
    """Minutes as hours, at most two decimals."""
    return format_number(round(minutes / 60, 2))


def km_text(tenths: int) -> str:
    """Tenths of a kilometre as kilometres; ``-`` when unknown."""
    return "-" if tenths == UNKNOWN else format_number(tenths / 10)
