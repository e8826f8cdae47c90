"""Every question a coordinator can ask, timed after the round is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.engine.cases import answers_job
from tests.benchmarks.engine.child import run_apart

GOAL_MILLISECONDS = 100


@dataclass(frozen=True)
class Asked:
    """Question → milliseconds of processor time of every repeat; ``failures``: why not."""

    people: int
    seats: int
    milliseconds: dict[str, list[float]]
    failures: dict[str, str]


def ask(quick: bool) -> Asked:
    """All questions on one market, in a process without numba."""
    job = answers_job(quick)
    run = run_apart(job)
    about = run.about or {"milliseconds": {}, "failures": {"all": run.failure}}
    return Asked(job.given["people"], job.given["needs"], about["milliseconds"], about["failures"])
