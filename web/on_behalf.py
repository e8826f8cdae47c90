"""Proxy entry: the note a coordinator makes before writing for others, kept while they write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import session as cookie

from matchmaker.services.commands import validated
from matchmaker.services.on_behalf import OnBehalf

KEY = "on_behalf"


def current() -> OnBehalf | None:
    """The note now in force, or None."""
    kept = cookie.get(KEY)
    return validated(OnBehalf, kept) if kept else None


def begin(data: Mapping[str, Any]) -> None:
    """Keep who said so, how and when, until ``end``; what is wrong is refused as ``Invalid``."""
    cookie[KEY] = validated(OnBehalf, data).model_dump(mode="json")


def end() -> None:
    """Forget the note."""
    cookie.pop(KEY, None)
