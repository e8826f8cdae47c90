"""Pages for: coordinator."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("coordinator", __name__, url_prefix="/coordinator")

from web.coordinator import (  # noqa: E402 - the views register themselves on bp
    answers,  # noqa: F401
    board,  # noqa: F401
    bounces,  # noqa: F401
    calibration,  # noqa: F401
    cases,  # noqa: F401
    check_lists,  # noqa: F401
    checks,  # noqa: F401
    companies,  # noqa: F401
    consultations,  # noqa: F401
    desk,  # noqa: F401
    history,  # noqa: F401
    imports,  # noqa: F401
    insurance,  # noqa: F401
    leaving,  # noqa: F401
    letters,  # noqa: F401
    papers,  # noqa: F401
    policy,  # noqa: F401
    projects,  # noqa: F401
    proxy,  # noqa: F401
    receipt,  # noqa: F401
    replies,  # noqa: F401
    rounds,  # noqa: F401
    sending,  # noqa: F401
    terms,  # noqa: F401
    today,  # noqa: F401
    twice,  # noqa: F401
    views,  # noqa: F401
    whatif,  # noqa: F401
    wordings,  # noqa: F401
)
