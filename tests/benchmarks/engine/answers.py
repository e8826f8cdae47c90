"""Every question a coordinator can ask, timed after the round is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.engine.cases import answers_jobs
from tests.benchmarks.engine.child import run_apart

GOAL_MILLISECONDS = 100


@dataclass(frozen=True)
class Asked:
    """What is asked of one round, ``title``: question → milliseconds of processor time of every
    repeat; ``failures``: why not."""

    title: str
    milliseconds: dict[str, list[float]]
    failures: dict[str, str]


def ask(quick: bool) -> list[Asked]:
    """All questions on each round, in a process without numba."""
    found = []
    for title, job in answers_jobs(quick).items():
        run = run_apart(job)
        about = run.about or {"milliseconds": {}, "failures": {"all": run.failure}}
        found.append(Asked(title, about["milliseconds"], about["failures"]))
    return found
