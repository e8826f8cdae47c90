"""The hand-written stories: real in tone, complete in both languages, possible as posted."""

from __future__ import annotations

import re

import pytest

from matchmaker.sample.needs import current_stories, past_stories
from matchmaker.sample.pools import pool
from matchmaker.taxonomy import forms_that_fit, menus, skills
from matchmaker.text import text_fault

STORIES = [*current_stories(), *past_stories()]
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story["key"])


def test_there_are_enough_stories_for_a_year_and_its_past():
    assert len(current_stories()) == 30
    assert len(past_stories()) >= 15
    assert len({story["title_ja"] for story in STORIES}) == len(STORIES)


@each_story
def test_a_story_fits_the_form_it_asks_for(story):
    people = sum(role["seats"] for role in story["roles"])
    hours = max(role["hours_per_week"] for role in story["roles"]) * story["weeks"]
    fitting = forms_that_fit(hours_each=hours, weeks=story["weeks"], people=people)
    assert story["form"] in fitting


@each_story
def test_a_story_uses_known_menus_skills_and_groups(story):
    assert story["menu"] in {menu.code for menu in menus()}
    assert story["group"] in {entry["key"] for entry in pool("groups")["patterns"]}
    leaves = {skill.code for skill in skills() if skill.parent}
    for role in story["roles"]:
        assert {asked["skill"] for asked in role["skills"]} <= leaves
        assert any(asked["essential"] for asked in role["skills"])


@each_story
def test_a_story_is_told_calmly_in_both_languages(story):
    told = ["title", "summary", *(["outcome"] if story.get("past") else ["gain"])]
    for name in told:
        japanese, english = story[f"{name}_ja"], story[f"{name}_en"]
        assert JAPANESE.search(japanese)
        assert not JAPANESE.search(english)
        for text in (japanese, english):
            assert text_fault(text) is None
            assert not re.search("[!！?？]", text)
    assert len(story["title_ja"]) <= 40
