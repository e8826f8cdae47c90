"""Pages for: account."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("account", __name__)

from web.account import (  # noqa: E402, F401 - the views register themselves on bp
    agreements,
    browsers,
    calendar,
    claims,
    employer,
    entrance,
    joining,
    notifications,
    own_data,
    searches,
    sign_on,
    views,
)
