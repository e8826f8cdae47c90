"""One search over all that is public: needs, groups, cases, skills, fields, districts.

Two-kanji words, kana in either script and width, and Latin letters find alike: what is looked
through is folded by ``matchmaker.text.search_key`` when it is stored, what is asked when it is
asked. Every word must stand somewhere in the thing found; skills are those the words speak of;
a field of activity and a district lead to the lists of what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlmodel import Session

from matchmaker.models import ActivityField, District, Skill
from matchmaker.services import case_directory, directory, group_directory, skill_search, taxonomy
from matchmaker.services.public_search import CaseSearch, GroupSearch, NeedSearch, words_of
from matchmaker.text import search_key

SHOWN = 5  # of each kind; the rest stands in the kind's own list
MOST_NAMES = 8


@dataclass(frozen=True)
class Hits:
    """What was found of one kind: the first few, and how many in all."""

    kind: str
    rows: tuple[Any, ...]
    total: int


def find(session: Session, *, text: str, on: date) -> list[Hits]:
    """What is public and contains every word, kind by kind; kinds without a hit are left out."""
    if not words_of(text):
        return []
    needs = directory.open_needs(session, search=NeedSearch(text=text), on=on, size=SHOWN)
    groups = group_directory.groups(session, search=GroupSearch(text=text), on=on, size=SHOWN)
    cases = case_directory.published(session, search=CaseSearch(text=text), size=SHOWN)
    skills = _skills(session, text)
    fields = _named(taxonomy.fields(session), text)
    districts = _named(taxonomy.districts(session), text)
    found = [
        Hits("needs", needs.rows, needs.total),
        Hits("groups", groups.rows, groups.total),
        Hits("cases", cases.rows, cases.total),
        Hits("fields", fields, len(fields)),
        Hits("districts", districts, len(districts)),
        Hits("skills", skills, len(skills)),
    ]
    return [hits for hits in found if hits.total]


def _named(
    known: Iterable[ActivityField | District], text: str
) -> tuple[ActivityField | District, ...]:
    """Those whose name holds every word."""
    words = words_of(text)
    found = (
        one
        for one in known
        if all(word in search_key(one.label_ja, one.label_en, one.kana) for word in words)
    )
    return tuple(islice(found, MOST_NAMES))


def _skills(session: Session, text: str) -> tuple[Skill, ...]:
    known = [skill for family in taxonomy.families(session) for skill in family.skills]
    return tuple(found.skill for found in skill_search.suggest(known, text, most=MOST_NAMES))
