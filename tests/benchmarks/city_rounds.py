"""Seconds of a round: through the services and a waiting worker, and the engine alone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from matchmaker.db import open_engine, reading_factory, session_factory
from matchmaker.engine import Market, match
from matchmaker.engine.files.tables import parse_tables
from matchmaker.jobs import Worker
from matchmaker.models import Round, RoundState
from matchmaker.sample.generate import generate
from matchmaker.work import handlers
from tests.benchmarks import databases
from tests.benchmarks.clock import seconds_of

PATIENCE = 1800.0


@dataclass(frozen=True)
class RoundTime:
    """Medians: from the button to stored proposals, and each stage, in seconds.

    ``used``: processor time of all of it, which other work on the machine does not lengthen.
    """

    total: float
    used: float
    stages: dict[str, float]
    proven: bool


@dataclass(frozen=True)
class EngineTime:
    """Medians of ``match`` alone on a market of that size, in seconds."""

    people: int
    needs: int
    seats: int
    stages: dict[str, float]
    total: float
    proven: bool


def city_round(folder: Path, repeats: int) -> RoundTime:
    """The demonstration's city, its round asked for ``repeats`` times, each on a fresh copy."""
    origin = folder / "city.sqlite3"
    engine = databases.build(origin, professionals=80, needs=30, groups=100)
    _settle(engine)
    runs = []
    for number in range(repeats):
        copy = folder / f"city-{number}.sqlite3"
        shutil.copyfile(origin, copy)
        runs.append(time_round(open_engine(f"sqlite:///{copy}")))
    stages = {name: _middle(run.stages[name] for run in runs) for name in runs[0].stages}
    return RoundTime(
        total=_middle(run.total for run in runs),
        used=_middle(run.used for run in runs),
        stages=stages,
        proven=all(run.proven for run in runs),
    )


def time_round(engine: Engine) -> RoundTime:
    """One round, from the button to stored proposals, done by a waiting worker."""
    worker = Worker(session_factory(engine), handlers())
    worker.start()
    try:
        asked: list[str] = []
        worked = process_time()
        total = seconds_of(lambda: asked.append(databases.press_button(engine)))
        total += seconds_of(lambda: wait_for(engine, asked[0]))
        used = process_time() - worked
    finally:
        worker.stop()
    with Session(engine) as session:
        row = session.get_one(Round, asked[0])
        stages = {**row.seconds, "asking and waiting": total - sum(row.seconds.values())}
        proven = bool(row.proof["proven"])
    engine.dispose()
    return RoundTime(total, used, stages, proven)


def wait_for(engine: Engine, round_id: str) -> Round:
    """Wait until the round is ready for review."""
    factory = reading_factory(engine)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with factory() as session:
            row = session.get_one(Round, round_id)
        if row.state == RoundState.READY:
            return row
        if row.state == RoundState.FAILED:
            raise RuntimeError(f"the round failed: {row.failure}")
        time.sleep(0.01)
    raise TimeoutError(round_id)


def engine_alone(people: int, needs: int, repeats: int) -> EngineTime:
    """``match`` on a generated market, its tables already read."""
    city = generate(professionals=people, needs=needs, groups=max(100, needs), past=False)
    raw = {name: list(enumerate(rows, start=2)) for name, rows in city.tables.items()}
    market = Market.from_tables(parse_tables(raw))
    runs: list[Any] = []
    totals = []
    for _ in range(repeats):
        totals.append(seconds_of(lambda: runs.append(match(market))))
    return EngineTime(
        people=people,
        needs=needs,
        seats=sum(int(row["seats"]) for row in city.tables["roles"]),
        stages={name: _middle(run.seconds[name] for run in runs) for name in runs[0].seconds},
        total=_middle(totals),
        proven=all(run.proof.proven for run in runs),
    )


def _middle(values: Iterable[float]) -> float:
    return round(median(values), 4)


def _settle(engine: Engine) -> None:
    """Bring what was written into the file itself, so that the file can be copied."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
