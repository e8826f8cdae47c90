"""Japanese words on English pages say so, for screen readers and for the shapes of the letters."""

from __future__ import annotations

import re

from flask import Flask
from markupsafe import Markup, escape

from web.filters import add_filters
from web.i18n import language

_LETTER = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
_BETWEEN = rf"[\s\d\u3000-\u303f\uff00-\uffef{_LETTER}]*"
JAPANESE = re.compile(f"[{_LETTER}](?:{_BETWEEN}[{_LETTER}])?")
TAG = re.compile(r"(<[^>]*>)")


def init_spoken(app: Flask) -> None:
    """The filter ``spoken``."""
    add_filters(app, spoken=spoken)


def spoken(text: object) -> object:
    """Any text; on an English page with ``lang="ja"`` around what is Japanese. Text is escaped,
    markup stays markup."""
    if not text or language() == "ja" or not JAPANESE.search(str(text)):
        return text
    parts = TAG.split(escape(text))
    return Markup("").join(  # every part is escaped or was markup before
        Markup(part if part.startswith("<") else JAPANESE.sub(_marked, part))  # noqa: S704
        for part in parts
    )


def _marked(found: re.Match[str]) -> str:
    return f'<span lang="ja">{found[0]}</span>'
