"""The reference of the engine's calls, written from their docstrings.

``python -m tests.reference`` writes docs/api.md; a test refuses one that is out of date.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
MODULES = (
    "matchmaker.engine",
    "matchmaker.engine.solution",
    "matchmaker.engine.problem",
    "matchmaker.engine.solve",
    "matchmaker.engine.verify",
)


def page() -> str:
    """The whole reference as Markdown."""
    parts = [
        "# The engine's calls",
        "Written from the docstrings by `python -m tests.reference`; do not edit by hand."
        " How it all works: [engine.md](engine.md).",
    ]
    for name in MODULES:
        module = import_module(name)
        parts += [f"## `{name}`", inspect.getdoc(module) or ""]
        for kind, value in public(module):
            parts += _entry("###", kind, value)
    return "\n\n".join(part for part in parts if part) + "\n"


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The classes and functions that a module offers: those it names, else those it defines."""
    names = getattr(module, "__all__", None) or [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]
    for name in names:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            yield name, value


def _entry(mark: str, name: str, value: Any) -> Iterator[str]:
    yield f"{mark} `{name}{_signature(value)}`"
    yield inspect.getdoc(value) or ""
    if inspect.isclass(value) and is_dataclass(value):
        yield from _methods(f"{mark}#", name, value)


def _methods(mark: str, owner: str, kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, classmethod):
            yield from _entry(mark, f"{owner}.{name}", getattr(kind, name))
        elif inspect.isfunction(member):
            yield from _entry(mark, f"{owner}.{name}", member)
        elif what := inspect.getdoc(member) if _computed(member) else None:
            yield f"{mark} `{owner}.{name}`"
            yield what


def _computed(member: Any) -> bool:
    return isinstance(member, property) or type(member).__name__ == "cached_property"


def _signature(value: Any) -> str:
    shown = inspect.signature(value)
    fields = [
        each.replace(annotation=inspect.Parameter.empty) for each in shown.parameters.values()
    ]
    plain = shown.replace(parameters=fields, return_annotation=inspect.Signature.empty)
    return str(plain).replace("<factory>", "…")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
