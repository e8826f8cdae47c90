"""Pages of the demonstration: who to sign in as, and the mail that was caught."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("demo", __name__, url_prefix="/demo")

from web.demo import views  # noqa: E402, F401 - the views register themselves on bp
