"""Pages for: professional."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("professional", __name__, url_prefix="/professional")

from web.professional import (  # noqa: E402 - the views register themselves on bp
    entry,  # noqa: F401
    expenses,  # noqa: F401
    offers,  # noqa: F401
    paper,  # noqa: F401
    profile,  # noqa: F401
    projects,  # noqa: F401
    skills,  # noqa: F401
    views,  # noqa: F401
    wishes,  # noqa: F401
)
