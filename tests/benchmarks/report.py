"""What was measured as tables of docs/benchmarks.md, between its two marks."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.city_rounds import EngineTime, RoundTime
from tests.benchmarks.pages import MOST_KILOBYTES, MOST_MILLISECONDS, MOST_QUERIES, PageTime
from tests.benchmarks.processes import Memory
from tests.benchmarks.sizes import Sizes

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
LIBRARIES = ("flask", "jinja2", "sqlmodel", "sqlalchemy", "numpy", "scipy", "waitress")
GOAL_MEGABYTES = 500


@dataclass(frozen=True)
class Measured:
    """Everything of one run."""

    command: str
    day: str
    busy: float  # processes that wanted a processor, on average over the last minute
    sizes: Sizes
    city: RoundTime
    engine: list[EngineTime]
    loading: float
    big_round: dict[str, float]
    pages: list[PageTime]
    memory: list[Memory]
    start_up: float

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {**asdict(self), "machine": machine()}


def machine() -> dict[str, Any]:
    """The machine in words: nothing that names it."""
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }


def write(path: Path, measured: Measured) -> None:
    """Put the tables between the marks of ``path``; what stands around them stays."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{body(measured)}\n{END}{after}", encoding="utf-8")


def body(measured: Measured) -> str:
    """All tables, one below the other."""
    parts = [_about(measured), *_rounds(measured), *_pages(measured), *_processes(measured)]
    return "\n\n".join(parts)


def _about(measured: Measured) -> str:
    about = machine()
    libraries = ", ".join(f"{name} {about[name]}" for name in LIBRARIES)
    return (
        f"Measured on {measured.day} with `{measured.command}`: {about['processors']} processors, "
        f"{about['memory_gb']} GB of memory, {about['system']}, Python {about['python']}, "
        f"SQLite {about['sqlite']}, {libraries}. On average {measured.busy:.1f} processes wanted "
        f"a processor when the run began; more than {about['processors']} means that other work "
        "made every time by the wall's clock longer."
    )


def _rounds(measured: Measured) -> Iterable[str]:
    yield "## A round"
    city, sizes = measured.city, measured.sizes
    yield (
        f"80 people and 30 needs, from the button to stored proposals through the services and a "
        f"waiting worker; median of {sizes.repeats}: **{city.total:.2f} s** (goal: under 1 s), "
        f"{city.used:.2f} s of it processor time, "
        f"{'every run proven best' if city.proven else 'not proven'}."
    )
    yield table(
        ("Stage", "Seconds"), ((name, f"{taken:.3f}") for name, taken in city.stages.items())
    )
    yield f"The engine alone, its tables read already; median of {min(sizes.repeats, 3)}."
    yield table(
        ("People", "Needs", "Seats", "Snapshot", "Scores", "Solving", "Seconds in all", "Proven"),
        (_engine_row(each) for each in measured.engine),
    )


def _engine_row(each: EngineTime) -> tuple[object, ...]:
    stages = (f"{each.stages[name]:.3f}" for name in ("snapshot", "score", "solve"))
    proven = "yes" if each.proven else "no"
    return (each.people, each.needs, each.seats, *stages, f"{each.total:.3f}", proven)


def _pages(measured: Measured) -> Iterable[str]:
    sizes = measured.sizes
    yield "## Pages"
    stages = ", ".join(f"{name} {taken:.1f} s" for name, taken in measured.big_round.items())
    yield (
        f"A database with {sizes.professionals:,} professionals and {sizes.needs:,} open needs of "
        f"{sizes.groups:,} groups (loaded in {measured.loading:.0f} s). As a region would do it, "
        f"a round takes up the {sizes.round_needs} needs that come first and considers every "
        f"professional; it took {sum(measured.big_round.values()):.0f} s in the background "
        f"({stages})."
    )
    yield (
        f"Each page {sizes.requests} times after {sizes.warm_up} to warm up, through the whole "
        "application and without network. Median and 95th percentile are milliseconds of "
        "processor time of the server, SQLite's work included; the wall's clock says the same on a "
        "machine with nothing else to do. "
        f"Goals: {MOST_MILLISECONDS} ms, {MOST_QUERIES} queries, {MOST_KILOBYTES} KB before any "
        "compression."
    )
    yield table(
        ("Who", "Page", "Median", "95 %", "Wall", "Queries", "KB", "Over the goal"),
        (_page_row(page) for page in measured.pages if page.status == 200),
    )
    if missing := [f"{page.role}: {page.name}" for page in measured.pages if page.status != 200]:
        yield "Not measured, nothing to show there: " + "; ".join(missing) + "."


def _page_row(page: PageTime) -> tuple[object, ...]:
    numbers = (page.median_ms, page.p95_ms, page.wall_ms, page.queries, page.kilobytes)
    return (page.role, page.name, *numbers, page.over)


def _processes(measured: Measured) -> Iterable[str]:
    yield "## Memory and start"
    total = sum(each.after for each in measured.memory)
    yield (
        f"Megabytes of memory held by the two processes on that database, fresh and after every "
        f"page was fetched and another such round was computed: {total:.0f} MB together "
        f"(goal: {GOAL_MEGABYTES} MB)."
    )
    yield table(
        ("Process", "Fresh", "After its work"),
        ((each.name, each.fresh, each.after) for each in measured.memory),
    )
    yield (
        f"`matchmaker demo --no-serve` on an empty folder, from the command to the last line: "
        f"{measured.start_up:.1f} s."
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
