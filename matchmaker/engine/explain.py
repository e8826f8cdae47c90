"""Why pairs fit and what is missing: strengths and gaps as reasons, feature by feature.

Many pairs are explained at once: what the arrays say is read for all of them together, and a
reason that many pairs share is made once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from matchmaker.engine.arrays import bools, ints
from matchmaker.engine.features import FULL, REMOTE_IN_HYBRID, dates_share, nearness, skill_credit
from matchmaker.engine.files.columns import FIELDS, SLOTS
from matchmaker.engine.pairs.facts import asked_rows, hours_text, km_text, pair_distance
from matchmaker.engine.pairs.shapes import HYBRID, REMOTE, UNKNOWN, Snapshot
from matchmaker.engine.problem import Bools, Ints
from matchmaker.engine.reasons import CATALOGUE, GAP, Reason, reason
from matchmaker.engine.snapshot import skill_neighbours

_NEAR_ENOUGH = 3 * FULL // 4  # within half of one's reach
_GAPS = {code for code, spec in CATALOGUE.items() if spec.kind == GAP}
Found = Iterator[tuple[int, Reason]]  # which of the pairs, and what is said of it


def pair_reasons(snapshot: Snapshot, person: int, role: int) -> tuple[Reason, ...]:
    """The strengths of a pair, then its gaps, each group in the order of the features."""
    return reasons_of(snapshot, ints([person]), ints([role]))[0]


def reasons_of(snapshot: Snapshot, person: Ints, role: Ints) -> list[tuple[Reason, ...]]:
    """The reasons of each of the pairs (K,); see ``pair_reasons``."""
    pairs = _Pairs(snapshot, person, role)
    strengths: list[list[Reason]] = [[] for _ in person]
    gaps: list[list[Reason]] = [[] for _ in person]
    for part in _PARTS:
        for at, each in part(pairs):
            (gaps if each.code in _GAPS else strengths)[at].append(each)
    return [(*fits, *lacks) for fits, lacks in zip(strengths, gaps, strict=True)]


@dataclass(frozen=True)
class _Pairs:
    """The pairs to explain, and every reason given so far."""

    snapshot: Snapshot
    person: Ints
    role: Ints
    given: dict[tuple[object, ...], Reason] = field(default_factory=dict)

    @property
    def need(self) -> Ints:
        return self.snapshot.needs.role_need[self.role]

    @cached_property
    def neighbours(self) -> dict[str, tuple[str, ...]]:
        """Skill → neighbouring skills."""
        return skill_neighbours(self.snapshot.market)

    @cached_property
    def skill_at(self) -> dict[str, int]:
        """Skill → its place."""
        return {code: at for at, code in enumerate(self.snapshot.skill_codes)}

    def say(self, *said: object) -> Reason:
        """The reason with this code and these values."""
        known = self.given.get(said)
        if known is None:
            known = self.given[said] = reason(*said)  # type: ignore[arg-type]
        return known

    def each(self, where: Bools, code: str) -> Found:
        """The same reason without values for all pairs of a mask (K,)."""
        if where.any():
            one = self.say(code)
            yield from ((at, one) for at in np.flatnonzero(where).tolist())


def _skills(pairs: _Pairs) -> Found:
    """Skill by skill, required ones first, then the weightiest."""
    snapshot, needs = pairs.snapshot, pairs.snapshot.needs
    pair, row = asked_rows(needs, pairs.role)
    order = np.lexsort((row, -needs.asked_weight[row], ~needs.asked_essential[row], pair))
    pair, row = pair[order], row[order]
    person, skill, asked = pairs.person[pair], needs.asked_skill[row], needs.asked_level[row]
    has = ints(snapshot.people.levels[person, skill])
    below = (has > 0) & (FULL * has // asked >= skill_credit(snapshot, person, row))
    near = ints(snapshot.people.near_levels[person, skill])
    for at, who, what, wanted, level, own, other in _rows(
        pair, person, skill, asked, has, below, near
    ):
        code = snapshot.skill_codes[what]
        if level >= wanted:
            yield at, pairs.say("skill", code, level)
        elif own:
            yield at, pairs.say("skill_below", code, level, wanted)
        elif other:
            yield at, pairs.say("skill_near", code, _neighbour(pairs, who, code, other), other)
        else:
            yield at, pairs.say("skill_absent", code, wanted)


def _neighbour(pairs: _Pairs, person: int, code: str, level: int) -> str:
    """The first neighbouring skill that the person has at this level."""
    others = pairs.neighbours[code]
    levels = pairs.snapshot.people.levels[person, [pairs.skill_at[other] for other in others]]
    return next(other for other, held in zip(others, levels, strict=True) if held == level)


def _languages(pairs: _Pairs) -> Found:
    snapshot = pairs.snapshot
    both = snapshot.needs.requires[pairs.need] & snapshot.people.speaks[pairs.person]
    for at, language in np.argwhere(both).tolist():
        yield at, pairs.say("language", snapshot.languages[language])


def _hours(pairs: _Pairs) -> Found:
    people = pairs.snapshot.people
    asks, offers = pairs.snapshot.needs.role_minutes[pairs.role], people.minutes[pairs.person]
    text = {minutes: hours_text(minutes) for minutes in {*asks.tolist(), *offers.tolist()}}
    columns = (asks, offers, people.hours_stated[pairs.person])
    for at, (asked, offered, stated) in enumerate(_rows(*columns)):
        if asked and not stated:
            yield at, pairs.say("hours_unknown", text[asked])
        elif asked:
            code = "hours" if 2 * offered >= 3 * asked else "hours_tight"
            yield at, pairs.say(code, text[offered], text[asked])


def _slots(pairs: _Pairs) -> Found:
    snapshot = pairs.snapshot
    columns = snapshot.needs.slots[pairs.need], snapshot.people.slots[pairs.person]
    for at, (asked, offered) in enumerate(_rows(*columns)):
        if asked and not offered:
            yield at, pairs.say("slots_unknown")
        elif asked:
            common = _named(asked & offered, SLOTS)
            yield from ((at, pairs.say("slot", slot)) for slot in common)
            if 0 < len(common) < asked.bit_count():
                yield at, pairs.say("slots_few", len(common), asked.bit_count())


def _dates(pairs: _Pairs) -> Found:
    snapshot = pairs.snapshot
    share = dates_share(snapshot, pairs.person, pairs.role)
    for at in np.flatnonzero((share > 0) & (share < FULL)).tolist():
        yield at, pairs.say("dates_partly", max(int(share[at]) * 100 // FULL, 1))


def _place(pairs: _Pairs) -> Found:
    snapshot = pairs.snapshot
    mode, near = snapshot.needs.mode[pairs.need], nearness(snapshot, pairs.person, pairs.role)
    onsite, remote = snapshot.people.onsite[pairs.person], snapshot.people.remote[pairs.person]
    distance = pair_distance(snapshot, pairs.person, pairs.role)
    by_wire = (mode == HYBRID) & remote & (~onsite | (near < REMOTE_IN_HYBRID))
    rest = (mode != REMOTE) & ~by_wire
    yield from pairs.each(bools(mode == REMOTE), "remote")
    yield from pairs.each(bools(by_wire), "hybrid_remote")
    yield from pairs.each(bools(rest & (distance == UNKNOWN)), "place_unknown")
    for at in np.flatnonzero(rest & (distance != UNKNOWN)).tolist():
        code = "near" if near[at] >= _NEAR_ENOUGH else "far"
        yield at, pairs.say(code, km_text(int(distance[at])))


def _interest(pairs: _Pairs) -> Found:
    snapshot = pairs.snapshot
    columns = snapshot.needs.fields[pairs.need], snapshot.people.fields[pairs.person]
    for at, (asked, named) in enumerate(_rows(*columns)):
        yield from ((at, pairs.say("field", each)) for each in _named(asked & named, FIELDS))
        if asked and named and not asked & named:
            yield at, pairs.say("field_none")


def _wishes(pairs: _Pairs) -> Found:
    rank = pairs.snapshot.wishes.get(pairs.person, pairs.need, 0)
    for at in np.flatnonzero(rank).tolist():
        yield at, pairs.say("wish", int(rank[at]))
    mild = (rank == 0) & pairs.snapshot.people.any_project[pairs.person]
    yield from pairs.each(bools(mild), "any_project")


def _continuity(pairs: _Pairs) -> Found:
    snapshot, mode = pairs.snapshot, pairs.snapshot.policy.continuity
    rating = snapshot.past.get(pairs.person, snapshot.needs.group[pairs.need], UNKNOWN)
    met = bools(rating != UNKNOWN)
    if mode == "new":
        yield from pairs.each(met, "worked_before")
        active = np.isin(pairs.person, snapshot.past.keys // snapshot.past.width)
        yield from pairs.each(bools(~met & active), "new_partner")
    elif mode == "earlier":
        yield from pairs.each(~met, "not_worked_before")
        for at in np.flatnonzero(met).tolist():
            yield at, pairs.say("earlier_partner", int(rating[at]) or "-")


def _pinned(pairs: _Pairs) -> Found:
    snapshot = pairs.snapshot
    ids = snapshot.person_at, snapshot.role_at
    pins = {
        (ids[0][person], ids[1][role])
        for person, role in snapshot.policy.pins
        if person in ids[0] and role in ids[1]
    }
    if pins:
        for at, pair in enumerate(_rows(pairs.person, pairs.role)):
            if pair in pins:
                yield at, pairs.say("pinned")


def _rows(*columns: Ints | Bools) -> Iterator[tuple[int, ...]]:
    return zip(*(each.tolist() for each in columns), strict=True)


def _named(bits: int, names: tuple[str, ...]) -> list[str]:
    return [name for at, name in enumerate(names) if bits >> at & 1] if bits else []


_PARTS = (
    _skills,
    _languages,
    _hours,
    _slots,
    _dates,
    _place,
    _interest,
    _wishes,
    _continuity,
    _pinned,
)
