"""Pages for: group."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("group", __name__, url_prefix="/group")

from web.group import views  # noqa: E402, F401 - the views register themselves on bp
