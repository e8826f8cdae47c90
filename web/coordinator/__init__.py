"""Pages for: coordinator."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("coordinator", __name__, url_prefix="/coordinator")

from web.coordinator import views  # noqa: E402, F401 - the views register themselves on bp
from web.coordinator import check_lists, checks, proxy  # noqa: E402, F401
from web.coordinator import board, policy, rounds  # noqa: E402, F401
from web.coordinator import imports  # noqa: E402, F401
from web.coordinator import replies, sending, today  # noqa: E402, F401
from web.coordinator import companies  # noqa: E402, F401
