"""Rules and scores a second time: slow, obvious, one pair at a time, straight from the rows.

Shares nothing with ``rules``, ``features`` and ``scores``: no arrays, no positions, no snapshot.
The checker holds every proposed pair and a sample of the others against it. Reads like sections 1
and 2 of ``docs/engine.md``; a feature is a whole number 0..10,000, divisions round down.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from hashlib import blake2b
from math import asin, cos, radians, sin, sqrt

from matchmaker.engine.market import Group, Market, Need, Professional, Role, Skill
from matchmaker.engine.policy import FEATURES, Policy

ONE, HALF = 10_000, 5_000
_EARTH_KM = 6371.0088
_WISHES = {1: 10_000, 2: 9_000, 3: 8_000, 4: 7_000, 5: 6_000}
_WORD = 2**64


class Rows:
    """The rows of a market by id, as far as ``people`` (default: all) are concerned."""

    def __init__(self, market: Market, policy: Policy, people: Collection[str] | None = None):
        def asked(person: str) -> bool:
            return people is None or person in people

        self.market, self.policy = market, policy
        self.people = {row.id: row for row in market.professionals if asked(row.id)}
        self.roles = {row.id: row for row in market.roles}
        self.needs = {row.id: row for row in market.needs}
        self.groups = {row.id: row for row in market.groups}
        self.skills = {row.code: row for row in market.skills}
        self.places = {row.code: row for row in market.districts}
        self.levels: dict[str, dict[str, int]] = {}
        for has in market.professional_skills:
            if asked(has.professional_id):
                self.levels.setdefault(has.professional_id, {})[has.skill] = has.level
        self.asks: dict[str, list[tuple[str, int, bool, int]]] = {}
        for ask in market.role_skills:
            row = (ask.skill, ask.min_level, ask.essential, round(ask.weight * 100))
            self.asks.setdefault(ask.role_id, []).append(row)
        self.ranks = {
            (row.professional_id, row.need_id): row.rank
            for row in market.wishes
            if asked(row.professional_id)
        }
        self.conflicts = {(row.professional_id, row.group_id) for row in market.conflicts}
        self.met: dict[tuple[str, str], tuple[date, int | None]] = {}
        for past in market.history:
            key = past.professional_id, past.group_id
            if asked(key[0]) and (key not in self.met or past.ended_on > self.met[key][0]):
                self.met[key] = past.ended_on, past.rating
        self.pins, self.bans = set(policy.pins), set(policy.bans)


class Pair:
    """One professional and one role, with the need and the group behind it."""

    def __init__(self, rows: Rows, person_id: str, role_id: str):
        self.rows, self.ids = rows, (person_id, role_id)
        self.person: Professional = rows.people[person_id]
        self.role: Role = rows.roles[role_id]
        self.need: Need = rows.needs[self.role.need_id]
        self.group: Group = rows.groups[self.need.group_id]
        self.has = rows.levels.get(person_id, {})
        self.asks = rows.asks.get(role_id, [])
        self.remote = not self.person.modes or "remote" in self.person.modes
        self.onsite = not self.person.modes or "onsite" in self.person.modes

    @cached_property
    def minutes(self) -> int:
        """Minutes a week that the seat asks: the role's own hours, else the need's, else none."""
        hours = self.role.hours_per_week
        return round(60 * (hours if hours is not None else self.need.hours_per_week or 0))

    @cached_property
    def tenths(self) -> int | None:
        """Distance in 0.1 km between the middles of the two districts, by the haversine formula."""
        here = self.rows.places.get(self.person.district)
        there = self.rows.places.get(self.need.district or self.group.district)
        if here is None or there is None:
            return None
        north, south = radians(here.lat), radians(there.lat)
        up, along = north - south, radians(here.lon) - radians(there.lon)
        half = sin(up / 2) ** 2 + cos(north) * cos(south) * sin(along / 2) ** 2
        return round(20 * _EARTH_KM * asin(sqrt(min(half, 1.0))))

    @cached_property
    def comes(self) -> bool:
        """Whether the person works on site and, as far as known, the place is within reach."""
        reach, tenths = self.person.reach_km, self.tenths
        return self.onsite and (reach is None or tenths is None or tenths <= round(reach * 10))

    @cached_property
    def refusals(self) -> set[str]:
        """Every rule that refuses the pair; the floor is judged with the score."""
        person, need = self.person, self.need
        market, names = self.rows.market, self.rows.policy.language
        missing = (essential and self.has.get(s, 0) < low for s, low, essential, _ in self.asks)
        reached = (need.mode != "onsite" and self.remote) or (need.mode != "remote" and self.comes)
        late = _after(person.available_from, need.ends_on)
        over = _after(need.starts_on, person.available_until)
        named = bool(person.slots and need.slots)
        rank = self.rows.ranks.get((person.id, need.id))
        offered = person.hours_per_week
        judged = {
            "skill_missing": any(missing),
            "hours_short": offered is not None and self.minutes > round(offered * 60),
            "dates_apart": late or over,
            "no_common_slot": named and not set(person.slots) & set(need.slots),
            "out_of_reach": not reached,
            "language_missing": not set(need.languages) <= set(person.languages or (names,)),
            "conflict": (person.id, self.group.id) in self.rows.conflicts,
            "declined_before": (person.id, need.id) in market.declined,
            "wish_zero": rank == 0,
            "capacity_used": person.capacity < 1,
            "not_verified": person.id in market.unverified,
            "banned": self.ids in self.rows.bans,
        }
        return {rule for rule, refuses in judged.items() if refuses}

    @cached_property
    def features(self) -> dict[str, int]:
        """The six features, in the order of ``FEATURES``."""
        values = (self._skills, self._time, self._place, self._interest, self._wish, self._past)
        names = ("skills", "time", "place", "interest", "wishes", "continuity")
        found = {name: value() for name, value in zip(names, values, strict=True)}
        return {name: found[name] for name in FEATURES}

    @cached_property
    def score(self) -> int:
        """Σ weight × feature ÷ Σ weight, rounded half up."""
        weights, found = self._weights, self.features
        return _half_up(sum(weights[n] * found[n] for n in FEATURES), sum(weights.values()))

    @cached_property
    def contributions(self) -> dict[str, int]:
        """The shares of the score, rounded down; missing points to the largest remainders."""
        weights, found = self._weights, self.features
        total = sum(weights.values())
        parts = {name: weights[name] * found[name] // total for name in FEATURES}
        rests = sorted(FEATURES, key=lambda name: -(weights[name] * found[name] % total))
        for name in rests[: self.score - sum(parts.values())]:
            parts[name] += 1
        return parts

    @cached_property
    def allowed(self) -> bool:
        """No rule refuses, and the score reaches the floor (a pin outweighs the floor alone)."""
        floor = 1 if self.ids in self.rows.pins else self.rows.policy.floor
        return not self.refusals and self.score >= floor

    @cached_property
    def hash(self) -> int:
        """20 bits of (seed, ids): what decides when waiting leaves a tie."""
        seed, (person, role) = self.rows.policy.seed, self.ids
        return _mix(_word(seed, "person", person) + _mix(_word(seed, "role", role))) >> 44

    @cached_property
    def _weights(self) -> dict[str, int]:
        weights, policy = dict(self.rows.policy.weights), self.rows.policy
        return weights | ({"continuity": 0} if policy.continuity == "neutral" else {})

    def _skills(self) -> int:
        whole = sum(weight for *_, weight in self.asks)
        earned = sum(weight * self._credit(s, level) for s, level, _, weight in self.asks)
        return _half_up(earned, whole) if whole else ONE

    def _credit(self, skill: str, asked: int) -> int:
        """Level had ÷ level asked, at most 1; half of that for a neighbouring skill."""
        own = min(ONE * self.has.get(skill, 0) // asked, ONE)
        skills = self.rows.skills
        near = [level for other, level in self.has.items() if _near(skills[skill], skills[other])]
        return max(own, min(HALF * max(near, default=0) // asked, HALF))

    def _time(self) -> int:
        return _half_up(self._hours() + self._dates() + self._slots(), 3)

    def _hours(self) -> int:
        if not self.minutes:
            return ONE
        if self.person.hours_per_week is None:
            return HALF
        return min(2 * ONE * round(self.person.hours_per_week * 60) // (3 * self.minutes), ONE)

    def _dates(self) -> int:
        starts, ends = self.need.starts_on, self.need.ends_on
        if starts is None or ends is None:
            return 0 if "dates_apart" in self.refusals else ONE
        first = max(starts, self.person.available_from or starts)
        last = min(ends, self.person.available_until or ends)
        return ONE * max((last - first).days + 1, 0) // ((ends - starts).days + 1)

    def _slots(self) -> int:
        if not self.need.slots:
            return ONE
        common = set(self.need.slots) & set(self.person.slots)
        return ONE * len(common) // len(set(self.need.slots)) if self.person.slots else HALF

    def _place(self) -> int:
        reach, tenths = self.person.reach_km, self.tenths
        scale = 200 if reach is None else max(round(reach * 10), 1)
        near = HALF if tenths is None else max(ONE - ONE * tenths // (2 * scale), 0)
        by_wire, by_foot = ONE * self.remote, near * self.comes
        if self.need.mode == "hybrid":
            return max(by_foot, 7_000 * self.remote)
        return by_wire if self.need.mode == "remote" else by_foot

    def _interest(self) -> int:
        asked, named = set(self.need.fields or self.group.fields), set(self.person.fields)
        if not asked or not named:
            return HALF
        return HALF + ONE * len(asked & named) // (2 * len(asked)) if asked & named else 0

    def _wish(self) -> int:
        rank = self.rows.ranks.get((self.person.id, self.need.id), 0)
        return max(_WISHES.get(rank, 0), 4_000 * self.person.any_project)

    def _past(self) -> int:
        met = self.rows.met.get((self.person.id, self.group.id))
        if self.rows.policy.continuity == "new":
            return ONE * (met is None)
        if met is None:
            return 0
        return ONE if met[1] is None else (met[1] - 1) * ONE // 4


def _after(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one > other


def _half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


def _near(one: Skill, other: Skill) -> bool:
    """Same parent, or one is the other's parent."""
    siblings = one.parent and one.parent == other.parent
    related = one.parent == other.code or other.parent == one.code
    return one.code != other.code and bool(siblings or related)


def _word(seed: int, kind: str, name: str) -> int:
    digest = blake2b(f"{seed}|{kind}|{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix(word: int) -> int:
    """The finishing step of splitmix64."""
    word %= _WORD
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB % _WORD
    return word ^ word >> 31
