"""A snapshot and its scored pairs become the solver's problem."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.arrays import ints
from matchmaker.engine.favours import guarantees, new_employers, reserves
from matchmaker.engine.pairs.formulas import pair_hash
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Ints, Problem
from matchmaker.engine.reasons import reason
from matchmaker.engine.rules import refusals
from matchmaker.engine.scores import Pairs
from matchmaker.errors import Refusal

Words = NDArray[np.uint64]


def pose(snapshot: Snapshot, pairs: Pairs) -> Problem:
    """The matching problem of ``pairs`` under the snapshot's policy.

    Raises Refusal ``pin_unknown`` (person, role) for a pin on an absent person or role, and
    ``pin_refused`` (person, role, reasons) for one that a rule forbids.
    """
    people, needs = snapshot.people, snapshot.needs
    return Problem(
        person_capacity=people.capacity,
        person_minutes=people.minutes,
        person_wait=people.wait,
        group_wait=needs.group_wait,
        need_group=needs.group,
        need_urgency=needs.urgency,
        role_need=needs.role_need,
        role_seats=needs.role_seats,
        role_essential=needs.role_essential,
        role_minutes=needs.role_minutes,
        pair_person=pairs.person,
        pair_role=pairs.role,
        pair_score=pairs.score,
        pair_hash=pair_hashes(snapshot, pairs),
        pins=ints([_pin_at(snapshot, pairs, *pin) for pin in snapshot.policy.pins]),
        max_needs=snapshot.policy.max_new_projects,
        guarantees=guarantees(snapshot),
        reserves=reserves(snapshot),
        person_employer=new_employers(snapshot),
    )


def pair_at(pairs: Pairs, person: int, role: int) -> int | None:
    """The index of a pair, or None when it is not allowed."""
    first, last = np.searchsorted(pairs.person, [person, person + 1])
    at = first + np.searchsorted(pairs.role[first:last], role)
    return int(at) if at < last and pairs.role[at] == role else None


def _pin_at(snapshot: Snapshot, pairs: Pairs, person_id: str, role_id: str) -> int:
    if person_id not in snapshot.person_at or role_id not in snapshot.role_at:
        raise Refusal("pin_unknown", person=person_id, role=role_id)
    person, role = snapshot.person_at[person_id], snapshot.role_at[role_id]
    at = pair_at(pairs, person, role)
    if at is None:
        why = refusals(snapshot, person, role) or (reason("below_floor", 0, snapshot.policy.floor),)
        raise Refusal("pin_refused", person=person_id, role=role_id, reasons=why)
    return at


def pair_hashes(snapshot: Snapshot, pairs: Pairs) -> Ints:
    """(K,) 20-bit hashes of (seed, professional id, role id): the last word in a tie."""
    people, roles = id_words(snapshot)
    return ints(pair_hash(people[pairs.person], roles[pairs.role]))


def hashes_of(snapshot: Snapshot, person: Ints, role: Ints) -> Ints:
    """(K,) the same of few pairs."""
    market, seed = snapshot.market, snapshot.policy.seed
    people, roles = (np.unique(each, return_inverse=True) for each in (person, role))
    words = _words(seed, "person", market.ids("professionals", people[0]))
    others = _words(seed, "role", market.ids("roles", roles[0]))
    return ints(pair_hash(words[people[1]], others[roles[1]]))


def id_words(snapshot: Snapshot) -> tuple[Words, Words]:
    """(P,) and (R,) words of the seed and each professional's and role's id."""
    seed = snapshot.policy.seed
    people, roles = list(snapshot.person_at), list(snapshot.role_at)
    return _words(seed, "person", people), _words(seed, "role", roles)


def _words(seed: int, kind: str, names: list[str]) -> Words:
    start = blake2b(f"{seed}|{kind}|".encode(), digest_size=8)
    digests = []
    for name in names:
        word = start.copy()
        word.update(name.encode())
        digests.append(word.digest())
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
