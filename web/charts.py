"""Figures as pictures: Vega-Lite makes an SVG of them on the server, the same for page and paper.

A picture never stands alone: its words name every figure for whoever cannot see it, and a table
beside it holds the same. Nothing is fetched to draw it; the typeface is the papers' own.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import vl_convert
from flask_babel import gettext as _

from matchmaker.services.indicators import Series
from web.formats import fiscal_year, label, number
from web.pdf import FOLDER
from web.year_figures import unit

TYPEFACE = "Noto Sans CJK JP"
VERSION = "6.4"  # of Vega-Lite; a picture must not change because the library has a newer one
WIDTH, HEIGHT, LOW, ROW, YEAR, FRAME = 470, 330, 260, 34, 92, 50
PAPER = 0.205  # millimetres a pixel: 15 pixels become letters of 8.7 points
_WIDE = re.compile(r'<svg[^>]*? width="([\d.]+)"')
DARK, PALE, INK = "#0017c1", "#c9d3ea", "#1a1a1a"
TEXT = {"type": "text", "fontSize": 15, "color": INK}
HALO = {"stroke": "white", "strokeWidth": 6, "strokeJoin": "round"}  # no line runs through a figure
_CONFIG = {
    "font": TYPEFACE,
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 15, "labelColor": INK, "labelLimit": 300, "grid": False,
             "ticks": False, "domainColor": INK, "titleFontWeight": "normal"},
    "legend": {"labelFontSize": 15, "labelColor": INK, "labelLimit": 0, "orient": "top",
               "symbolType": "square", "symbolSize": 160, "columns": 1, "offset": 22},
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A picture (SVG) and the words that say the same."""

    svg: str
    words: str

    @property
    def wide(self) -> float:
        """Its width on paper in millimetres: letters are of one size in all pictures."""
        found = _WIDE.search(self.svg)
        return float(found[1]) * PAPER if found else 100

    @property
    def address(self) -> str:
        """The picture itself as an address, for ``<img>``."""
        return "data:image/svg+xml;base64," + b64encode(self.svg.encode()).decode()


def yearly(series: Series) -> Chart:
    """An indicator by fiscal year: gross, distinct within it, and the line to be reached."""
    target = series.indicator.target
    goal = _("goal %(target)s", target=number(target))
    gross, distinct = _("Gross: every participation"), _("Distinct: every employer once")
    rows: list[dict[str, Any]] = []
    for year in series.years:
        name = fiscal_year(year.fiscal_year) + ("★" if year.provisional else "")
        rows.append({"year": name, "kind": gross, "figure": year.gross})
        if year.distinct is not None:
            rows.append({"year": name, "kind": distinct, "figure": year.distinct})
    layers = [
        _bars("year", "figure", "kind", {gross: PALE, distinct: DARK}, side_by_side=True),
        {"data": {"values": [{}]}, "mark": {"type": "rule", "strokeDash": [6, 4], "color": INK},
         "encoding": {"y": {"datum": target}}},
        {"data": {"values": [{}]},
         "mark": TEXT | {"align": "right", "dy": -9, "text": goal, "x": {"expr": "width - 4"}},
         "encoding": {"y": {"datum": target}}},
        *({"mark": mark | {"dy": -9},
           "encoding": {"x": _names("year"),
                        "xOffset": {"field": "kind", "sort": [gross, distinct]},
                        "y": {"field": "figure", "type": "quantitative"},
                        "text": {"field": "figure"}}}
          for mark in (TEXT | HALO, TEXT)),
    ]  # fmt: skip
    names = list(dict.fromkeys(row["year"] for row in rows))
    layers[0]["encoding"]["x"]["scale"] = {"domain": [*names, " "]}  # where the goal's word stands
    said = [f"{row['year']} {row['kind']} {number(row['figure'])}" for row in rows]
    return _chart(rows, layers, [*said, goal], label(series.indicator, "unit"),
                  {"width": _width(len(series.years) + 1)})  # fmt: skip


