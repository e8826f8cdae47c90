"""All cases of the engine, or some, each contender in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.engine import growth, plots, tables
from tests.benchmarks.engine.answers import Asked, ask
from tests.benchmarks.engine.cases import Case, Judged, cases
from tests.benchmarks.engine.child import run_apart
from tests.benchmarks.engine.growth import Point, Series

GROWTH, ANSWERS = "growth", "answers"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """Everything measured of the engine in one run."""

    judged: list[Judged]
    grown: list[Series]
    points: list[Point]
    asked: list[Asked]

    def text(self) -> str:
        """As Markdown."""
        parts = ["## The engine"]
        if self.judged:
            parts += [*tables.demands(self.judged), *tables.runs(self.judged)]
        if self.asked:
            parts += tables.answers(self.asked)
        if self.grown:
            parts += tables.growth(self.grown, self.points)
        return "\n\n".join(parts)

    def as_json(self) -> dict[str, Any]:
        """For programs: every run, and every figure asked for with its judgement."""
        return {
            "cases": [each.as_json() for each in self.judged],
            "growth": [asdict(point) for point in self.points],
            "answers": [asdict(each) for each in self.asked],
        }

    def wrong(self) -> list[str]:
        """Where contenders did not find the same total."""
        found = [f"{e.case.name}: {e.disagreement}" for e in self.judged if e.disagreement]
        return found + list(growth.disagreements(self.points))

    def draw(self, folder: Path) -> None:
        """The plots of growth."""
        for each in self.grown:
            plots.draw(each, self.points, folder / f"bench-{each.name}.svg")


def names() -> list[str]:
    """What can be chosen."""
    return [*(case.name for case in cases(quick=True)), ANSWERS, GROWTH]


def measure(quick: bool, chosen: Collection[str], folder: Path, say: Say) -> Measured:
    """The ``chosen`` cases (all when empty), in the order of the table."""
    wanted = set(chosen or names())
    judged = [_judge(case, say) for case in cases(quick) if case.name in wanted]
    asked: list[Asked] = []
    if ANSWERS in wanted:
        say("answers")
        asked = ask(quick)
    grown = growth.series(quick) if GROWTH in wanted else []
    return Measured(judged, grown, growth.measure(grown, folder, say), asked)


def _judge(case: Case, say: Say) -> Judged:
    runs = {}
    for label, job in case.jobs.items():
        say(f"{case.title}: {label}")
        runs[label] = run_apart(job)
    for demand in case.demands:
        say(f"  {demand.title}: {demand.reached(runs)} ({demand.value(runs)})")
    return Judged(case, runs)
