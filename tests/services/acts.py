"""Every act that the code records, read off the code: the constants that reach ``audit.record``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "matchmaker" / "services"
CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def recorded() -> set[str]:
    """Acts that are written as they are; those put together from parts are not among them."""
    found: set[str] = set()
    for path in sorted(SERVICES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found |= set(_of_call(node))
    return found


def _of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    for word in call.keywords:
        if word.arg == "act" and isinstance(word.value, ast.Constant):
            yield str(word.value.value)
    if re.fullmatch(r"_?record(ed)?(_\w+)?", name):
        for given in call.args:
            if isinstance(given, ast.Constant) and CODE.fullmatch(str(given.value)):
                yield str(given.value)
