"""docs/benchmarks.md: each part of the measurements stands between two marks of its own."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

LIBRARIES = {
    "engine": ("numpy", "scipy", "numba", "ortools", "matching"),
    "rounds": ("numpy", "scipy", "sqlmodel", "sqlalchemy"),
    "pages": ("flask", "jinja2", "sqlmodel", "sqlalchemy", "waitress"),
}
PARTS = tuple(LIBRARIES)


@dataclass(frozen=True)
class Occasion:
    """When a part was measured, how, and whether the machine had other work."""

    part: str
    command: str
    day: str
    busy: float  # processes that wanted a processor, on average over the last minute

    @classmethod
    def now(cls, part: str, command: str) -> Occasion:
        """Now, on this machine."""
        return cls(part, command, datetime.now(UTC).date().isoformat(), os.getloadavg()[0])

    def words(self) -> str:
        """As a sentence above the tables."""
        about = machine(self.part)
        libraries = ", ".join(f"{name} {about[name]}" for name in LIBRARIES[self.part])
        return (
            f"Measured on {self.day} with `{self.command}`: {about['processors']} processors, "
            f"{about['memory_gb']} GB of memory, {about['system']}, Python {about['python']}, "
            f"SQLite {about['sqlite']}, {libraries}. On average {self.busy:.1f} processes wanted a "
            f"processor when it began; more than {about['processors']} means that other work made "
            "every time by the wall's clock longer."
        )


def machine(part: str) -> dict[str, Any]:
    """The machine in words: nothing that names it."""
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: _version(name) for name in LIBRARIES[part]},
    }


def _version(library: str) -> str:
    """Its version; a rival that is not installed takes no part."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def marks(part: str) -> tuple[str, str]:
    """What stands before and after a part."""
    return f"<!-- {part}: begin -->", f"<!-- {part}: end -->"


def write(path: Path, part: str, text: str) -> None:
    """Put ``text`` between the marks of ``part``; what stands around them stays."""
    begin, end = marks(part)
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    if not found:
        raise ValueError(f"{path}: no place for the part {part}")
    after = rest.partition(end)[2]
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
