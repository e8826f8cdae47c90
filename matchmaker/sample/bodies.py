"""Invented employers and civic groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from matchmaker.sample.city import Row, Texts
from matchmaker.sample.pools import numbered, pool, stream
from matchmaker.taxonomy import District, districts

_WEIGHTS = (1, 2) * 6  # from the right


@dataclass(frozen=True)
class Company:
    """An invented employer; ``took_part``: its people helped in past years."""

    id: str
    name: str
    kana: str
    trade: str
    took_part: bool
    corporate_number: str
    in_city: bool

    def row(self) -> Row:
        """The row of ``companies.csv``."""
        return {
            "id": self.id,
            "name": self.name,
            "corporate_number": self.corporate_number,
            "in_city": "yes" if self.in_city else "no",
        }


def check_digit(body: str) -> int:
    """First digit of a corporate number whose other twelve digits are ``body``."""
    pairs = zip(reversed(body), _WEIGHTS, strict=True)
    return 9 - sum(int(digit) * weight for digit, weight in pairs) % 9


def corporate_numbers(count: int) -> list[str]:
    """``count`` numbers with a valid check digit that no registry can have given out.

    They read 9 99…: twelve digits beginning 99 belong to no registry office.
    """
    found: list[str] = []
    serial = 0
    while len(found) < count:
        serial += 1
        body = f"99{serial:010}"
        if check_digit(body) == 9:
            found.append(f"9{body}")
    return found


def make_companies(seed: int, took_part: int, newcomers: int) -> list[Company]:
    """Employers that took part in past years, then some that never have.

    Raises ``ValueError`` when more are asked than names can be invented.
    """
    rng = stream(seed, "companies")
    names = pool("companies")
    count = took_part + newcomers
    prefixes, kinds = list(names["prefixes"]), names["kinds"]
    if count > len(prefixes) * len(kinds):
        raise ValueError(f"employers: at most {len(prefixes) * len(kinds) - newcomers}")
    rng.shuffle(prefixes)
    ids, numbers = numbered("c", count), corporate_numbers(count)
    made = []
    for index in range(count):
        name, kana, trade = kinds[index % len(kinds)]
        prefix, reading = prefixes[(index + index // len(kinds)) % len(prefixes)]
        made.append(
            Company(
                id=ids[index],
                name=name.format(p=prefix),
                kana=kana.format(p=reading),
                trade=trade,
                took_part=index < took_part,
                corporate_number=numbers[index],
                in_city=rng.random() < 0.85,
            )
        )
    return made


@dataclass
class Group:
    """An invented civic group; its needs and dates are set as the city grows."""

    id: str
    pattern: dict[str, Any]
    name: str
    kana: str
    district: str
    needs: list[str] = field(default_factory=list)
    waiting_since: str = ""
    last_supported_on: str = ""

    def row(self) -> Row:
        """The row of ``groups.csv``."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.pattern["kind"],
            "district": self.district,
            "fields": self.pattern["fields"],
            "waiting_since": self.waiting_since,
            "last_supported_on": self.last_supported_on,
        }

    def texts(self) -> Texts:
        """The texts beside the row."""
        about = {name: self.pattern[name] for name in ("about_ja", "about_en")}
        return {"kana": self.kana, **about}


class GroupMaker:
    """Invents groups one after another; no two bear the same name."""

    def __init__(self, seed: int, count: int) -> None:
        self._rng: Random = stream(seed, "groups")
        self._ids = iter(numbered("g", count))
        self.left = count  # how many groups it will still make
        self._patterns = {entry["key"]: entry for entry in pool("groups")["patterns"]}
        self._used: set[str] = set()
        self._places = districts()

    def make(self, key: str | None = None) -> Group:
        """A group of the pattern ``key``, or of any. ``StopIteration`` when all are made."""
        group_id = next(self._ids)
        self.left -= 1
        pattern = self._patterns[key or self._rng.choice(sorted(self._patterns))]
        place = self._rng.choice(self._places)
        name, kana = self._name(pattern, place)
        self._used.add(name)
        return Group(group_id, pattern, name, kana, place.code)

    def _name(self, pattern: dict[str, Any], place: District) -> tuple[str, str]:
        for _ in range(8):
            word = self._rng.choice(pool("groups")["words"])
            town = self._rng.choice(pool("groups")["towns"])
            name = pattern["name"].format(w=word[0], t=town[0])
            if name not in self._used:
                break
        kana = pattern["kana"].format(w=word[1], t=town[1])
        return self._branch(name, kana, place) if name in self._used else (name, kana)

    def _branch(self, name: str, kana: str, place: District) -> tuple[str, str]:
        name, kana = f"{name} {place.label_ja}支部", f"{kana} {place.kana}しぶ"
        number = 2
        while name in self._used:
            name = f"{name.split(' 第')[0]} 第{number}"
            number += 1
        return name, kana
