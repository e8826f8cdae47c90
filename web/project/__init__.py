"""Pages of a project that both sides have; importing this gives them their addresses."""

from __future__ import annotations

from web.project import (
    mid_term,  # noqa: F401
    plan,  # noqa: F401
)
