"""Numbers to draw, year by year: an indicator's bars, a company's hours; as SVG pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    @property
    def room(self) -> bool:
        """Whether a number fits into the narrow bar; else it stands beside the wide one."""
        return self.distinct_y <= FLOOR - 28


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
            beside = bar.x + bar.width + 6
            drawn.append(
                _text(middle, bar.distinct_y + 20, str(bar.distinct), "#fff")
                if bar.room
                else _text(beside, chart.floor - 4, str(bar.distinct), "#0017c1", "start")
            )
        drawn.append(_text(middle, bar.gross_y - 6, str(bar.gross), "#000"))
        name = years(bar.fiscal_year) + ("★" if bar.provisional else "")
        drawn.append(_text(middle, chart.floor + 24, name, "#000"))
    drawn.append(_line(chart.target_y, chart.width, ' stroke-dasharray="6 4"'))
    drawn.append(_line(chart.floor, chart.width, ""))
    drawn.append(_text(chart.width - 4, chart.target_y - 6, goal, "#000", "end"))
    return _svg(drawn, chart.width, chart.height)


def hours(years: Sequence[tuple[str, int, int]]) -> str:
    """Minutes by year, those in company time below those in own time, as a picture; the same
    figures stand in a table beside it. ``years``: (name, company minutes, own minutes)."""
    highest = max([company + own for _name, company, own in years] + [1]) * 1.12
    step = (WIDTH - 2 * MARGIN) / max(len(years), 3)
    drawn = []
    for place, (name, company, own) in enumerate(years):
        x, width = MARGIN + step * place + step * 0.2, step * 0.6
        middle = x + width / 2
        parts = [(FLOOR - TOP) * minutes / highest for minutes in (company, own)]
        drawn.append(_rect(x, FLOOR - parts[0], width, FLOOR, "#0017c1"))
        drawn.append(_rect(x, FLOOR - sum(parts), width, FLOOR - parts[0], "#c9d3ea"))
        total = round((company + own) / 60, 1)
        drawn.append(_text(middle, FLOOR - sum(parts) - 6, f"{total:g}", "#000"))
        drawn.append(_text(middle, FLOOR + 24, name, "#000"))
    drawn.append(_line(FLOOR, WIDTH, ""))
    return _svg(drawn, WIDTH, HEIGHT)


def _svg(drawn: Sequence[str], width: int, height: int) -> str:
    box, size = f"0 0 {width} {height}", f'width="{width}" height="{height}"'
    body = "".join(drawn)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" {size}>{body}</svg>'


def _rect(x: float, y: float, width: float, floor: float, fill: str) -> str:
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
