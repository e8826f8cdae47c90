"""The measurements run, say what they measured, and cope with pages that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from matchmaker.db import open_engine
from matchmaker.settings import read_settings
from tests import city
from tests.benchmarks import city_rounds, clock, databases, pages, report
from tests.benchmarks.processes import Memory
from tests.benchmarks.sizes import Sizes
from web import create_app

TINY = Sizes(professionals=12, needs=4, groups=6, requests=2, warm_up=1, repeats=1)
LISTED = (
    pages.Page("visitor", "home", "/"),
    pages.Page("coordinator", "board", "/coordinator/rounds/{round}"),
    pages.Page("visitor", "nowhere", "/no-such-page"),
    pages.Page("visitor", "no id", "/needs/{unheard_of}"),
    pages.Page("visitor", "not theirs", "/coordinator"),
    pages.Page("visitor", "broken", "/broken"),
)


@pytest.fixture
def site(tmp_path: Path) -> tuple[Flask, databases.Places]:
    url = city.copy("sqlite", tmp_path)
    engine = open_engine(url)
    app = create_app(
        read_settings({}, home=tmp_path, environment="test", database_url=url), engine=engine
    )

    def broken() -> str:
        raise ValueError("on purpose")

    broken.access_policy = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/broken", view_func=broken)
    return app, databases.places(engine)


def test_pages_are_measured_and_missing_ones_are_named(
    site: tuple[Flask, databases.Places],
) -> None:
    app, where = site
    measured = pages.measure(app, app.extensions["database"], where, TINY, LISTED)
    status = {page.name: page.status for page in measured}
    assert status == {
        "home": 200, "board": 200, "nowhere": 404, "no id": 404, "not theirs": 302, "broken": 500,
    }  # fmt: skip
    board = measured[1]
    assert board.queries > 2
    assert board.kilobytes > 5
    assert board.median_ms > 0


def test_a_page_over_the_goal_is_marked() -> None:
    assert pages.PageTime("visitor", "home", "/", 200, 20, 49, 60, 10, 99).over == ""
    slow = pages.PageTime("visitor", "home", "/", 200, 20, 51, 60, 11, 101)
    assert slow.over == "time, queries, size"


def test_queries_are_counted_without_what_frames_a_transaction(
    site: tuple[Flask, databases.Places],
) -> None:
    app, _where = site
    engine = app.extensions["database"]
    with pages.counting(engine) as sent, engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    assert sent == ["SELECT 1"]


def test_the_95th_percentile() -> None:
    assert clock.p95([3.0, 1.0]) == 3.0
    assert clock.p95([float(value) for value in range(1, 102)]) == 96.0


def test_a_round_is_timed_stage_by_stage_and_the_document_tells_it(tmp_path: Path) -> None:
    engine = databases.build(tmp_path / "tiny.sqlite3", professionals=12, needs=4, groups=6)
    taken = city_rounds.time_round(engine)
    assert {"reading", "solving", "storing", "asking and waiting"} <= set(taken.stages)
    assert taken.total == pytest.approx(sum(taken.stages.values()))
    document = tmp_path / "benchmarks.md"
    document.write_text(
        f"before\n{report.BEGIN}\nof last year\n{report.END}\nafter\n", encoding="utf-8"
    )
    report.write(document, _measured(taken))
    text = document.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "of last year" not in text
    assert "| solving |" in text
    assert "| visitor | home |" in text
    assert "Not measured, nothing to show there: group: team." in text


def _measured(taken: city_rounds.RoundTime) -> report.Measured:
    return report.Measured(
        command="make bench", day="2026-11-02", busy=0.5, sizes=TINY,
        city=taken,
        engine=[city_rounds.engine_alone(12, 4, 1)],
        loading=1.0, big_round={"solving": 2.0},
        pages=[
            pages.PageTime("visitor", "home", "/", 200, 1, 2, 3, 4, 5),
            pages.PageTime("group", "team", "/group", 404),
        ],
        memory=[Memory("matchmaker serve", 90.0, 120.0)], start_up=4.0,
    )  # fmt: skip
