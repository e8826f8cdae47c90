"""What a browser calls itself, in two words a reader knows."""

from __future__ import annotations

from flask_babel import gettext as _

from web.account import bp

# The first that is found counts: browsers name those they descend from.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@bp.app_template_filter()
def browser_name(user_agent: str) -> str:
    """``Firefox, Windows``; an unknown browser by its first word."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    known = ", ".join(part for part in (browser, system) if part)
    return known or user_agent.split("/")[0][:40] or _("Unknown browser")
