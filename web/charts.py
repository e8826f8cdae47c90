"""Numbers to draw: bars of an indicator, year by year, in the units of an SVG picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import escape

from matchmaker.services.indicators import Series

WIDTH, HEIGHT, FLOOR, TOP = 640, 260, 220, 24
MARGIN = 8


@dataclass(frozen=True)
class Bar:
    """One year: a wide bar for the gross count and a narrow one before it for the distinct."""

    fiscal_year: int
    x: float
    width: float
    gross: int
    gross_y: float
    distinct: int | None
    distinct_y: float
    provisional: bool


@dataclass(frozen=True)
class Chart:
    """A picture of ``WIDTH`` × ``HEIGHT`` with a line at the target."""

    bars: tuple[Bar, ...]
    target: int
    target_y: float
    floor: int = FLOOR
    width: int = WIDTH
    height: int = HEIGHT


def picture(chart: Chart, years: Callable[[int], str], goal: str) -> str:
    """The chart as a picture of its own, for papers; ``years`` names a year, ``goal`` the line."""
    drawn = []
    for bar in chart.bars:
        middle = round(bar.x + bar.width / 2, 1)
        drawn.append(_rect(bar.x, bar.gross_y, bar.width, chart.floor, "#c9d3ea"))
        if bar.distinct is not None:
            drawn.append(_rect(bar.x + bar.width * 0.22, bar.distinct_y, bar.width * 0.56,
                               chart.floor, "#0017c1"))  # fmt: skip
            drawn.append(_text(middle, bar.distinct_y + 20, str(bar.distinct), "#fff"))
        drawn.append(_text(middle, bar.gross_y - 6, str(bar.gross), "#000"))
        name = years(bar.fiscal_year) + ("★" if bar.provisional else "")
        drawn.append(_text(middle, chart.floor + 24, name, "#000"))
    drawn.append(_line(chart.target_y, chart.width, ' stroke-dasharray="6 4"'))
    drawn.append(_line(chart.floor, chart.width, ""))
    drawn.append(_text(chart.width - 4, chart.target_y - 6, goal, "#000", "end"))
    box = f"0 0 {chart.width} {chart.height}"
    size = f'width="{chart.width}" height="{chart.height}"'
    body = "".join(drawn)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" {size}>{body}</svg>'


def _rect(x: float, y: float, width: float, floor: int, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{floor - y:.1f}" '
        f'fill="{fill}"/>'
    )


def _line(y: float, width: int, more: str) -> str:
    return f'<line x1="0" x2="{width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#000"{more}/>'


def _text(x: float, y: float, words: str, fill: str, anchor: str = "middle") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="15" fill="{fill}" '
        f'font-family="Noto Sans CJK JP">{escape(words)}</text>'
    )


def yearly(series: Series) -> Chart:
    """Bars for every year of the series against the target."""
    highest = max([year.gross for year in series.years] + [series.indicator.target, 1]) * 1.12
    step = (WIDTH - 2 * MARGIN) / max(len(series.years), 3)

    def y(value: int) -> float:
        return round(FLOOR - (FLOOR - TOP) * value / highest, 1)  # room above for the numbers

    bars = tuple(
        Bar(
            fiscal_year=year.fiscal_year,
            x=round(MARGIN + step * place + step * 0.2, 1),
            width=round(step * 0.6, 1),
            gross=year.gross,
            gross_y=y(year.gross),
            distinct=year.distinct,
            distinct_y=y(year.distinct or 0),
            provisional=year.provisional,
        )
        for place, year in enumerate(series.years)
    )
    return Chart(bars, series.indicator.target, y(series.indicator.target))
