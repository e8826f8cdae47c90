"""Both catalogues are complete: every sentence exists in Japanese and English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from web import catalogues, need_words

# Words of the same shape that name no act, and savings, which histories leave out.
NOT_ACTS = {
    "any_project", "ask_fewer_hours", "both_on_project", "group_asked", "group_saved",
    "left_project", "need_saved", "not_on_project", "note_hours", "professional_saved",
    "profile_returned", "profile_verified", "too_few_hours", "too_many_hours",
}  # fmt: skip


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_message_is_translated_and_used(language: str) -> None:
    assert catalogues.faults(language) == []


def test_no_sentence_hides_in_an_f_string() -> None:
    """The extraction does not see sentences there, so they would stay English for everybody."""
    hidden = [
        f"{path}:{call.lineno}"
        for path in sorted(catalogues.WEB.rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogues.KEYWORDS
    ]
    assert hidden == []


def test_a_missing_translation_and_a_lost_placeholder_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Catalog(locale="ja")
    for message in catalogues.read("ja"):
        if message.id:
            lost = isinstance(message.string, str) and "%(" in message.string
            broken.add(message.id, "空" if lost else message.string, context=message.context)
    broken.add("Nobody says this", "だれも言わない")
    monkeypatch.setattr(catalogues, "read", lambda _language: broken)
    faults = "\n".join(catalogues.faults("ja"))
    assert "placeholder is missing" in faults
    assert "no longer used: 'Nobody says this'" in faults


def test_every_act_that_a_history_shows_has_its_word() -> None:
    """Histories of people, groups, needs and projects: no code is ever shown for an act."""
    shown = set()
    for path in (Path(__file__).parents[1] / "matchmaker" / "services").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        shown |= set(re.findall(r'"([a-z]+(?:_[a-z]+)*_(?:project|hours))"', text))
        shown |= set(re.findall(r'"((?:need|group|member|professional|profile)_[a-z]+ed)"', text))
    assert {"log_hours", "leave_project", "need_opened"} <= shown
    assert shown - set(need_words.ACTS) - NOT_ACTS == set()
