"""Pages for: company."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("company", __name__, url_prefix="/company")

from web.company import menu, pledges, programme, views  # noqa: E402, F401 - the views register themselves on bp
