"""The rounds of a city and the pages of a region's database, measured one after another."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session

from matchmaker.db import open_engine
from matchmaker.models import Round
from matchmaker.settings import read_settings
from tests.benchmarks import city_rounds, databases, pages, processes, report
from tests.benchmarks.clock import seconds_of
from tests.benchmarks.sizes import Sizes
from web import create_app

Say = Callable[[str], None]


def measure_rounds(sizes: Sizes, folder: Path, say: Say) -> report.Rounds:
    """A city's round through the services, the engine alone, and the demonstration's start."""
    say("a city's round")
    city = city_rounds.city_round(folder, sizes.repeats)
    say("the engine alone")
    engine = [
        city_rounds.engine_alone(people, needs, min(sizes.repeats, 3))
        for people, needs in sizes.markets
    ]
    say("start of the demonstration")
    return report.Rounds(sizes, city, engine, processes.start_up(folder, min(sizes.repeats, 3)))


def measure_pages(sizes: Sizes, folder: Path, say: Say) -> report.Pages:
    """Every page and the processes' memory on a database made in ``folder``; its files are big."""
    say(f"{sizes.professionals} professionals, {sizes.needs} needs")
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
    say("pages")
    page_times = pages.measure(create_app(settings, engine=region), region, where, sizes)
    say("memory")
    memory = processes.memory(settings, region, where, pages.PAGES, sizes)
    return report.Pages(sizes, loading, big_round, page_times, memory)
