"""The matching problem of one round as arrays: what the solver reads, and nothing else.

Indices are positions in the id vectors that a market keeps beside these arrays. A market sorts by
id before it numbers anything, so the order of input rows never reaches the solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

URGENT, IMPORTANT, ORDINARY = 0, 1, 2


@dataclass(frozen=True)
class Problem:
    """People, needs with roles, and the allowed pairs between people and roles.

    Shapes: P people, G groups, N needs, R roles, K allowed pairs. Hours are whole minutes a week.
    ``pair_*`` hold only pairs that every rule and the floor allow and no ban forbids, sorted by
    person, then role. ``pins`` are indices into the pairs. ``pair_hash`` decides what waiting
    leaves equal.
    """

    person_capacity: Ints  # (P,) needs a person can still take
    person_minutes: Ints  # (P,) minutes a week offered
    person_wait: Ints  # (P,) days a person has waited
    group_wait: Ints  # (G,) days a group has waited
    need_group: Ints  # (N,) group of each need
    need_urgency: Ints  # (N,) URGENT, IMPORTANT or ORDINARY
    role_need: Ints  # (R,) need of each role
    role_seats: Ints  # (R,) identical seats of a role
    role_essential: Bools  # (R,)
    role_minutes: Ints  # (R,) minutes a week that a seat asks
    pair_person: Ints  # (K,)
    pair_role: Ints  # (K,)
    pair_score: Ints  # (K,) 1..10,000
    pair_hash: Ints  # (K,) 0..2**20-1
    pins: Ints  # (pins,) pairs that must be chosen
    max_needs: int | None = None  # at most this many needs are staffed
