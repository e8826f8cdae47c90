"""Taking the time of something several times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import perf_counter


def seconds_of(act: Callable[[], object]) -> float:
    """Seconds of wall clock one call takes."""
    start = perf_counter()
    act()
    return perf_counter() - start


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
