"""Taking the time of something several times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import perf_counter, process_time


def seconds_of(act: Callable[[], object]) -> float:
    """Seconds of wall clock one call takes."""
    start = perf_counter()
    act()
    return perf_counter() - start


def both_clocks(act: Callable[[], object], count: int) -> tuple[list[float], list[float]]:
    """Seconds of ``count`` calls by the wall's clock, and of processor time they used.

    On a machine that does nothing else the two agree; where others work too, only the second
    tells what the call itself costs.
    """
    wall, used = [], []
    for _ in range(count):
        start, worked = perf_counter(), process_time()
        act()
        used.append(process_time() - worked)
        wall.append(perf_counter() - start)
    return wall, used


def times(act: Callable[[], object], count: int) -> list[float]:
    """Seconds of ``count`` calls, one after another."""
    return [seconds_of(act) for _ in range(count)]


def p95(values: Sequence[float]) -> float:
    """The 95th percentile; the largest of fewer than twenty values."""
    if len(values) < 20:
        return max(values)
    return quantiles(values, n=20, method="inclusive")[-1]


def milliseconds(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile of seconds, in milliseconds."""
    return round(median(values) * 1000, 1), round(p95(values) * 1000, 1)
