"""Dates, hours and numbers as a reader expects them, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from matchmaker import taxonomy
from matchmaker.models import PlanStep
from web import formats
from web.project_words import step_name

DAY = date(2026, 11, 30)
TODAY = date(2026, 11, 2)


@contextmanager
def speaking(app: Flask, language: str) -> Iterator[None]:
    with app.test_request_context(f"/?lang={language}"):
        yield


@pytest.mark.parametrize(
    ("function", "given", "japanese", "english"),
    [
        (formats.scaled, [2.25], "2.3", "2.3"),  # halves go up, as a city rounds
        (formats.scaled, [-13.5, 1], "-1.4", "-1.4"),
        (formats.full_date, [DAY], "2026年11月30日（月）", "Mon 30 November 2026"),
        (formats.plain_date, [DAY], "2026年11月30日", "30 November 2026"),
        (formats.short_date, [DAY], "11月30日（月）", "Mon 30 November"),
        (formats.month, [DAY], "2026年11月", "November 2026"),
        (formats.full_date, [None], "", ""),
        (formats.wareki, [DAY], "令和8年", "2026"),
        (formats.wareki, [date(2019, 5, 1)], "令和元年", "2019"),
        (formats.wareki, [date(2019, 4, 30)], "平成31年", "2019"),
        (formats.wareki, [date(1989, 1, 8)], "平成元年", "1989"),
        (formats.wareki, [2024], "令和6年", "2024"),
        (formats.fiscal_year, [date(2027, 3, 31)], "令和8年度", "FY2026"),
        (formats.fiscal_year, [date(2027, 4, 1)], "令和9年度", "FY2027"),
        (formats.fiscal_year, [2024], "令和6年度", "FY2024"),
        (formats.fiscal_year, [2019], "令和元年度", "FY2019"),
        (formats.fiscal_year, [2018], "平成30年度", "FY2018"),
        (formats.hours, [3], "3時間", "3 hours"),
        (formats.hours, [1], "1時間", "1 hour"),
        (formats.hours, [2.5], "2.5時間", "2.5 hours"),
        (formats.weekly, [3], "週3時間", "3 hours a week"),
        (formats.weekly, [1.0], "週1時間", "1 hour a week"),
        (formats.minutes, [90], "1時間30分", "1 hour 30 minutes"),
        (formats.minutes, [120], "2時間", "2 hours"),
        (formats.minutes, [1], "1分", "1 minute"),
        (formats.minutes, [0], "0分", "0 minutes"),
        (formats.number, [9120], "9,120", "9,120"),
        (formats.number, [0.5], "0.5", "0.5"),
        (formats.percent, [0.72], "72%", "72%"),
        (formats.percent, [0.1234, 1], "12.3%", "12.3%"),
        (formats.waiting, [date(2026, 6, 1), TODAY], "5か月待ち", "waiting 5 months"),
        (formats.waiting, [TODAY, TODAY], "今日から", "since today"),
        (formats.waiting, [date(2026, 11, 1), TODAY], "1日待ち", "waiting 1 day"),
        (formats.waiting, [date(2023, 10, 1), TODAY], "3年待ち", "waiting 3 years"),
        (formats.waiting, [date(2027, 1, 1), TODAY], "今日から", "since today"),
        (formats.slots, [["wed-eve", "sat-am"]], "水曜の夜、土曜の午前",
         "Wednesday evening and Saturday morning"),
        (formats.slots, ["sun-pm"], "日曜の午後", "Sunday afternoon"),
        (formats.slots, [[]], "", ""),
        (formats.listing, [["会計", "聞き取り", "文書"]], "会計、聞き取り、文書",
         "会計, 聞き取り and 文書"),
    ],
)  # fmt: skip
def test_a_value_reads_well_in_both_languages(
    app: Flask, function: Any, given: list[Any], japanese: str, english: str
) -> None:
    with speaking(app, "ja"):
        assert function(*given) == japanese
    with speaking(app, "en"):
        assert function(*given) == english


@pytest.mark.parametrize(
    ("start", "end", "japanese", "english"),
    [
        (date(2026, 12, 1), date(2027, 2, 28), "12月1日〜2月28日", "1 December to 28 February"),
        (DAY, DAY, "2026年11月30日（月）", "Mon 30 November 2026"),
        (DAY, None, "2026年11月30日から", "from 30 November 2026"),
        (None, DAY, "2026年11月30日まで", "until 30 November 2026"),
        (None, None, "", ""),
        (date(2028, 1, 5), date(2028, 3, 1), "2028年1月5日〜3月1日", "5 January to 1 March 2028"),
    ],
)
def test_a_range_says_the_year_only_where_it_helps(
    app: Flask, start: date | None, end: date | None, japanese: str, english: str
) -> None:
    with speaking(app, "ja"):
        assert formats.date_range(start, end, today=TODAY) == japanese
    with speaking(app, "en"):
        assert formats.date_range(start, end, today=TODAY) == english


def test_a_moment_is_told_in_the_citys_time(app: Flask) -> None:
    late = datetime(2026, 11, 29, 15, 5, tzinfo=UTC)  # already the next day in Yokkaichi
    with speaking(app, "ja"):
        assert formats.moment(late) == "2026年11月30日（月）00:05"
        assert formats.full_date(late) == "2026年11月30日（月）"
    with speaking(app, "en"):
        assert formats.moment(late) == "Mon 30 November 2026, 00:05"


def test_a_label_is_in_the_readers_language_or_else_in_the_other(app: Flask) -> None:
    skill = SimpleNamespace(label_ja="会計", label_en="Accounting")
    half = {"title_ja": "聞き取り", "title_en": ""}
    with speaking(app, "en"):
        assert formats.label(skill) == "Accounting"
        assert formats.label(half, "title") == "聞き取り"
        assert formats.label(None) == ""
    with speaking(app, "ja"):
        assert formats.label(skill) == "会計"


def test_a_phase_of_the_menu_is_called_so_in_the_readers_language(app: Flask) -> None:
    drawn = taxonomy.menu("leaflet").phases[0]
    for title in (drawn.title_ja, drawn.title_en):
        with speaking(app, "en"):
            assert step_name(PlanStep(kind="phase", title=title)) == drawn.title_en
        with speaking(app, "ja"):
            assert step_name(PlanStep(kind="phase", title=title)) == drawn.title_ja
    with speaking(app, "en"):
        assert step_name(PlanStep(kind="phase", title="自分たちの段階")) == "自分たちの段階"


def test_inside_an_english_sentence_a_word_begins_small(app: Flask) -> None:
    with speaking(app, "en"):
        assert formats.within("By telephone") == "by telephone"
        assert formats.within("SNS advice") == "SNS advice"


def test_a_text_keeps_its_paragraphs_and_nothing_else_comes_alive(app: Flask) -> None:
    text = "One\ntwo\n\n<script>alert(1)</script>"
    assert formats.lines(text) == ("<p>One<br>two</p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    assert formats.lines(None) == ""
