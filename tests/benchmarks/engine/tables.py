"""The engine's measurements in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from tests.benchmarks.document import table
from tests.benchmarks.engine.answers import GOAL_MILLISECONDS, Asked
from tests.benchmarks.engine.cases import OURS, UNITS, Case, Demand, Judged
from tests.benchmarks.engine.growth import JOBS, Point, Series, line, per_doubling
from tests.benchmarks.engine.measure import Run

IMAGES = "images"


def demands(judged: Sequence[Judged]) -> Iterator[str]:
    """What was asked for and what was reached."""
    yield (
        "D is scipy's dense `linear_sum_assignment` on the finished matrix of the engine's own "
        "scores: making the matrix is not counted. Ours counts everything from the market to the "
        "proven result: snapshot, rules, scores, solving, pricing every allowed pair. A ratio is "
        "our median of wall clock divided by the rival's in the same run. Every contender runs in "
        "a process of its own; “scipy only” in one that cannot import numba. All contenders of a "
        "case found the same total, checked in this run, unless the table says otherwise."
    )
    rows = [_row(each, demand) for each in judged for demand in each.case.demands]
    yield table(("Case", "Reached", "By processor time", "Must", "Aim", "Judgement"), rows)
    if wrong := [f"{each.case.title}: {apart}" for each in judged if (apart := each.disagreement)]:
        yield "**Totals that differ:** " + "; ".join(wrong)


def _row(each: Judged, demand: Demand) -> tuple[object, ...]:
    shown = (_figure(demand, demand.value(each.runs, processor=clock)) for clock in (False, True))
    limits = (
        "–" if limit is None else f"≤ {_figure(demand, limit)}"
        for limit in (demand.must, demand.aim)
    )
    judgement = demand.reached(each.runs)
    plain = judgement in ("aim", "must")
    return (demand.title, *shown, *limits, judgement if plain else f"**{judgement}**")


def _figure(demand: Demand, value: float | None) -> str:
    if value is None:
        return "–"
    unit = UNITS[demand.figure]
    if demand.figure == "ratio" and demand.rival and demand.rival.startswith("scipy dense"):
        unit = " D"
    return f"{value:,.3g}{unit}" if value < 1000 else f"{value:,.0f}{unit}"


def runs(judged: Sequence[Judged]) -> Iterator[str]:
    """What each contender took."""
    yield (
        "What each contender took. *Runs*: how many times it was measured; of three or more the "
        "first loads compiled loops and libraries; the median passes it over. *MB*: the highest "
        "memory that the kernel counted beyond what the process held with the market read (the "
        "dense solver's matrix included), median of the runs too."
    )
    head = ("Case", "Contender", "Runs", "Seconds", "Processor", "MB", "Proven", "Remarks")
    rows = (_run_row(each.case, *named) for each in judged for named in each.runs.items())
    yield table(head, rows)


def _run_row(case: Case, label: str, run: Run) -> tuple[object, ...]:
    if run.failure:
        return (case.name, label, "–", "–", "–", "–", "–", run.failure)
    proven = "–" if run.proven is None else "yes" if run.proven else "no"
    figures = (f"{run.seconds:.3f}", f"{run.processor_seconds:.3f}", f"{run.peak_mb:,.0f}")
    return (case.name, label, len(run.wall), *figures, proven, _remark(run))


def _remark(run: Run) -> str:
    words = [
        f"{name} {run.about[name]}"
        for name in ("allowed", "pairs", "kept", "rounds", "seated")
        if name in run.about
    ]
    if stages := run.about.get("seconds"):
        words.append(", ".join(f"{name} {taken:.2f}" for name, taken in stages.items()))
    return "; ".join(words)


def answers(asked: Sequence[Asked]) -> Iterator[str]:
    """Every question about each round and its time."""
    yield "### Answers"
    yield (
        "Each question of `matchmaker ask` on rounds (people × needs) that are loaded already, "
        f"without numba: milliseconds of processor time (goal: {GOAL_MILLISECONDS})."
    )
    for each in asked:
        rows = [
            (name, len(taken), f"{median(taken):.1f}", f"{max(taken):.1f}", _over(median(taken)))
            for name, taken in each.milliseconds.items()
        ]
        rows += [(name, "–", "–", "–", why) for name, why in each.failures.items()]
        yield f"#### {each.title}"
        yield table(("Question", "Asked", "Median", "Longest", "Over the goal"), rows)


def _over(milliseconds: float) -> str:
    return "**missed**" if milliseconds > GOAL_MILLISECONDS else ""


def growth(grown: Iterable[Series], points: Sequence[Point]) -> Iterator[str]:
    """Seconds at every size, and the plots."""
    yield "### Growth"
    yield (
        "The core alone: the 50 best people of every seat as arcs, the same for everybody; a "
        "contender whose run takes longer than a minute is not given larger ones. The factor is "
        "what a doubling of people and seats multiplies its seconds by, fitted over all its sizes."
    )
    for each in grown:
        yield table(_growth_head(each), (_growth_row(each, points, label) for label in JOBS))
        factor = per_doubling(line(points, each.name, OURS))
        reached = "**missed**"
        if factor is None or factor <= each.most:
            reached = "not measured" if factor is None else "reached"
        yield f"Ours may grow at most {each.most} times per doubling: {reached}."
        yield f"![{_alternative(each, points)}]({IMAGES}/bench-{each.name}.svg)"


def _growth_head(each: Series) -> tuple[str, ...]:
    what = f"{each.name.capitalize()} ({each.words}): seconds at seats"
    return (what, *(f"{size:,}" for size in each.sizes), "MB at the last", "Factor")


def _growth_row(each: Series, points: Sequence[Point], label: str) -> tuple[object, ...]:
    here = line(points, each.name, label)
    seconds = {point.seats: f"{point.run.seconds:.3f}" for point in here}
    factor = per_doubling(here)
    cells = [seconds.get(size, "–") for size in each.sizes]
    memory = f"{here[-1].run.peak_mb:,.0f}" if here else "–"
    return (label, *cells, memory, "–" if factor is None else f"{factor:.2f}")


def _alternative(each: Series, points: Sequence[Point]) -> str:
    """What the plot shows, for those who do not see it."""
    last = [here[-1] for label in JOBS if (here := line(points, each.name, label))]
    ends = [
        f"{at.contender} {at.run.seconds:.2g} s and {at.run.peak_mb:,.0f} MB at {at.seats:,} seats"
        for at in last
    ]
    return f"Seconds and memory against size in {each.name} markets: " + "; ".join(ends)
