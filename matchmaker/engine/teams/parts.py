"""A round divided into parts that share nobody: each is solved by itself.

Every level but the worst fit is a sum over needs, people and groups, so the best of the whole is
the best of each part put together, level by level. A limit on needs ties all parts together.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matchmaker.engine.problem import Bools, Problem

WORTHWHILE = 1_500  # pairs from which a part is worth a model of its own


def parts(problem: Problem, live: Bools) -> list[Bools]:
    """Masks (K,) of ``live`` pairs. Different masks have no person, need or group in common; small
    parts stay together until they have ``WORTHWHILE`` pairs."""
    people, groups = len(problem.person_wait), len(problem.group_wait)
    person, group = problem.pair_person[live], problem.need_group[problem.pair_need[live]]
    links = coo_array(
        (np.ones(len(person)), (person, people + group)), shape=(people + groups,) * 2
    )
    _, label = connected_components(links, directed=False)
    label_of_pair = label[problem.pair_person]
    size = np.bincount(label_of_pair[live], minlength=int(label.max(initial=0)) + 1)
    found: list[Bools] = []
    together = np.zeros(len(size), dtype=bool)
    for part in np.flatnonzero(size):
        together[part] = True
        if size[together].sum() >= WORTHWHILE:
            found.append(live & together[label_of_pair])
            together[:] = False
    rest = live & together[label_of_pair]
    return [*found, rest] if rest.any() or not found else found
