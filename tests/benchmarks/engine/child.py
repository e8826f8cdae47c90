"""One contender on one instance, in a process of its own: ``python -m …child JOB ANSWER``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.engine.measure import Run, measured


@dataclass(frozen=True)
class Job:
    """``contender`` (see contenders.py) on the instance ``given`` describes; without ``numba`` the
    process cannot import it. ``limit``: seconds of wall clock after which it is ended."""

    contender: str
    given: Mapping[str, Any] = field(default_factory=dict)
    repeats: int = 3
    numba: bool = True
    limit: float = 600.0


def run_apart(job: Job) -> Run:
    """The job in a fresh Python; a Run with ``failure`` when it gives no answer."""
    with TemporaryDirectory(prefix="benchmark") as folder:
        question, answer = Path(folder) / "job.json", Path(folder) / "run.json"
        question.write_text(json.dumps(asdict(job)), encoding="utf-8")
        command = [sys.executable, "-m", __name__, str(question), str(answer)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=job.limit, env=os.environ
            )
        except subprocess.TimeoutExpired:
            return Run(job.contender, failure=f"no answer in {job.limit:.0f} s")
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
            return Run(job.contender, failure=lines[-1][:200])
        return Run(**json.loads(answer.read_text(encoding="utf-8")))


def main(question: str, answer: str) -> None:
    """Do the job written in the file ``question``; write its Run to the file ``answer``."""
    job = Job(**json.loads(Path(question).read_text(encoding="utf-8")))
    if not job.numba:
        sys.modules["numba"] = None  # type: ignore[assignment]  # importing it now fails
    from tests.benchmarks.engine.contenders import CONTENDERS

    run = measured(job.contender, lambda: CONTENDERS[job.contender](job.given), job.repeats)
    Path(answer).write_text(json.dumps(run.as_json()), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
