"""Whom a policy favours: the groups it promises to serve, the employers it wants to win."""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Bools, Guarantee, Ints, Reserve

_LONGEST = 4  # one in so many groups of the round counts as having waited longest


def guarantees(snapshot: Snapshot) -> tuple[Guarantee, ...]:
    """The policy's guarantees, each with the positions of the groups it speaks of."""
    members = {
        "first_time": first_time,
        "neighbourhood": neighbourhood,
        "longest_waiting": longest_waiting,
    }
    return tuple(
        Guarantee(name, np.flatnonzero(members[name](snapshot)), least)
        for name, least in snapshot.policy.guarantees.items()
    )


def reserves(snapshot: Snapshot) -> tuple[Reserve, ...]:
    """The policy's reserved seats, each with the positions of the people and needs it speaks of."""
    rows, needs = snapshot.market.professionals, snapshot.market.needs
    return tuple(
        Reserve(
            ints([at for at, row in enumerate(rows) if row.company_id == each.company]),
            ints([at for at, row in enumerate(needs) if row.id in each.needs]),
            each.seats,
        )
        for each in snapshot.policy.reserved
    )


def first_time(snapshot: Snapshot) -> Bools:
    """(G,) groups never supported before: no such day on record, no project in the history."""
    known = {row.group_id for row in snapshot.market.history}
    rows = snapshot.market.groups
    new = [row.last_supported_on is None and row.id not in known for row in rows]
    return np.array(new, dtype=bool)


def neighbourhood(snapshot: Snapshot) -> Bools:
    """(G,) neighbourhood groups."""
    return np.array([row.kind == "neighbourhood" for row in snapshot.market.groups], dtype=bool)


def longest_waiting(snapshot: Snapshot) -> Bools:
    """(G,) the quarter (rounded up) of the groups with a need in this round that waited most days,
    and whoever waited as long; nobody who has not waited at all."""
    wait = snapshot.needs.group_wait
    here = np.unique(snapshot.needs.group)
    chosen = np.zeros(len(wait), dtype=bool)
    if len(here):
        quarter = -(-len(here) // _LONGEST)
        least = max(int(np.sort(wait[here])[-quarter]), 1)
        chosen[here] = wait[here] >= least
    return chosen


def new_employers(snapshot: Snapshot) -> Ints:
    """(P,) the number of each person's employer, where the policy favours new employers and nobody
    of that employer is in the history; -1 for everybody else."""
    if not snapshot.policy.levels.new_employers:
        return np.full(len(snapshot.person_at), -1, dtype=np.int64)
    market = snapshot.market
    people = {row.professional_id for row in market.history}
    known = {row.company_id for row in market.professionals if row.id in people}
    at: dict[str, int] = {}
    return ints(
        [
            -1
            if row.company_id in known or not row.company_id
            else at.setdefault(row.company_id, len(at))
            for row in market.professionals
        ]
    )
