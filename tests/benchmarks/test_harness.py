"""The measurements run, say what they measured, and cope with pages that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from matchmaker.db import open_engine
from matchmaker.settings import read_settings
from tests import city
from tests.benchmarks import city_rounds, clock, databases, document, pages, report
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
    measured = report.Rounds(TINY, taken, [city_rounds.engine_alone(12, 4, 1)], 4.0)
    text = "\n\n".join(report.rounds(measured))
    assert "| solving |" in text
    assert "from the command to the last line: 4.0 s" in text


def test_pages_and_memory_are_told() -> None:
    there = pages.PageTime("visitor", "home", "/", 200, 1, 2, 3, 4, 5)
    missing = pages.PageTime("group", "team", "/group", 404)
    memory = [Memory("matchmaker serve", 90.0, 120.0)]
    measured = report.Pages(TINY, 1.0, {"solving": 2.0}, [there, missing], memory)
    text = "\n\n".join(report.pages(measured))
    assert "| visitor | home |" in text
    assert "Not measured, nothing to show there: group: team." in text
    assert "120 MB together" in text


def test_only_the_measured_part_of_the_document_changes(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    parts = [
        "\n".join([document.marks(part)[0], f"{part} of last year", document.marks(part)[1]])
        for part in document.PARTS
    ]
    path.write_text("before\n" + "\n".join(parts) + "\nafter\n", encoding="utf-8")
    document.write(path, "rounds", "rounds of today")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "rounds of today" in text
    assert "rounds of last year" not in text
    assert "engine of last year" in text
    with pytest.raises(ValueError, match="no place"):
        document.write(path, "nothing", "")


def test_the_document_has_a_place_for_every_part() -> None:
    text = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert all(mark in text for part in document.PARTS for mark in document.marks(part))
