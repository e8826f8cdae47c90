"""Every allowed pair, person by person, by whichever of two roads looks at less.

Where many people have the skills that roles ask for, people and roles are judged as a table: what
is known of a person or a role is then read once and not once a pair. Where few have them, the
posting lists leave the others out. Both roads give the same pairs.
"""

from __future__ import annotations

import numpy as np

from matchmaker.engine.arrays import ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.facts import asked_rows
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import Snapshot
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.rules import LISTED, RULES, allowed, candidates, refused, refusing

_CELLS = 1 << 18  # of a table, so that it stays near the processor
_FEW = 16  # one pair of a posting list takes the time of so many cells of a table


def allowed_pairs(
    snapshot: Snapshot, roles: Ints | None = None, postings: Postings | None = None
) -> tuple[Ints, Ints]:
    """(K,) persons and roles of the pairs that no rule refuses, by person, then role.

    ``roles`` (ascending): only these; default all. ``postings``: the snapshot's, where many
    questions share them.
    """
    postings = postings or Postings.of(snapshot)
    each = ints(np.arange(len(snapshot.needs.role_need))) if roles is None else roles
    people = len(snapshot.people.capacity)
    if _FEW * int(postings.sizes(each).sum()) < people * len(each):
        person, role = candidates(snapshot, each, postings)
        keep = allowed(snapshot, person, role)
        return person[keep], role[keep]
    step = max(_CELLS // max(len(each), 1), 1)
    parts = [
        allowed_among(snapshot, ints(np.arange(first, min(first + step, people))), each)
        for first in range(0, max(people, 1), step)
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def allowed_among(snapshot: Snapshot, people: Ints, roles: Ints) -> tuple[Ints, Ints]:
    """(K,) the same for some people and roles (each ascending), judged as one table."""
    fits = _skilled(snapshot, people, roles)
    for table in refusing(snapshot, people[None, :], roles[:, None]).values():
        fits &= ~table
    at = np.flatnonzero(np.ascontiguousarray(fits.T))
    person, role = people[at // max(len(roles), 1)], roles[at % max(len(roles), 1)]
    keep = allowed(snapshot, person, role, LISTED)
    return person[keep], role[keep]


def refused_among(snapshot: Snapshot, people: Ints, roles: Ints) -> dict[str, Bools]:
    """Rule code → (people, roles) whom it refuses, in the order of the rules."""
    shape = len(people), len(roles)
    tables = {"skill_missing": ~_skilled(snapshot, people, roles).T}
    every = people[:, None], roles[None, :]
    broad = refusing(snapshot, *every) | refused(snapshot, *every, LISTED)
    tables |= {code: np.broadcast_to(table, shape) for code, table in broad.items()}
    return {code: tables[code] for code in RULES}


def _skilled(snapshot: Snapshot, people: Ints, roles: Ints) -> Bools:
    """(roles, people) who has the essential skills of which role."""
    needs, fits = snapshot.needs, np.ones((len(roles), len(people)), dtype=bool)
    place, row = asked_rows(needs, roles)
    essential = needs.asked_essential[row]
    place, row = place[essential], row[essential]
    skills, which = np.unique(needs.asked_skill[row], return_inverse=True)
    has = snapshot.people.levels.T[skills[:, None], people]
    asked = needs.asked_level[row].astype(np.int8)[:, None]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    turn = np.arange(len(row)) - np.repeat(first, np.diff(first, append=len(row)))
    for each in range(int(turn.max(initial=-1)) + 1):  # each role's first skill, its second, …
        now = turn == each
        fits[place[now]] &= ~formulas.skill_short(has[which[now]], asked[now])
    return fits
