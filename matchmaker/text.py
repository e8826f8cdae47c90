"""What may stand in a name or a text, and how it is looked up again.

A city office prints what people enter, posts it and hands it on as CSV, so every entry must be
writable on paper: no control characters, no text that changes its direction, no pictures.
"""

from __future__ import annotations

import re
import unicodedata

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ufeff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c]")
# Signs that Japanese texts have always used (★ ♪ ㈱ ①) stay; pictures only a screen shows go.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U000e0000-\U000e007f\ufe0f\u20e3\u231a\u231b\u23e9-\u23f3\u25fd\u25fe"
    "\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4"
    "\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757"
    "\u2764\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55]"
)
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# Old shapes of characters, as registers and people write them in names, to the usual ones.
_SHAPES = str.maketrans(
    "髙﨑邊邉齋齊斎濵濱澤廣嶋國櫻眞惠圓德緖瀨", "高崎辺辺斉斉斉浜浜沢広島国桜真恵円徳緒瀬"
)


_FOLDS = {**_KATAKANA_TO_HIRAGANA, **_SHAPES}


def text_fault(value: str, *, lines: bool = False) -> str | None:
    """Why ``value`` cannot be accepted as text, or None.

    Returns one of ``control_character``, ``line_break`` (unless ``lines``), ``half_width_kana``,
    ``right_to_left``, ``invisible_character``, ``emoji``, ``broken_character``.
    """
    if not lines and ("\n" in value or "\r" in value or "\t" in value):
        return "line_break"
    for code, pattern in (
        ("control_character", _CONTROL),
        ("half_width_kana", _HALF_WIDTH_KANA),
        ("invisible_character", _INVISIBLE),
        ("emoji", _EMOJI),
    ):
        if pattern.search(value):
            return code
    for char in value:
        if unicodedata.bidirectional(char) in ("R", "AL", "AN"):
            return "right_to_left"
        if unicodedata.category(char) in ("Cs", "Cn", "Co"):
            return "broken_character"
    return None


def clean(value: str) -> str:
    """``value`` in one normal form (NFC, ``\\n`` line ends, no space at either end)."""
    return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()


def search_key(*parts: str | None) -> str:
    """``parts`` folded for look-up: NFKC, case-folded, katakana as hiragana, spaces single, old
    shapes of characters (髙, 﨑) as the usual ones.

    会計, ｶｲｹｲ and かいけい written in full or half width, upper or lower case, meet in one form
    (kanji and kana stay apart: give both as parts).
    """
    joined = " ".join(part for part in parts if part)
    folded = unicodedata.normalize("NFKC", joined).casefold().translate(_FOLDS)
    return " ".join(folded.split())
