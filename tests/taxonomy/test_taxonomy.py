"""The words both sides choose from are complete, readable in both languages, and hang together."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from matchmaker.engine.files.columns import FIELDS
from matchmaker.taxonomy import (
    FORMS,
    districts,
    fields,
    form_for,
    forms_that_fit,
    menu,
    menus,
    skill_families,
    skills,
)
from matchmaker.text import text_fault

KANA = re.compile(r"[\u3041-\u3096ー・、\s]+")
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
READABLE = re.compile(r"[A-Za-z]")
EVERYTHING = [*skills(), *fields(), *districts(), *menus()]


@pytest.mark.parametrize("entry", EVERYTHING, ids=lambda entry: entry.code)
def test_every_entry_has_a_code_two_labels_and_a_reading(entry):
    assert CODE.fullmatch(entry.code)
    assert JAPANESE.search(entry.label_ja)
    assert READABLE.search(entry.label_en)
    assert not JAPANESE.search(entry.label_en)
    assert KANA.fullmatch(entry.kana), entry.kana
    assert text_fault(entry.label_ja + entry.label_en) is None
    assert entry.label_ja == entry.label_ja.strip()


@pytest.mark.parametrize("rows", [skills(), fields(), districts(), menus()], ids=len)
def test_no_code_and_no_label_stands_twice(rows):
    for column in ("code", "label_ja", "label_en", "kana"):
        twice = [
            value
            for value, count in Counter(getattr(row, column) for row in rows).items()
            if count > 1
        ]
        assert not twice


def test_about_a_hundred_skills_in_thirteen_families():
    families = {family.code for family in skill_families()}
    leaves = [skill for skill in skills() if skill.parent]
    assert len(families) == 13
    assert 95 <= len(leaves) <= 120
    assert {skill.parent for skill in leaves} == families


def test_families_stand_before_their_skills():
    seen = set()
    for skill in skills():
        assert skill.parent is None or skill.parent in seen
        seen.add(skill.code)


def test_every_skill_can_be_found_by_words_of_both_languages():
    for skill in skills():
        if skill.parent:
            words = " ".join(skill.keywords)
            assert len(skill.keywords) >= 4, skill.code
            assert JAPANESE.search(words), skill.code
            assert re.search(r"[A-Za-z]{2}", words), skill.code
            assert len(set(skill.keywords)) == len(skill.keywords), skill.code
            assert text_fault(words) is None


def test_fields_are_the_twenty_of_the_act_and_local():
    assert tuple(field.code for field in fields()) == FIELDS
    assert fields()[0].full_ja == "保健、医療又は福祉の増進を図る活動"


def test_the_city_has_24_districts_within_its_bounds():
    assert len(districts()) == 24
    for place in districts():
        assert 34.8 < place.lat < 35.1
        assert 136.4 < place.lon < 136.7
        assert place.kana.endswith("ちく")


def test_menus_cover_every_kind_of_project_asked_of_us():
    asked = (
        "website leaflet sns groupware accounting product crowdfunding grant pitch-deck survey "
        "donor business-plan operations volunteer-manual succession members evaluation event "
        "personal-data generative-ai translation photo-video disaster-plan"
    )
    assert {entry.code for entry in menus()} == set(asked.split())


@pytest.mark.parametrize("entry", menus(), ids=lambda entry: entry.code)
def test_a_menu_can_be_posted_as_it_stands(entry):
    known = {skill.code for skill in skills() if skill.parent}
    forms = {form.code for form in FORMS}
    assert set(entry.forms) <= forms
    assert entry.default_form in entry.forms
    assert any(role.essential for role in entry.roles)
    assert sum(phase.weeks for phase in entry.phases) == entry.weeks
    assert max(role.hours_per_week for role in entry.roles) == entry.hours_per_week
    assert 2 <= len(entry.questions) <= 4
    assert {hint.test for hint in entry.readiness} <= {"scope", "knowledge", "people", "urgency"}
    for role in entry.roles:
        assert {asked.skill for asked in role.skills} <= known
        assert any(asked.essential for asked in role.skills)
        assert all(1 <= asked.min_level <= 4 and asked.weight >= 1 for asked in role.skills)


@pytest.mark.parametrize("entry", menus(), ids=lambda entry: entry.code)
def test_a_menu_fits_the_form_it_suggests(entry):
    fitting = forms_that_fit(
        hours_each=entry.hours_per_week * entry.weeks, weeks=entry.weeks, people=entry.seats
    )
    assert entry.default_form in fitting


@pytest.mark.parametrize("entry", menus(), ids=lambda entry: entry.code)
def test_texts_of_a_menu_stand_in_both_languages(entry):
    parts = [*entry.phases, *entry.roles]
    pairs = [(part.title_ja, part.title_en) for part in parts]
    pairs += [(part.ja, part.en) for part in (*entry.questions, *entry.readiness)]
    pairs += [(entry.summary_ja, entry.summary_en), (entry.deliverable_ja, entry.deliverable_en)]
    for japanese, english in pairs:
        assert JAPANESE.search(japanese)
        assert READABLE.search(english)
        assert not JAPANESE.search(english)
        assert "！" not in japanese
        assert "!" not in english


def test_a_brief_too_large_for_its_form_is_given_another():
    assert form_for(hours_each=1, weeks=1, people=1) == "session"
    assert form_for(hours_each=8, weeks=3, people=4) == "day"
    assert form_for(hours_each=30, weeks=8, people=2) == "single"
    assert form_for(hours_each=90, weeks=20, people=4) == "team"
    assert form_for(hours_each=400, weeks=52, people=1) is None


def test_a_menu_knows_the_work_of_its_essential_seats():
    assert menu("grant").total_hours == 2 * 6
    assert menu("website").total_hours == (4 + 4 + 4) * 16
    with pytest.raises(KeyError):
        menu("unheard-of")
