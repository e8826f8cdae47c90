"""Pages for: professional."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("professional", __name__, url_prefix="/professional")

from web.professional import views  # noqa: E402, F401 - the views register themselves on bp
