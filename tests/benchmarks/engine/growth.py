"""How seconds and memory grow when people and seats double: the core alone, ours and rivals'."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.engine.child import Job, run_apart
from tests.benchmarks.engine.measure import Run

BEST = 50  # arcs of a seat: those of the people who fit it best
MINUTE = 60.0
JOBS = {
    "matchmaker": Job("core", limit=MINUTE),
    "matchmaker, scipy only": Job("core", numba=False, limit=MINUTE),
    "scipy sparse": Job("sparse arcs", limit=MINUTE),
    "or-tools flow": Job("flow of arcs", limit=MINUTE),
    "scipy dense": Job("dense arcs", limit=MINUTE),
}


@dataclass(frozen=True)
class Series:
    """Markets of doubling size. ``most``: a doubling may multiply our seconds by so much."""

    name: str
    words: str
    market: Mapping[str, Any]
    sizes: tuple[int, ...]
    most: float


@dataclass(frozen=True)
class Point:
    """One contender at one size; ``seats`` and people are as many."""

    series: str
    contender: str
    seats: int
    arcs: int
    run: Run


def series(quick: bool) -> list[Series]:
    """The slack and the tight markets."""
    sizes = (100, 200, 400) if quick else (1_000, 2_000, 4_000, 8_000, 16_000, 32_000)
    wide = {"allowed": 0.05, "capacity": (1, 3)}
    return [
        Series("slack", "two places for every seat", wide, sizes, 2.5),
        Series("tight", "one place for every seat", {"allowed": 0.05}, sizes, 4.5),
    ]


def measure(wanted: Sequence[Series], folder: Path, say: Callable[[str], None]) -> list[Point]:
    """Every contender at every size, until one of its runs takes longer than a minute."""
    points: list[Point] = []
    for each in wanted:
        left = dict(JOBS)
        for size in each.sizes:
            file = str(folder / f"{each.name}-{size}.npz")
            given = {**each.market, "people": size, "needs": size}
            made = run_apart(Job("make arcs", {"market": given, "file": file, "best": BEST}, 1))
            if made.failure:
                raise RuntimeError(f"{each.name} {size}: {made.failure}")
            say(f"growth, {each.name}: {size:,} seats, {made.about['arcs']:,} arcs")
            for label, job in list(left.items()):
                run = run_apart(replace(job, given={"file": file}))
                if run.failure:
                    del left[label]
                points.append(Point(each.name, label, size, made.about["arcs"], run))
    return points


def line(points: Sequence[Point], name: str, contender: str) -> list[Point]:
    """The points of one contender that have an answer, by size."""
    return [
        each
        for each in points
        if each.series == name and each.contender == contender and not each.run.failure
    ]


def per_doubling(points: Sequence[Point]) -> float | None:
    """The factor that a doubling multiplies the seconds by, fitted over all sizes; None when
    there is only one."""
    if len(points) < 2:
        return None
    sizes = np.log2([each.seats for each in points])
    seconds = np.log2([each.run.seconds for each in points])
    return float(2 ** np.polyfit(sizes, seconds, 1)[0])


def disagreements(points: Sequence[Point]) -> Iterator[str]:
    """Sizes at which the contenders did not find the same total."""
    for at in sorted({(each.series, each.seats) for each in points}):
        values = {
            each.contender: each.run.value
            for each in points
            if (each.series, each.seats) == at and not each.run.failure
        }
        if len(set(values.values())) > 1:
            yield f"growth, {at[0]} {at[1]}: {values}"
