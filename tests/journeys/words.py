"""What the pages say in Japanese: the catalogue's words for an English sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from babel.support import Translations

FOLDER = Path(__file__).parents[2] / "web" / "translations"


@cache
def _catalogue() -> Any:
    return Translations.load(FOLDER, ["ja"])


def ja(sentence: str, **values: Any) -> str:
    """The Japanese of a sentence as people read it; itself where there is none yet."""
    said: str = _catalogue().gettext(sentence)
    return said % values if values else said


def ja_many(one: str, many: str, number: int) -> str:
    """The Japanese of a sentence that counts."""
    said: str = _catalogue().ngettext(one, many, number)
    return said % {"num": number}
