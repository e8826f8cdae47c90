"""Which pairs are refused, and every reason that applies.

``refused`` judges many pairs at once and says which rule refuses which; ``refusals`` puts one
pair's refusals into reasons with their parameters. Both look at the same arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from matchmaker.engine.arrays import bools, in_order, ints
from matchmaker.engine.pairs import formulas
from matchmaker.engine.pairs.facts import (
    asked_rows,
    comes_on_site,
    hours_text,
    km_text,
    pair_distance,
)
from matchmaker.engine.pairs.postings import Postings
from matchmaker.engine.pairs.shapes import HYBRID, REMOTE, UNKNOWN, Snapshot
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.reasons import Reason, reason


def candidates(
    snapshot: Snapshot, roles: Ints | None = None, postings: Postings | None = None
) -> tuple[Ints, Ints]:
    """(K,) persons and roles of the pairs whose essential skills are met, person by person.

    Each role starts from the holders of its rarest essential skill, so that only few of the
    possible pairs are ever looked at. ``roles``: only these; default all. ``postings``: the
    snapshot's, where many questions share them.
    """
    postings = postings or Postings.of(snapshot)
    each = ints(np.arange(len(snapshot.needs.role_need))) if roles is None else roles
    person, role = postings.spread(each)
    keep = ~_skill_missing(snapshot, person, role)
    person, role = person[keep], role[keep]
    return in_order(person, role)


def refused(
    snapshot: Snapshot, person: Ints, role: Ints, codes: Iterable[str] | None = None
) -> dict[str, Bools]:
    """Rule code → (K,) mask of the pairs it refuses, for every rule or the ``codes`` alone. The
    floor is judged with the scores."""
    return {code: _RULES[code](snapshot, person, role) for code in codes or _RULES}


def allowed(
    snapshot: Snapshot, person: Ints, role: Ints, codes: tuple[str, ...] | None = None
) -> Bools:
    """(K,) pairs that no rule refuses; each rule only looks at what those before it left.
    ``codes``: only these rules."""
    left = np.arange(len(person))
    for code in _QUICKEST if codes is None else codes:
        keep = ~_RULES[code](snapshot, person[left], role[left])
        left = left[keep]
    mask = np.zeros(len(person), dtype=bool)
    mask[left] = True
    return mask


def refusing(snapshot: Snapshot, people: Ints, roles: Ints) -> dict[str, Bools]:
    """Tables of what each rule refuses, but for the skills and those ``LISTED``: ``people`` (1, P)
    against ``roles`` (R, 1), or the other way about."""
    return {code: _RULES[code](snapshot, people, roles) for code in _BROAD}


def _skill_missing(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    needs = snapshot.needs
    pair, row = asked_rows(needs, role)
    has = snapshot.people.levels[person[pair], needs.asked_skill[row]]
    short = needs.asked_essential[row] & formulas.skill_short(has, needs.asked_level[row])
    return bools(np.bincount(pair[short], minlength=len(person)) > 0)


def _hours_short(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    asks = snapshot.needs.role_minutes[role]
    return bools(formulas.hours_short(snapshot.people.minutes[person], asks))


def _dates_apart(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    people, needs, need = snapshot.people, snapshot.needs, snapshot.needs.role_need[role]
    window = people.from_day[person], people.until_day[person]
    return bools(formulas.dates_apart(needs.starts[need], needs.ends[need], *window))


def _no_common_slot(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    offered = snapshot.people.slots[person]
    asked = snapshot.needs.slots[snapshot.needs.role_need[role]]
    return bools(formulas.no_common_slot(offered, asked))


def _out_of_reach(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    mode = snapshot.needs.mode[snapshot.needs.role_need[role]]
    comes = comes_on_site(snapshot, person, role)
    return bools(formulas.out_of_reach(mode, snapshot.people.remote[person], comes))


def _language_missing(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    required, lacks = snapshot.needs.requires, ~snapshot.people.speaks
    need = snapshot.needs.role_need[role]
    missing = np.zeros(np.broadcast_shapes(person.shape, role.shape), dtype=bool)
    for language in np.flatnonzero(required.any(axis=0)):
        missing |= required[need, language] & lacks[person, language]
    return missing


def _conflict(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    group = snapshot.needs.group[snapshot.needs.role_need[role]]
    return bools(snapshot.conflicts.get(person, group, 0) > 0)


def _declined_before(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    return bools(snapshot.declined.get(person, snapshot.needs.role_need[role], 0) > 0)


def _wish_zero(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    return bools(snapshot.wishes.get(person, snapshot.needs.role_need[role], UNKNOWN) == 0)


def _capacity_used(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    return bools(snapshot.people.capacity[person] < 1)


def _not_verified(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    return bools(~snapshot.people.verified[person])


def _banned(snapshot: Snapshot, person: Ints, role: Ints) -> Bools:
    return bools(snapshot.bans.get(person, role, 0) > 0)


_RULES: dict[str, Callable[[Snapshot, Ints, Ints], Bools]] = {
    "skill_missing": _skill_missing,
    "hours_short": _hours_short,
    "dates_apart": _dates_apart,
    "no_common_slot": _no_common_slot,
    "out_of_reach": _out_of_reach,
    "language_missing": _language_missing,
    "conflict": _conflict,
    "declined_before": _declined_before,
    "wish_zero": _wish_zero,
    "capacity_used": _capacity_used,
    "not_verified": _not_verified,
    "banned": _banned,
}
RULES = tuple(_RULES)
_BROAD = (
    "no_common_slot",
    "hours_short",
    "dates_apart",
    "out_of_reach",
    "language_missing",
    "capacity_used",
    "not_verified",
)
LISTED = ("conflict", "declined_before", "wish_zero", "banned")  # looked up pair by pair
_QUICKEST = (
    "no_common_slot",
    "hours_short",
    "dates_apart",
    "out_of_reach",
    "skill_missing",
    "language_missing",
    "conflict",
    "declined_before",
    "wish_zero",
    "capacity_used",
    "not_verified",
    "banned",
)  # every rule, those first that cost least to judge and refuse most


def refusals(snapshot: Snapshot, person: int, role: int) -> tuple[Reason, ...]:
    """Every reason for which the rules refuse the pair, with parameters; empty when allowed."""
    at = np.array([person]), np.array([role])
    masks = refused(snapshot, *at)
    return tuple(
        each
        for code, mask in masks.items()
        if mask[0]
        for each in _DETAILS.get(code, _bare(code))(snapshot, person, role)
    )


Details = Callable[[Snapshot, int, int], Iterator[Reason]]


def _bare(code: str) -> Details:
    def details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
        yield reason(code)

    return details


def _skill_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    needs = snapshot.needs
    for row in range(needs.first_asked[role], needs.first_asked[role + 1]):
        skill, asked = int(needs.asked_skill[row]), int(needs.asked_level[row])
        has = int(snapshot.people.levels[person, skill])
        if needs.asked_essential[row] and has < asked:
            yield reason("skill_missing", snapshot.skill_codes[skill], asked, has)


def _hours_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    asks = int(snapshot.needs.role_minutes[role])
    offers = int(snapshot.people.minutes[person])
    yield reason("hours_short", hours_text(asks), hours_text(offers))


def _dates_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.market.needs[snapshot.needs.role_need[role]]
    who = snapshot.market.professionals[person]
    days = (need.starts_on, need.ends_on, who.available_from, who.available_until)
    yield reason("dates_apart", *(day.isoformat() if day else "-" for day in days))


def _slot_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.market.needs[snapshot.needs.role_need[role]]
    who = snapshot.market.professionals[person]
    yield reason("no_common_slot", "+".join(need.slots), "+".join(who.slots))


def _reach_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    mode = snapshot.needs.mode[snapshot.needs.role_need[role]]
    at = np.array([person]), np.array([role])
    km = km_text(int(pair_distance(snapshot, *at)[0]))
    reach = km_text(int(snapshot.people.reach[person]))
    why = "distance"
    if mode == REMOTE:
        why = "onsite_only"
    elif mode != HYBRID and not snapshot.people.onsite[person]:
        why = "remote_only"
    yield reason("out_of_reach", why, km, reach)


def _language_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.needs.role_need[role]
    lacking = snapshot.needs.requires[need] & ~snapshot.people.speaks[person]
    for at in np.flatnonzero(lacking):
        yield reason("language_missing", snapshot.languages[at])


def _conflict_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    need = snapshot.market.needs[snapshot.needs.role_need[role]]
    yield reason("conflict", need.group_id)


def _capacity_details(snapshot: Snapshot, person: int, role: int) -> Iterator[Reason]:
    yield reason("capacity_used", int(snapshot.people.capacity[person]))


_DETAILS: dict[str, Details] = {
    "skill_missing": _skill_details,
    "hours_short": _hours_details,
    "dates_apart": _dates_details,
    "no_common_slot": _slot_details,
    "out_of_reach": _reach_details,
    "language_missing": _language_details,
    "conflict": _conflict_details,
    "capacity_used": _capacity_details,
}
