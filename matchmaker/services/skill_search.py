"""Finding skills by a word in either language or in kana, or from a sentence about one's work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matchmaker.models import Skill
from matchmaker.text import search_key

MOST_TEXT = 1000
_PARTS = re.compile(r"[・/、,;()（）]| and | & ")
_ASCII = re.compile(r"[a-z0-9 +#.'\-]+")


@dataclass(frozen=True)
class Found:
    """A skill with how well it answers (higher is better) and the word that matched."""

    skill: Skill
    score: int
    word: str


def suggest(skills: Iterable[Skill], text: str, *, most: int = 8) -> list[Found]:
    """The skills that ``text`` speaks of, best first.

    A word finds skills whose names, reading or keywords begin with or contain it; a sentence finds
    those whose words it contains. Longer words count more, names more than keywords.
    """
    asked = search_key(text[:MOST_TEXT])
    if not asked:
        return []
    found = [best for skill in skills if (best := _best(skill, asked)) is not None]
    return sorted(found, key=lambda each: (-each.score, each.skill.position, each.skill.code))[
        :most
    ]


def _best(skill: Skill, asked: str) -> Found | None:
    matches = [
        Found(skill, score, word)
        for word, weight in _words(skill)
        if (score := _score(search_key(word), asked, weight))
    ]
    return max(matches, key=lambda each: each.score, default=None)


def _words(skill: Skill) -> Iterator[tuple[str, int]]:
    for name in (skill.label_ja, skill.label_en, skill.kana):
        yield name, 3
        yield from ((part.strip(), 2) for part in _PARTS.split(name) if part.strip() != name)
    yield from ((word, 2) for word in skill.keywords.split(";"))


def _score(word: str, asked: str, weight: int) -> int:
    if len(word) < 2 and not _is_kanji(word):
        return 0
    length = min(len(word), 12)
    if word == asked:
        return weight * 100 + 60
    if _mentions(asked, word):
        return weight * 20 + length * 10
    if len(asked) >= 2 and word.startswith(asked):
        return weight * 20 + 30
    if len(asked) >= 2 and not _ASCII.fullmatch(asked) and asked in word:
        return weight * 20 + 10
    return 0


def _mentions(text: str, word: str) -> bool:
    """Whether ``text`` speaks of ``word``: English words stand alone, Japanese ones anywhere."""
    if not _ASCII.fullmatch(word):
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?:s|es|ing)?(?![a-z0-9])", text) is not None


def _is_kanji(word: str) -> bool:
    return len(word) == 1 and "\u4e00" <= word <= "\u9fff"
