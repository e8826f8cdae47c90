"""Both catalogues are complete: every sentence exists in Japanese and English."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from web import catalogues


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_message_is_translated_and_used(language: str) -> None:
    assert catalogues.faults(language) == []


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
