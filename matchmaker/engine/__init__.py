"""The matching engine: numbers in, numbers out. Importing it loads nothing until it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matchmaker.engine.assignment import Assignment, assign
    from matchmaker.engine.market import Market
    from matchmaker.engine.matcher import match
    from matchmaker.engine.policy import Policy
    from matchmaker.engine.result import Result

_HOME = {
    "assign": "matchmaker.engine.assignment",
    "Assignment": "matchmaker.engine.assignment",
    "Market": "matchmaker.engine.market",
    "Policy": "matchmaker.engine.policy",
    "Result": "matchmaker.engine.result",
    "match": "matchmaker.engine.matcher",
}

__all__ = ["Assignment", "Market", "Policy", "Result", "assign", "match"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
