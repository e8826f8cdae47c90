"""Skills are found by a word in any spelling, and suggested from a sentence."""

from __future__ import annotations

import pytest

from matchmaker import taxonomy
from matchmaker.models import Skill
from matchmaker.services.skill_search import suggest

SKILLS = [
    Skill(
        code=row.code,
        label_ja=row.label_ja,
        label_en=row.label_en,
        kana=row.kana,
        keywords=";".join(row.keywords),
        parent=row.parent,
        position=position,
    )
    for position, row in enumerate(taxonomy.skills())
    if row.parent
]


def codes(text: str) -> list[str]:
    return [found.skill.code for found in suggest(SKILLS, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会計", "accounting"),
        ("経理", "accounting"),
        ("かいけい", "accounting"),
        ("カイケイ", "accounting"),
        ("ｶｲｹｲ", "accounting"),
        ("ACCOUNTING", "accounting"),
        ("ちらし", "leaflet-design"),
        ("photoshop", "graphic-design"),
        ("会社で経理を10年やっています。決算もわかります", "accounting"),
        ("I design websites and shops", "web-design"),
    ],
)
def test_the_skill_is_among_the_first_three(text: str, expected: str) -> None:
    assert expected in codes(text)[:3]


def test_a_name_that_is_the_word_itself_comes_first() -> None:
    for skill in SKILLS:
        assert codes(skill.label_ja)[0] == skill.code
        assert codes(skill.label_en)[0] == skill.code


@pytest.mark.parametrize("text", ["", "   ", "。", "qqqqq", "a", "\x00", "%", "😀"])
def test_what_names_no_skill_finds_none(text: str) -> None:
    assert codes(text) == []


def test_an_english_word_is_not_found_inside_another() -> None:
    assert "ui" not in {found.word.lower() for found in suggest(SKILLS, "I build houses")}


def test_a_very_long_text_gives_a_short_list() -> None:
    everything = "。".join(skill.label_ja for skill in SKILLS) * 100
    assert len(suggest(SKILLS, everything)) == 8
