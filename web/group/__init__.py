"""Pages for: group."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("group", __name__, url_prefix="/group")

from web.group import views  # noqa: E402, F401, I001 - the views register themselves on bp
from web.group import registration, members  # noqa: E402, F401
from web.group import need_wizard, need_roles, needs  # noqa: E402, F401
from web.group import publicity  # noqa: E402, F401
from web.group import hours, paper, projects, team, thanks  # noqa: E402, F401
