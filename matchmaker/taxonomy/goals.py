"""The 17 goals of the United Nations (SDGs), and which of them a field of activity serves.

``field_goals.csv`` is the city's reading of its fields, to be edited there; a group can name the
goals of a need itself. Goal 17 is served by
every project, because each is a partnership of a group, people at work and the city.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PARTNERSHIP = 17
NUMBERS = tuple(str(number) for number in range(1, 18))


@dataclass(frozen=True)
class Goal:
    """A goal with its number."""

    number: int
    label_ja: str
    label_en: str


@cache
def goals() -> dict[int, Goal]:
    """Number → goal, in order."""
    return {
        int(row["number"]): Goal(int(row["number"]), row["label_ja"], row["label_en"])
        for row in _rows("goals.csv")
    }


@cache
def goals_of_field() -> dict[str, tuple[int, ...]]:
    """Code of a field → the goals it serves, besides ``PARTNERSHIP``."""
    return {
        row["field"]: tuple(int(number) for number in row["goals"].split(";"))
        for row in _rows("field_goals.csv")
    }


def goals_served(fields: Iterable[str], named: Iterable[str] = ()) -> frozenset[int]:
    """What a project serves: the goals its group ``named`` (numbers), else those of its fields."""
    chosen = {int(number) for number in named}
    if not chosen:
        known = goals_of_field()
        chosen = {goal for each in fields for goal in known.get(each, ())}
    return frozenset({PARTNERSHIP, *chosen})


def _rows(name: str) -> list[dict[str, str]]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
