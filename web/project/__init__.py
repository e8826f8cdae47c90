"""Pages of a project that both sides have; importing this gives them their addresses."""

from __future__ import annotations

from web.project import (
    calendar,  # noqa: F401
    files,  # noqa: F401
    follow_up,  # noqa: F401
    messages,  # noqa: F401
    mid_term,  # noqa: F401
    plan,  # noqa: F401
    terms,  # noqa: F401
    way,  # noqa: F401
)
