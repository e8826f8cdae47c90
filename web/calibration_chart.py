"""Predicted fit against later ratings as a picture: a point for each share, a line for its
interval."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from matchmaker.services.calibration import Calibration
from web.charts import DARK, INK, Chart, layered
from web.formats import percent, within
from web.labels import FITS, word

SIDES = {"professional": DARK, "group": "#1a7f4b"}


def drawn(found: Calibration, question: str) -> Chart:
    """One question: the share of good ratings by band of the predicted fit, for both sides."""
    names = {lowest: str(text) for lowest, text in FITS}
    rows: list[dict[str, Any]] = []
    for band in found.bands:
        for side in SIDES:
            share = band.shares[side, question]
            if share.interval is not None:
                low, high = share.interval
                rows.append({"fit": names[band.lowest], "side": word(side, "side"), "low": low,
                             "share": share.share, "high": high, "cases": share.cases})  # fmt: skip
    colours = {"domain": [word(side, "side") for side in SIDES], "range": list(SIDES.values())}
    place = {
        "x": {"field": "fit", "type": "nominal", "title": None,
              "sort": [names[lowest] for lowest, _text in FITS],
              "axis": {"labelAngle": 0, "labelPadding": 8}},
        "xOffset": {"field": "side", "sort": colours["domain"]},
        "color": {"field": "side", "type": "nominal", "title": None, "scale": colours},
    }  # fmt: skip
    y = {"type": "quantitative", "title": None, "scale": {"domain": [0, 1]},
         "axis": {"format": "%", "tickCount": 5, "grid": True}}  # fmt: skip
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 3},
         "encoding": {**place, "y": {"field": "low", **y}, "y2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": 130, "stroke": INK, "opacity": 1},
         "encoding": {**place, "y": {"field": "share", **y}}},
    ]  # fmt: skip
    said = [
        _(
            "%(fit)s, %(side)s: %(share)s of %(cases)s (%(low)s to %(high)s)",
            fit=row["fit"], side=within(row["side"]), cases=row["cases"],
            share=percent(row["share"]), low=percent(row["low"]), high=percent(row["high"]),
        )
        for row in rows
    ]  # fmt: skip
    return layered(rows, layers, said, _("share of good ratings"), {"width": 470})