def hours(years: Iterable[tuple[int, int, int]]) -> Chart:
    """Hours by fiscal year, those in company time below those in one's own.

    ``years``: (fiscal year, minutes in company time, minutes in own time).
    """
    company, own = _("Hours in company time"), _("Hours in own time")
    rows, sums = [], []
    for each, *spent in years:
        name = fiscal_year(each)
        for place, (kind, minutes) in enumerate(zip((company, own), spent, strict=True)):
            rows.append({"year": name, "kind": kind, "figure": round(minutes / 60, 2),
                         "place": place})  # fmt: skip
        sums.append({"year": name, "figure": round(sum(spent) / 60, 1)})
    layers = [
        _bars("year", "figure", "kind", {company: DARK, own: PALE}),
        {"data": {"values": sums}, "mark": TEXT | {"dy": -9},
         "encoding": {"x": _names("year"), "y": {"field": "figure", "type": "quantitative"},
                      "text": {"field": "figure"}}},
    ]  # fmt: skip
    said = [f"{row['year']} {row['kind']} {number(float(str(row['figure'])))}" for row in rows]
    return _chart(rows, layers, said, unit("hours"),
                  {"width": _width(len(sums)), "height": LOW})  # fmt: skip


def amounts(rows: Sequence[tuple[str, int]], of: str) -> Chart:
    """Names and how many of each, as bars from left to right in the order given. ``of``: unit."""
    values = [{"name": name, "figure": count} for name, count in rows]
    y = {"field": "name", "type": "nominal", "sort": None, "title": None,
         "axis": {"labelPadding": 8, "domain": False}}  # fmt: skip
    x = {"field": "figure", "type": "quantitative", "title": None, "axis": None}
    layers = [
        {"mark": {"type": "bar", "color": DARK, "height": {"band": 0.6}}, "encoding": {}},
        {"mark": TEXT | {"align": "left", "dx": 6}, "encoding": {"text": {"field": "figure"}}},
    ]
    spec = {"height": ROW * len(rows) + FRAME, "width": WIDTH, "encoding": {"x": x, "y": y}}
    said = [f"{name} {number(count)}" for name, count in rows]
    return _chart(values, layers, said, of, spec)


def layered(
    rows: Sequence[dict[str, Any]],
    layers: Sequence[dict[str, Any]],
    said: Sequence[str],
    of: str,
    more: dict[str, Any],
) -> Chart:
    """Any other picture: its rows, its layers, and a sentence for each figure."""
    return _chart(rows, layers, said, of, more)


def _bars(
    x: str, y: str, kind: str, colours: dict[str, str], *, side_by_side: bool = False
) -> dict[str, Any]:
    scale = {"domain": list(colours), "range": list(colours.values())}
    encoding: dict[str, Any] = {
        "x": _names(x),
        "y": {"field": y, "type": "quantitative", "title": None,
              "axis": None},
        "color": {"field": kind, "type": "nominal", "title": None, "scale": scale},
    }  # fmt: skip
    if side_by_side:
        encoding["xOffset"] = {"field": kind, "sort": list(colours)}
    else:
        encoding["order"] = {"field": "place"}
    return {"mark": {"type": "bar"}, "encoding": encoding}


def _names(field: str) -> dict[str, Any]:
    """The years from left to right as they come."""
    return {"field": field, "type": "nominal", "sort": None, "title": None,
            "axis": {"labelAngle": 0, "labelPadding": 8}}  # fmt: skip


def _width(years: int) -> int:
    return max(WIDTH, years * YEAR)


def _chart(
    values: Sequence[dict[str, Any]],
    layers: Sequence[dict[str, Any]],
    said: Sequence[str],
    of: str,
    more: dict[str, Any],
) -> Chart:
    """``of``: the unit, told above the picture; ``more``: what else its specification says. The
    width is that of the whole picture, names included."""
    spec = {
        "title": {
            "text": _("Unit: %(unit)s", unit=of),
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 15,
            "fontWeight": "normal",
            "color": INK,
            "offset": 12,
        },
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": list(values)},
        "height": HEIGHT,
        "layer": list(layers),
        "config": _CONFIG,
        **more,
    }
    return Chart(_drawn(json.dumps(spec, ensure_ascii=False, sort_keys=True)), "; ".join(said))


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    """The picture of a specification; drawn once as long as its figures stay the same."""
    _typeface()
    return vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])


@cache
def _typeface() -> None:
    vl_convert.register_font_directory(str(FOLDER))
