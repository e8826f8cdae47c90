"""Pictures of figures: every figure is in the picture and in its words, and nothing is fetched."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from xml.etree import ElementTree

from flask import Flask
from flask_babel import force_locale

from matchmaker.models import Indicator
from matchmaker.services.indicators import Series, YearFigure
from web import charts
from web.charts import Chart


def _texts(chart: Chart) -> list[str]:
    assert chart.address.startswith("data:image/svg+xml;base64,")
    svg = b64decode(chart.address.partition(",")[2]).decode()
    assert "href" not in svg
    assert "url(http" not in svg
    return [each.text or "" for each in ElementTree.fromstring(svg).iter() if each.text]


def test_an_indicator_shows_both_counts_the_goal_and_what_is_provisional(app: Flask) -> None:
    indicator = Indicator(code="x", label_ja="", label_en="", unit_ja="者", unit_en="", baseline=1,
                          baseline_year=2024, target=50, target_year=2030)  # fmt: skip
    years = (
        YearFigure(2025, 40, None, None, provisional=False),
        YearFigure(2026, 46, 36, 5, provisional=True, measured_on=date(2026, 5, 1)),
    )
    with app.test_request_context(), force_locale("ja"):
        drawn = charts.yearly(Series(indicator, None, years, 46, 36))
    texts = _texts(drawn)
    for said in ("令和7年度", "令和8年度★", "40", "46", "36", "目標 50"):
        assert said in texts, said
        assert said in drawn.words, said
    assert texts.count("46") == 2  # itself and the white seam around it


def test_hours_and_amounts_keep_their_order_and_are_drawn_anew_only_when_they_change(
    app: Flask,
) -> None:
    with app.test_request_context(), force_locale("en"):
        first = charts.hours([(2025, 90, 60), (2026, 0, 600)])
        assert {"2.5", "10"} <= set(_texts(first))
        assert charts.hours([(2025, 90, 60), (2026, 0, 600)]) == first
        assert charts.hours([(2025, 90, 60), (2026, 0, 601)]) != first
        rows = [("乙 <とても>", 2), ("甲", 7), ("丙", 2)]
        texts = _texts(charts.amounts(rows, "件"))
    assert [text for text in texts if text in dict(rows)] == [name for name, _count in rows]
    assert {"7", "2"} <= set(texts)
