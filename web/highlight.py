"""Where a text says what was searched for: marked, and cut out of a long text.

What is compared is folded (``search_key``), what is shown stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flask import Flask
from markupsafe import Markup, escape

from matchmaker.text import search_key
from web.filters import add_filters

AROUND = 40
# A letter with the marks that belong to it: two signs in half width (ｶﾞ) are one letter (が).
_LETTER = re.compile("(?s).[\u3099\u309a\uff9e\uff9f\u0300-\u036f]*")


def init_highlight(app: Flask) -> None:
    """The filters ``marked`` and ``excerpt``."""
    add_filters(app, marked=marked, excerpt=excerpt)


def marked(text: str, words: Sequence[str]) -> Markup:
    """The text with every place that says one of ``words`` (folded) in ``<mark>``."""
    found, at = Markup(), 0
    for start, end in _places(text, words):
        found += escape(text[at:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        at = end
    return found + escape(text[at:])


def excerpt(text: str, words: Sequence[str], most: int = 110) -> Markup:
    """``marked``, of the part around the first place; the beginning where there is none."""
    plain = " ".join(text.split())
    first = next(_places(plain, words), (0, 0))[0]
    start = max(0, first - AROUND) if len(plain) > most else 0
    cut = plain[start : start + most]
    before, after = "…" if start else "", "…" if start + most < len(plain) else ""
    return escape(before) + marked(cut, words) + escape(after)


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places from left to right, none within another."""
    folded, origin = _folded(text)
    at = 0
    while True:
        hits = [(hit, len(word)) for word in words if word and (hit := folded.find(word, at)) >= 0]
        if not hits:
            return
        hit, length = min(hits, key=lambda each: (each[0], -each[1]))
        yield origin[hit][0], origin[hit + length - 1][1]
        at = hit + length


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text folded letter by letter, and where in the text each folded sign comes from."""
    folded, origin = [], []
    for letter in _LETTER.finditer(text):
        for sign in search_key(letter[0]) or " ":
            folded.append(sign)
            origin.append(letter.span())
    return "".join(folded), origin
