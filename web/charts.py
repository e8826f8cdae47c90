"""Numbers to draw: bars of an indicator, year by year, in the units of an SVG picture."""

from __future__ import annotations

from dataclasses import dataclass

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
