"""Invented professionals: who they are, what they can do, when and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from matchmaker.sample.bodies import Company
from matchmaker.sample.city import Row, Texts
from matchmaker.sample.pools import EVENINGS, WEEKENDS, numbered, pool, shares, stream
from matchmaker.taxonomy import districts, fields

_TONGUES = {
    "vi": ("vietnamese", "ja;vi"),
    "pt": ("portuguese", "ja;pt"),
    "zh": ("chinese", "ja;zh"),
    "es": ("spanish", "es;ja"),
    "en": ("english", "en;ja"),
}
_HOURS = (1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 8)
_FOREIGN_SHARE, _NO_EMPLOYER_SHARE, _NEWCOMER_SHARE = 0.08, 0.2, 0.3
_ONE_SCARCE_PER = 80  # people; each scarce kind of person appears once


@dataclass
class Person:
    """An invented professional; ``row`` gives the row of ``professionals.csv``."""

    id: str
    name: str
    kana: str
    company: Company | None
    work: Texts
    skills: dict[str, int]
    columns: Row = field(default_factory=dict)
    motive: Texts = field(default_factory=dict)

    def row(self) -> Row:
        """The row of ``professionals.csv``."""
        return {
            "id": self.id,
            "name": self.name,
            "kana": self.kana,
            "email": f"{self.id}@people.example.jp",
            "company_id": self.company.id if self.company else "",
            **self.columns,
        }

    def texts(self) -> Texts:
        """The texts beside the row: the motive and the line of work."""
        return {**self.motive, **self.work}


class Names:
    """Hands out names; each is used once as long as there are enough."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def japanese(self) -> tuple[str, str]:
        """A family and a given name, and their reading."""
        for _ in range(20):
            family = self._rng.choice(pool("names")["families"])
            given = self._rng.choice(pool("names")["given"])
            name = f"{family[0]} {given[0]}"
            if name not in self._used:
                break
        self._used.add(name)
        return name, f"{family[1]} {given[1]}"

    def foreign(self, tongue: str | None = None) -> tuple[str, str, str]:
        """A name from abroad, its reading and its language (not ``pt`` unless asked for)."""
        wanted = [
            entry
            for entry in pool("names")["foreign"]
            if (entry[2] == tongue if tongue else entry[2] != "pt")
        ]
        fresh = [entry for entry in wanted if entry[0] not in self._used] or wanted
        name, kana, language = self._rng.choice(fresh)
        self._used.add(name)
        return name, kana, language


def make_people(seed: int, count: int, companies: list[Company], as_of: date) -> list[Person]:
    """``count`` professionals in proportion to the trades of the pool, a few of them scarce."""
    rng = stream(seed, "people")
    names = Names(rng)
    ids = iter(numbered("p", count))
    slots = _scarce(count) + _common(count - len(_scarce(count)))
    rng.shuffle(slots)
    staff = _Employers(rng, companies)
    return [_person(rng, names, next(ids), trade, staff, as_of) for trade in slots]


