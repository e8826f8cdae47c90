"""The invented names and stories the generator draws from, and its streams of chance."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

EVENINGS = ("mon-eve", "tue-eve", "wed-eve", "thu-eve", "fri-eve")
WEEKENDS = ("sat-am", "sat-pm", "sun-am", "sun-pm")


@cache
def pool(name: str) -> Any:
    """The data file ``name``.json, read once. Callers must not change it."""
    return json.loads((files(__package__) / "data" / f"{name}.json").read_text(encoding="utf-8"))


def stream(seed: int, part: str) -> random.Random:
    """A stream of chance of its own for each part, so that one part can grow alone."""
    return random.Random(f"{seed}:{part}")  # noqa: S311 - invents people, guards nothing


def numbered(letter: str, count: int, start: int = 1) -> list[str]:
    """``count`` ids like ``p001`` that sort in the order of their numbers."""
    width = max(3, len(str(start + count - 1)))
    return [f"{letter}{number:0{width}}" for number in range(start, start + count)]


def shares(weights: Sequence[int], total: int) -> list[int]:
    """``total`` split in proportion to ``weights``, by largest remainder."""
    whole = sum(weights)
    counts = [total * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_rest[: total - sum(counts)]:
        counts[index] += 1
    return counts
