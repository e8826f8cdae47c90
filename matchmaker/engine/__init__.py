"""The matching engine: numbers in, numbers out. Importing it loads nothing until it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matchmaker.engine.assignment import Assignment, assign

_HOME = {
    "assign": "matchmaker.engine.assignment",
    "Assignment": "matchmaker.engine.assignment",
}

__all__ = ["Assignment", "assign"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
