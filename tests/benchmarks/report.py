"""What was measured of the site as tables of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.benchmarks.city_rounds import EngineTime, RoundTime
from tests.benchmarks.document import table
from tests.benchmarks.pages import MOST_KILOBYTES, MOST_MILLISECONDS, MOST_QUERIES, PageTime
from tests.benchmarks.processes import Memory
from tests.benchmarks.sizes import Sizes

GOAL_MEGABYTES = 500


@dataclass(frozen=True)
class Rounds:
    """Rounds of a city, and how long the demonstration takes to start."""

    sizes: Sizes
    city: RoundTime
    engine: list[EngineTime]
    start_up: float


@dataclass(frozen=True)
class Pages:
    """A region's database: its pages, its rounds, the memory of its processes."""

    sizes: Sizes
    loading: float
    big_round: dict[str, float]
    pages: list[PageTime]
    memory: list[Memory]


def rounds(measured: Rounds) -> Iterable[str]:
    """The tables of rounds."""
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
    yield (
        f"`matchmaker demo --no-serve` on an empty folder, from the command to the last line: "
        f"{measured.start_up:.1f} s."
    )


def _engine_row(each: EngineTime) -> tuple[object, ...]:
    stages = (f"{each.stages[name]:.3f}" for name in ("snapshot", "score", "solve"))
    proven = "yes" if each.proven else "no"
    return (each.people, each.needs, each.seats, *stages, f"{each.total:.3f}", proven)


def pages(measured: Pages) -> Iterable[str]:
    """The tables of pages and memory."""
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
    yield from _memory(measured)


def _page_row(page: PageTime) -> tuple[object, ...]:
    numbers = (page.median_ms, page.p95_ms, page.wall_ms, page.queries, page.kilobytes)
    return (page.role, page.name, *numbers, page.over)


def _memory(measured: Pages) -> Iterable[str]:
    yield "## Memory"
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
