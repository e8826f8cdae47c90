"""The programme in figures, for everybody. No person appears, and no small count of people."""

from __future__ import annotations

from flask import render_template

from matchmaker.services import indicators
from web import charts
from web.access import allow
from web.db import session, today
from web.public import bp


@bp.get("/figures")
@allow("public")
def figures() -> str:
    series = indicators.series(session, on=today())
    return render_template("public/figures.html", series=series, chart=charts.yearly(series))
