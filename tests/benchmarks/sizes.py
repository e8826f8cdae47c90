"""How much is measured: a full run for docs/benchmarks.md, a quick one to see that it works."""

from __future__ import annotations

from dataclasses import dataclass

# People, needs: the city of the demonstration, a large city, several cities together.
MARKETS = ((80, 30), (300, 50), (1000, 300))


@dataclass(frozen=True)
class Sizes:
    """The database of the pages, and how often each thing is repeated."""

    professionals: int = 10_000
    needs: int = 2_000
    groups: int = 1_500
    round_needs: int = 100  # a coordinator reviews this many at a time
    requests: int = 30
    warm_up: int = 3
    repeats: int = 5
    markets: tuple[tuple[int, int], ...] = MARKETS


FULL = Sizes()
QUICK = Sizes(
    professionals=300, needs=60, groups=60, round_needs=20,
    requests=5, warm_up=1, repeats=3, markets=MARKETS[:2],
)  # fmt: skip