def _scarce(count: int) -> list[dict[str, Any]]:
    return list(pool("people")["scarce"]) * (count // _ONE_SCARCE_PER)


def _common(count: int) -> list[dict[str, Any]]:
    trades = pool("people")["archetypes"]
    counts = shares([trade["share"] for trade in trades], count)
    return [trade for trade, many in zip(trades, counts, strict=True) for _ in range(many)]


class _Employers:
    """Finds an employer in the person's trade."""

    def __init__(self, rng: Random, companies: list[Company]) -> None:
        self._rng = rng
        self._companies = companies

    def find(self, trades: list[str]) -> Company | None:
        """An employer, or None for people who work for themselves or for nobody."""
        if self._rng.random() < _NO_EMPLOYER_SHARE:
            return None
        took_part = self._rng.random() >= _NEWCOMER_SHARE
        fitting = [company for company in self._companies if company.trade in trades]
        preferred = [company for company in fitting if company.took_part == took_part]
        choice = preferred or fitting
        return self._rng.choice(choice) if choice else None


def _person(
    rng: Random,
    names: Names,
    person_id: str,
    trade: dict[str, Any],
    employers: _Employers,
    as_of: date,
) -> Person:
    abroad = "language" in trade or ("key" in trade and rng.random() < _FOREIGN_SHARE)
    if abroad:
        name, kana, tongue = names.foreign(trade.get("language"))
    else:
        (name, kana), tongue = names.japanese(), ""
    skills = _scarce_skills(trade) if "skill" in trade else _skills(rng, trade)
    columns = _columns(rng, as_of)
    if tongue:
        skill, columns["languages"] = _TONGUES[tongue]
        skills.setdefault(skill, 4)
    columns |= _fixed(trade, as_of)
    company = employers.find(trade.get("employers", [])) if "key" in trade else None
    columns["relation"] = _relation(rng, company)
    return Person(
        id=person_id,
        name=name,
        kana=kana,
        company=company,
        work={"work_ja": trade["work_ja"], "work_en": trade["work_en"]},
        skills=skills,
        columns=columns,
        motive=_motive(rng, company, abroad=abroad),
    )


def _skills(rng: Random, trade: dict[str, Any]) -> dict[str, int]:
    """Two or three main skills of the trade, one or two others at a lower level."""
    main = [trade["skills"][0], *rng.sample(trade["skills"][1:], rng.choice((1, 2, 2)))]
    found = {code: rng.randint(low, high) for code, low, high in main}
    for code in rng.sample(trade["more"], rng.choice((1, 2, 2))):
        found.setdefault(code, rng.choice((1, 2, 2, 3)))
    return found


def _scarce_skills(trade: dict[str, Any]) -> dict[str, int]:
    return {trade["skill"]: trade["level"]}


def _columns(rng: Random, as_of: date) -> Row:
    modes = rng.choice(("remote;onsite",) * 6 + ("remote",) * 2 + ("onsite",) * 2)
    cared_for = rng.sample([entry.code for entry in fields()], rng.choice((1, 2, 2, 3)))
    return {
        "district": rng.choice(districts()).code,
        "modes": modes,
        "reach_km": "" if modes == "remote" else str(rng.choice((5, 8, 8, 10, 10, 15, 20))),
        "hours_per_week": str(rng.choice(_HOURS)),
        "available_from": _date(as_of, rng.choice((None, None, None, -30, -10, 0, 14, 30))),
        "available_until": _date(as_of, rng.choice((None, None, None, None, 150, 240, 330))),
        "slots": ";".join(_slots(rng)),
        "capacity": str(rng.choice((1,) * 9 + (2,))),
        "fields": ";".join(sorted(cared_for)),
        "languages": "en;ja" if rng.random() < 0.12 else "ja",
        "waiting_since": _date(as_of, -rng.randint(2, 19) * rng.randint(2, 19)),
        "any_project": "yes" if rng.random() < 0.25 else "no",
    }


def _relation(rng: Random, company: Company | None) -> str:
    """How the person is tied to the city: living, working or studying there, or not at all."""
    if company is None:
        return rng.choice(("resident",) * 8 + ("student",))
    elsewhere = "worker" if company.in_city else "none"
    return rng.choice(("resident", "resident", elsewhere))


def _motive(rng: Random, company: Company | None, *, abroad: bool) -> Texts:
    fits = {"any", "employed" if company else "independent"} | ({"abroad"} if abroad else set())
    motives = [entry for entry in pool("people")["motives"] if entry["of"] in fits]
    motive = rng.choice(motives)
    return {"about_ja": motive["about_ja"], "about_en": motive["about_en"]}


def _slots(rng: Random) -> Iterator[str]:
    if rng.random() < 0.3:
        return
    chosen = set(rng.sample(EVENINGS, rng.choice((1, 2, 2, 3))))
    chosen |= set(rng.sample(WEEKENDS, rng.choice((1, 2, 2, 3))))
    yield from (slot for slot in (*EVENINGS, *WEEKENDS) if slot in chosen)


def _date(as_of: date, days: int | None) -> str:
    return "" if days is None else (as_of + timedelta(days=days)).isoformat()


def _fixed(trade: dict[str, Any], as_of: date) -> Row:
    """What makes a scarce person hard to place."""
    fixed: Row = {}
    if "key" not in trade:
        fixed |= {"available_from": "", "available_until": "", "slots": "", "capacity": "1"}
        fixed |= {"hours_per_week": str(trade.get("hours", 4)), "reach_km": "15"}
        fixed["modes"] = trade.get("modes", "remote;onsite")
        fixed["slots"] = trade.get("slots", "")
    if "free_after_days" in trade:
        fixed["available_from"] = _date(as_of, trade["free_after_days"])
    return fixed
