"""``python -m tests.benchmarks``: measure, say it, write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from matchmaker.db import open_engine
from matchmaker.models import Round
from matchmaker.settings import read_settings
from tests.benchmarks import city_rounds, databases, pages, processes, report
from tests.benchmarks.clock import seconds_of
from tests.benchmarks.sizes import FULL, QUICK, Sizes
from web import create_app

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Measure as the command line says; a quick run prints and writes no document."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes; the document stays")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="benchmark") as folder:
        measured = run(
            QUICK if given.quick else FULL,
            Path(folder),
            "python -m tests.benchmarks --quick" if given.quick else "make bench",
        )
    print(report.body(measured))
    if given.json:
        given.json.write_text(json.dumps(measured.as_json(), indent=1), encoding="utf-8")
    if not given.quick:
        report.write(DOCUMENT, measured)


def run(sizes: Sizes, folder: Path, command: str) -> report.Measured:
    """Measure everything in ``folder``; its files are big."""
    busy = os.getloadavg()[0]
    print("a city's round ...", flush=True)
    city = city_rounds.city_round(folder, sizes.repeats)
    engine = [
        city_rounds.engine_alone(people, needs, min(sizes.repeats, 3))
        for people, needs in sizes.markets
    ]
    start_up = processes.start_up(folder, min(sizes.repeats, 3))
    print(f"{sizes.professionals} professionals, {sizes.needs} needs ...", flush=True)
    path = folder / "region.sqlite3"
    loading = seconds_of(
        lambda: databases.build(
            path, professionals=sizes.professionals, needs=sizes.needs, groups=sizes.groups
        ).dispose()
    )
    region = open_engine(f"sqlite:///{path}")
    round_id = databases.press_button(region, needs=sizes.round_needs)
    databases.work_off(region)
    with Session(region) as session:
        big_round = session.get_one(Round, round_id).seconds
    where = databases.places(region)
    settings = read_settings(
        {},
        home=folder,
        secret_key=secrets.token_urlsafe(32),
        database_url=f"sqlite:///{path}",
    )
    app = create_app(settings, engine=region)
    print("pages ...", flush=True)
    page_times = pages.measure(app, region, where, sizes)
    print("memory ...", flush=True)
    return report.Measured(
        command=command,
        day=datetime.now(UTC).date().isoformat(),
        busy=busy,
        sizes=sizes,
        city=city,
        engine=engine,
        loading=loading,
        big_round=big_round,
        pages=page_times,
        memory=processes.memory(settings, region, where, pages.PAGES, sizes),
        start_up=start_up,
    )


if __name__ == "__main__":
    main()
