"""Seconds and memory against size as SVG: text stays text, on a ground of its own, so that it can
be read in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.engine.growth import JOBS, Point, Series, line

STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "matchmaker",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.grid": True,
    "grid.color": "#d9d9d9",
    "axes.spines.top": False,
    "axes.spines.right": False,
}
# Dark enough on white and told apart by everybody; the marker says the same once more.
LOOKS = dict(
    zip(
        JOBS,
        [
            ("#0031d8", "o", "-"),
            ("#0031d8", "s", "--"),
            ("#a84300", "^", "-"),
            ("#00664f", "D", "-"),
            ("#6b2f84", "v", "-"),
        ],
        strict=True,
    )
)


def draw(wanted: Series, points: Sequence[Point], path: Path) -> None:
    """Two panels, both axes logarithmic: seconds, and megabytes beyond the arcs themselves."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10, 4.6), layout="constrained", facecolor="white")
        left, right = figure.subplots(1, 2)
        for label in JOBS:
            _line(left, label, line(points, wanted.name, label), "seconds")
            _line(right, label, line(points, wanted.name, label), "peak_mb")
        left.set_ylabel("seconds (median)")
        right.set_ylabel("peak memory beyond the input, MB")
        for panel in (left, right):
            panel.set_xlabel("seats (and people)")
            panel.set_xscale("log", base=2)
            panel.set_yscale("log")
            panel.set_xticks(wanted.sizes, [f"{size:,}" for size in wanted.sizes])
            panel.minorticks_off()
        figure.suptitle(f"The core in {wanted.name} markets: {wanted.words}")
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _line(panel: Any, label: str, points: Sequence[Point], what: str) -> None:
    colour, marker, dashes = LOOKS[label]
    heights = [
        max(float(getattr(each.run, what)), 0.1 if what == "peak_mb" else 0) for each in points
    ]
    seats = [each.seats for each in points]
    panel.plot(seats, heights, label=label, color=colour, marker=marker, linestyle=dashes)
