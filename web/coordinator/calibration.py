"""Predicted fit against what both sides said later; honest about few cases."""

from __future__ import annotations

from flask import render_template

from matchmaker.services import calibration as service
from web.access import actor, allow
from web.calibration_chart import drawn
from web.coordinator import bp
from web.db import session
from web.labels import FITS
from web.page import Page


@bp.get("/calibration")
@allow("coordinator")
def calibration() -> Page:
    words = dict(FITS)
    found = service.calibration(session, actor=actor(), bands=[lowest for lowest, _word in FITS])
    return render_template(
        "coordinator/calibration.html",
        found=found,
        words={lowest: str(text) for lowest, text in words.items()},
        charts={question: drawn(found, question) for question in service.QUESTIONS}
        if found.told
        else {},
        least=service.LEAST,
    )
