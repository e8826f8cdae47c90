"""Six features of a pair, each a whole number 0..10,000 (basis points of 0..1).

Whole numbers throughout, so that a score never depends on a machine's rounding. The formulas are
in ``formulas``; here the arrays of a snapshot meet them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.facts import asked_rows, comes_on_site, pair_distance
from matchmaker.engine.pairs.formulas import FULL, REMOTE_IN_HYBRID
from matchmaker.engine.pairs.shapes import UNKNOWN, Snapshot
from matchmaker.engine.policy import FEATURES
from matchmaker.engine.problem import Ints

__all__ = [
    "FULL",
    "REMOTE_IN_HYBRID",
    "dates_share",
    "feature",
    "feature_stack",
    "nearness",
    "skill_credit",
]


def feature_stack(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(6, K) features of the pairs, in the order of ``FEATURES``."""
    return ints([_FEATURES[name](snapshot, person, role) for name in FEATURES])


def feature(name: str, snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) one feature of the pairs."""
    return _FEATURES[name](snapshot, person, role)


def skill_credit(snapshot: Snapshot, person: Ints, row: Ints) -> Ints:
    """(K,) credit of a person for an asked skill; a table where ``row`` is a column."""
    people, needs = snapshot.people, snapshot.needs
    most = int(needs.asked_level.max(initial=0))  # more than is asked anywhere counts no more
    has, near, asked = np.indices((most + 1, most + 1, most + 1))
    table = ints(formulas.skill_credit(has, near, np.maximum(asked, 1))).reshape(-1)
    at, step = needs.asked_skill[row] * len(people.capacity) + person, most + 1
    own, other = (
        np.minimum(levels.T.reshape(-1)[at], most) for levels in (people.levels, people.near_levels)
    )
    return ints(table[(own * step + ints(other)) * step + needs.asked_level[row]])


def _skills(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    needs, roles = snapshot.needs, len(snapshot.needs.role_need)
    # whole numbers far below 2**53
    total = np.bincount(needs.asked_role, needs.asked_weight, roles).astype(np.int64)[role]
    pair, row = asked_rows(needs, role)
    worth = needs.asked_weight[row] * skill_credit(snapshot, person[pair], row)
    earned = np.bincount(pair, worth, len(person)).astype(np.int64)
    return ints(formulas.skills(earned, total))


def _time(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    at = snapshot, person, role
    return ints(formulas.time(hours_share(*at), dates_share(*at), slots_share(*at)))


def hours_share(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) how far the weekly hours offered go for the role."""
    people, asks = snapshot.people, snapshot.needs.role_minutes[role]
    return ints(formulas.hours_share(people.minutes[person], people.hours_stated[person], asks))


def dates_share(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) the part of the need's days on which the person is available."""
    people, needs, need = snapshot.people, snapshot.needs, snapshot.needs.role_need[role]
    window = people.from_day[person], people.until_day[person]
    return ints(formulas.dates_share(needs.starts[need], needs.ends[need], *window))


def slots_share(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) the part of the need's slots that the person named."""
    asked = snapshot.needs.slots[snapshot.needs.role_need[role]]
    return ints(formulas.slots_share(snapshot.people.slots[person], asked))


def nearness(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) how near the person lives to the need, measured by the person's reach."""
    distance = pair_distance(snapshot, person, role)
    return ints(formulas.nearness(snapshot.people.reach[person], distance))


def place(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) how easily they meet."""
    mode, remote = snapshot.needs.mode[snapshot.needs.role_need[role]], snapshot.people.remote
    comes, near = comes_on_site(snapshot, person, role), nearness(snapshot, person, role)
    return ints(formulas.place(mode, remote[person], comes, near))


def interest(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) how far they care for the same fields."""
    asked = snapshot.needs.fields[snapshot.needs.role_need[role]]
    return ints(formulas.interest(snapshot.people.fields[person], asked))


def wishes(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) how much the person wished for the need."""
    rank = snapshot.wishes.get(person, snapshot.needs.role_need[role], 0)
    return ints(formulas.wishes(rank, snapshot.people.any_project[person]))


def continuity(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) what having worked together counts."""
    group = snapshot.needs.group[snapshot.needs.role_need[role]]
    rating = snapshot.past.get(person, group, UNKNOWN)
    return ints(formulas.continuity(rating, int(snapshot.policy.continuity == "new")))


_FEATURES: dict[str, Callable[[Snapshot, Ints, Ints], Ints]] = {
    "skills": _skills,
    "time": _time,
    "place": place,
    "interest": interest,
    "wishes": wishes,
    "continuity": continuity,
}
