"""Pages for: city."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("city", __name__, url_prefix="/city")

from web.city import views, years  # noqa: E402, F401 - the views register themselves on bp
