"""Ways to meet: people and needs alike in mode, district and reach have the same place feature."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.problem import Ints
from matchmaker.engine.scale.rough import REFUSED
from matchmaker.engine.scale.terrain import Terrain

_AT_ONCE = 50_000  # cells worked out together


class Ways(NamedTuple):
    """``place[need[k], person[i]]``: the points of place of need k and person i, REFUSED out of
    reach."""

    person: Ints
    need: Ints
    place: NDArray[np.float32]


def ways(terrain: Terrain, who: Any, which: Any, most: int | None = None) -> Ways | None:
    """The ways of some people and needs; None when their table has more than ``most`` cells."""
    snapshot, weight = terrain.snapshot, terrain.weights[2]
    people, needs = snapshot.people, snapshot.needs
    one, person = _kinds(
        people.reach[who], people.district[who], people.remote[who], people.onsite[who]
    )
    other, need = _kinds(needs.mode[which], needs.district[which])
    if most is not None and len(other[0]) * len(one[0]) > most:
        return None
    place = np.empty((len(other[0]), len(one[0])), np.float32)
    step = max(_AT_ONCE // max(place.shape[1], 1), 1)
    for at in range(0, len(place), step):
        mode, there = (column[at : at + step, None] for column in other)
        place[at : at + step] = weight * _place(snapshot.distance, one, mode, there)
    return Ways(person, need, place)


def _kinds(*columns: Any) -> tuple[list[Ints], Ints]:
    """The different rows of some columns, and which of them each row is."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        whole = ints(column)
        low, high = int(whole.min(initial=0)), int(whole.max(initial=0))
        key = key * (high - low + 1) + (whole - low)
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return [ints(column[first]) for column in columns], ints(kind)


def _place(distance: Ints, people: list[Ints], mode: Ints, there: Ints) -> Any:
    reach, home, remote, onsite = people
    apart = distance[home, there]
    comes = formulas.comes_on_site(onsite, reach, apart)
    place = formulas.place(mode, remote, comes, formulas.nearness(reach, apart))
    return np.where(formulas.out_of_reach(mode, remote, comes), REFUSED, place)
