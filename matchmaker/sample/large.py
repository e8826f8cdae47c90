"""Made-up markets of any size, straight into columns: a million people in seconds.

``generate`` invents a city with names, stories and a past; this module invents only what matching
looks at, with the skew of a real market: few popular skills and many rare ones, crowded districts,
free evenings and weekends, some who waited long. The same arguments always give the same market.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.files.columnar import Array, Coded, Rows, Texts
from matchmaker.engine.files.columns import FIELDS, GROUP_KINDS, SLOTS, URGENCIES
from matchmaker.engine.market import Market
from matchmaker.sample.draws import LARGEST, falling, numbered_ids, pick, skill_tree, some, table
from matchmaker.sample.pools import pool
from matchmaker.taxonomy import districts

Range = tuple[int, int]
_ASKED_LEVELS = (50, 35, 15)
_LEVEL_MET = (50 * 1.0 + 35 * 0.8 + 15 * 0.4) / 100  # a holder's level is at least the one asked
_AS_OF = date(2026, 11, 1).toordinal()
_SKILL_ROUNDS = 40
_OTHER_RULES = 0.7  # the part of skilled pairs that slots, place and language leave, measured
_BUSY = np.array([1 + 5 * slot.endswith("eve") + 4 * slot.startswith("s") for slot in SLOTS])


@dataclass(frozen=True)
class Size:
    """How large a market is, and how loose; see ``large_market``."""

    people: int
    needs: int
    seats: Range = (1, 1)
    capacity: Range = (1, 1)
    skills: int = 111
    essential: Range = (1, 1)
    allowed: float = 0.13
    hours: bool = False

    def __post_init__(self) -> None:
        for name, low, high in (
            ("people", 0, LARGEST),
            ("needs", 0, LARGEST),
            ("skills", 1, 1000),
        ):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name}: not from {low} to {high}")
        for name, low, high in (("seats", 1, 50), ("capacity", 0, 20), ("essential", 0, 5)):
            first, last = getattr(self, name)
            if not low <= first <= last <= high:
                raise ValueError(f"{name}: not a range within {low} to {high}")
        if not 0 < self.allowed <= 0.3:
            raise ValueError("allowed: not above 0 and at most 0.3")


def large_market(
    *,
    people: int,
    needs: int,
    seats: Range = (1, 1),
    capacity: Range = (1, 1),
    skills: int = 111,
    essential: Range = (1, 1),
    allowed: float = 0.13,
    hours: bool = False,
    seed: int = 1,
) -> Market:
    """A made-up market of ``people`` professionals and ``needs`` needs, held as columns.

    ``seats``: how many seats a need has, from…to; a need of several seats has roles of one or two
    seats, most of them essential. ``capacity``: how many projects a person can take, from…to, so
    the round is tight where people × mean capacity is about the number of seats. ``skills``: how
    many different skills there are (the taxonomy's first, then numbered ones). ``essential``: how
    many skills a role requires, from…to. ``allowed``: about this share of all pairs is allowed
    where roles require one skill. ``hours``: roles ask weekly hours and people offer them; without,
    no role asks any. Raises ``ValueError`` for sizes that cannot be.
    """
    size = Size(people, needs, seats, capacity, skills, essential, allowed, hours)
    return _Maker(size, np.random.default_rng(seed)).market()


class _Maker:
    """Draws the tables of a market, one after another, from one stream of chance."""

    def __init__(self, size: Size, rng: np.random.Generator) -> None:
        self.size, self.rng = size, rng
        self.groups = -(-2 * size.needs // 3)
        self.person_ids, self.group_ids = (
            numbered_ids("p", size.people),
            numbered_ids("g", self.groups),
        )
        self.need_ids = numbered_ids("n", size.needs)
        names, self.parents, self.labels = skill_tree(size.skills)
        self.skill_ids = Texts.of(names)
        self.leaves = np.flatnonzero(self.parents >= 0)
        self.places = sorted(districts(), key=lambda place: place.code)
        self.place_ids = Texts.of(place.code for place in self.places)
        self.demand = falling(len(self.leaves), 3.0)[rng.permutation(len(self.leaves))]

    def market(self) -> Market:
        """All tables."""
        roles, asked = self._roles()
        return Market(
            skills=self._skills(),
            districts=self._districts(),
            professionals=self._professionals(),
            professional_skills=self._professional_skills(),
            groups=self._groups(),
            needs=self._needs(),
            roles=roles,
            role_skills=asked,
            wishes=self._wishes(),
            conflicts=self._conflicts(),
            history=self._history(),
        )

    def _skills(self) -> Rows[Any]:
        parent = Coded(self.parents, self.skill_ids)
        ja, en = (Texts.of(texts) for texts in self.labels)
        code = self.skill_ids
        return table("skills", len(code), code=code, parent=parent, label_ja=ja, label_en=en)

    def _districts(self) -> Rows[Any]:
        places = self.places
        return table(
            "districts",
            len(places),
            code=self.place_ids,
            label_ja=Texts.of(place.label_ja for place in places),
            label_en=Texts.of(place.label_en for place in places),
            lat=np.array([place.lat for place in places]),
            lon=np.array([place.lon for place in places]),
        )

    def _professionals(self) -> Rows[Any]:
        count, rng = self.size.people, self.rng
        names = pool("names")
        full = Texts.of(f"{a[0]} {b[0]}" for a in names["families"] for b in names["given"])
        offered = rng.integers(4, 21, count) / 2 if self.size.hours else np.full(count, np.nan)
        return table(
            "professionals",
            count,
            id=self.person_ids,
            name=full.take(rng.integers(0, len(full), count)),
            district=self._somewhere(count),
            modes=pick(rng, (0, 1, 2, 3), (5, 15, 20, 60), count),
            reach_km=pick(rng, (np.nan, 5.0, 10.0, 20.0), (30, 15, 30, 25), count),
            hours_per_week=offered,
            available_from=some(rng, 0.3, _AS_OF + rng.integers(0, 60, count)),
            available_until=some(rng, 0.2, _AS_OF + rng.integers(150, 400, count)),
            slots=some(rng, 0.8, self._bits(_BUSY, count, 2, 6)),
            capacity=rng.integers(self.size.capacity[0], self.size.capacity[1] + 1, count),
            fields=some(rng, 0.8, self._bits(falling(len(FIELDS), 4.0), count, 1, 4)),
            languages=Coded(pick(rng, (-1, 0, 1), (20, 72, 8), count), ("ja", "en;ja")),
            relation=pick(rng, (0, 1, 2, 3), (55, 30, 10, 5), count),
            waiting_since=some(rng, 0.5, _AS_OF - rng.integers(0, 400, count)),
            any_project=rng.random(count) < 0.15,
        )

    def _professional_skills(self) -> Rows[Any]:
        """Each skill is had by a part of the people: often where it is often asked for."""
        people, rng = self.size.people, self.rng
        holders = [np.flatnonzero(rng.random(people) < part) for part in self._shares()]
        skill = np.repeat(self.leaves, [len(each) for each in holders])
        person = np.concatenate(holders)
        order = np.argsort(person, kind="stable")
        return table(
            "professional_skills",
            len(person),
            professional_id=Coded(person[order].astype(np.int32), self.person_ids),
            skill=Coded(skill[order].astype(np.int32), self.skill_ids),
            level=pick(rng, (1, 2, 3, 4), (20, 40, 30, 10), len(person)),
        )

    def _shares(self) -> NDArray[np.float64]:
        """(leaves,) the part of the people who have a skill, such that of all pairs of a person
        and a role about ``allowed`` remain; nearly everybody at most."""
        weight = self.demand / self.demand.sum()
        goal = self.size.allowed / (_OTHER_RULES * _LEVEL_MET)
        factor = goal / float(weight @ weight)
        shares: NDArray[np.float64] = factor * weight
        for _ in range(_SKILL_ROUNDS):
            shares = np.minimum(factor * weight, 0.95)
            factor *= goal / float(weight @ shares)
        return shares

    def _groups(self) -> Rows[Any]:
        count, rng = self.groups, self.rng
        words = Texts.of(f"{word}の会" for word in ("みなと", "あおぞら", "まつかぜ", "ひだまり"))
        return table(
            "groups",
            count,
            id=self.group_ids,
            name=words.take(rng.integers(0, len(words), count)),
            kind=pick(rng, range(len(GROUP_KINDS)), (40, 25, 25, 5, 5), count),
            district=self._somewhere(count),
            fields=self._bits(falling(len(FIELDS), 4.0), count, 1, 2),
            waiting_since=some(rng, 0.5, _AS_OF - rng.integers(0, 400, count)),
            last_supported_on=some(rng, 0.3, _AS_OF - rng.integers(100, 900, count)),
        )

    def _needs(self) -> Rows[Any]:
        count, rng = self.size.needs, self.rng
        titles = Texts.of(("会計を引き継ぎたい", "チラシを作りたい", "サイトを直したい"))
        starts = _AS_OF + rng.integers(14, 90, count)
        group = rng.permutation(np.arange(count) % max(self.groups, 1)).astype(np.int32)
        hours = rng.integers(2, 7, count) / 2 if self.size.hours else np.full(count, np.nan)
        single = self.size.seats[1] == 1
        return table(
            "needs",
            count,
            id=self.need_ids,
            group_id=Coded(group, self.group_ids),
            title=titles.take(rng.integers(0, len(titles), count)),
            form=np.full(count, 2 if single else 3),
            mode=pick(rng, (0, 1, 2), (25, 25, 50), count),
            district=self._somewhere(count, blank=0.5),
            starts_on=starts,
            ends_on=starts + rng.integers(30, 150, count),
            hours_per_week=hours,
            slots=some(rng, 0.6, self._bits(_BUSY, count, 2, 5)),
            fields=some(rng, 0.6, self._bits(falling(len(FIELDS), 4.0), count, 1, 2)),
            languages=Coded(pick(rng, (-1, 0), (98, 2), count), ("en",)),
            urgency=pick(rng, range(len(URGENCIES)), (10, 30, 60), count),
        )

    def _roles(self) -> tuple[Rows[Any], Rows[Any]]:
        """Seats become roles of one or two seats; a need's first role is essential."""
        rng, (least, most) = self.rng, self.size.seats
        need = np.repeat(np.arange(self.size.needs), rng.integers(least, most + 1, self.size.needs))
        first = np.append(True, need[1:] != need[:-1])[: len(need)]
        joins = (rng.random(len(need)) < 0.5) & (np.arange(len(need)) % 2 == 1)
        begins = first | ~joins  # else the seat joins the role of the seat before it
        count = int(begins.sum())
        ids, owner = numbered_ids("r", count), need[begins]
        titles = Texts.of(("進行役", "実務担当", "助言役"))
        roles = table(
            "roles",
            count,
            id=ids,
            need_id=Coded(owner.astype(np.int32), self.need_ids),
            title=titles.take(rng.integers(0, len(titles), count)),
            seats=np.bincount(np.cumsum(begins) - 1, minlength=count),
            essential=first[begins] | (rng.random(count) < 0.85),
        )
        return roles, self._asked(ids)

    def _asked(self, roles: Texts) -> Rows[Any]:
        """The skills a role requires, then up to two that it prefers."""
        rng, (least, most) = self.rng, self.size.essential
        required = rng.integers(least, most + 1, len(roles))
        count = required + rng.integers(0, 3, len(roles))
        role = np.repeat(np.arange(len(roles)), count)
        place = np.arange(len(role)) - np.repeat(np.cumsum(count) - count, count)
        likely = self.demand / self.demand.sum()
        skill = self.leaves[rng.choice(len(self.leaves), len(role), p=likely)]
        order = np.lexsort((place, skill, role))
        role, skill, place = role[order], skill[order], place[order]
        keep = np.append(True, (role[1:] != role[:-1]) | (skill[1:] != skill[:-1]))[: len(role)]
        role, skill, place = role[keep], skill[keep], place[keep]
        return table(
            "role_skills",
            len(role),
            role_id=Coded(role.astype(np.int32), roles),
            skill=Coded(skill.astype(np.int32), self.skill_ids),
            min_level=pick(rng, (1, 2, 3), _ASKED_LEVELS, len(role)),
            essential=place < required[role],
            weight=pick(rng, (1.0, 2.0), (70, 30), len(role)),
        )

    def _wishes(self) -> Rows[Any]:
        """About every third person wishes for a need, and more often for a known one."""
        wanted = self.size.people // 3
        person, need = self._pairs(wanted, self.size.needs)
        return table(
            "wishes",
            len(person),
            professional_id=Coded(person, self.person_ids),
            need_id=Coded(need, self.need_ids),
            rank=pick(self.rng, range(6), (5, 40, 25, 15, 10, 5), len(person)),
        )

    def _conflicts(self) -> Rows[Any]:
        person, group = self._pairs(self.size.people // 1000, self.groups)
        return table(
            "conflicts",
            len(person),
            professional_id=Coded(person, self.person_ids),
            group_id=Coded(group, self.group_ids),
        )

    def _history(self) -> Rows[Any]:
        person, group = self._pairs(self.size.people // 20, self.groups)
        return table(
            "history",
            len(person),
            professional_id=Coded(person, self.person_ids),
            group_id=Coded(group, self.group_ids),
            ended_on=_AS_OF - self.rng.integers(100, 1000, len(person)),
            rating=pick(self.rng, (-1, 3, 4, 5), (20, 20, 30, 30), len(person)),
        )

    def _pairs(self, wanted: int, others: int) -> tuple[Array, Array]:
        """At most ``wanted`` different pairs of a person and one of ``others``, sorted."""
        if not (wanted and others):
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        popular = (others * self.rng.random(wanted) ** 2).astype(np.int64)
        keys = np.unique(self.rng.integers(0, self.size.people, wanted) * others + popular)
        return (keys // others).astype(np.int32), (keys % others).astype(np.int32)

    def _somewhere(self, count: int, blank: float = 0.05) -> Coded:
        crowd = falling(len(self.places), 2.0)
        at = pick(self.rng, range(len(self.places)), crowd, count)
        return Coded(np.where(self.rng.random(count) < blank, -1, at), self.place_ids)

    def _bits(self, weight: Array, count: int, least: int, most: int) -> Array:
        """Sets of ``least``…``most`` draws (the same one twice counts once), as bits."""
        drawn = self.rng.integers(least, most + 1, count)
        bits = np.zeros(count, np.int32)
        for turn in range(most):
            one = np.int32(1) << pick(self.rng, range(len(weight)), weight, count)
            bits |= np.where(turn < drawn, one, 0)
        return bits
