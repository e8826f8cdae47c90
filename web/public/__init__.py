"""Pages for: public."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("public", __name__)

from web.public import (  # noqa: E402, F401 - the views register themselves on bp
    cases,
    certificates,
    feeds,
    figures,
    group_letters,
    groups,
    look,
    needs,
    rounds,
    search,
    share,
    views,
)
