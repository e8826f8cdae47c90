"""The words people agree to, by purpose. A change is a new version; an old one is never edited.

The texts stand in ``matchmaker/agreements/<purpose>-<version>.<language>.txt``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from matchmaker.models import ConsentPurpose

FOLDER = Path(__file__).parent.parent / "agreements"
VERSIONS = (
    (ConsentPurpose.TERMS, 1, date(2026, 4, 1)),
    (ConsentPurpose.EMPLOYER_REPORT, 1, date(2026, 4, 1)),
)


@dataclass(frozen=True)
class Text:
    """One version of one agreement, in both languages."""

    purpose: ConsentPurpose
    version: int
    published_on: date
    ja: str
    en: str


@cache
def texts() -> tuple[Text, ...]:
    """Every version of every agreement."""
    return tuple(
        Text(purpose, version, day, _read(purpose, version, "ja"), _read(purpose, version, "en"))
        for purpose, version, day in VERSIONS
    )


def newest(purpose: ConsentPurpose) -> Text:
    """The version people are asked to agree to now."""
    return max((text for text in texts() if text.purpose == purpose), key=lambda text: text.version)


def _read(purpose: ConsentPurpose, version: int, language: str) -> str:
    name = f"{purpose.replace('_', '-')}-{version}.{language}.txt"
    return (FOLDER / name).read_text(encoding="utf-8").strip()
