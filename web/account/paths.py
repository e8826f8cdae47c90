"""Where to go after signing in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from matchmaker.services.actors import Actor
from web.navigation import endpoint_url

# Where each kind of work is done, in the order in which a single hat is looked for.
# What a link in a mail is about, for whoever must sign in first; nothing about anybody in person.
LEADS = {
    "professional.offer": _l(
        "Then you see the invitation the mail is about. You may say yes, say no, or ask first."
    ),
    "group.team": _l("Then you see the team that is proposed to your group."),
    "group.need": _l("Then you see your group's need."),
    "account.notifications": _l("Then you choose which mails you get, and how often."),
    "account.claim": _l("Then you take over the profile that was entered for you."),
    "account.join": _l("Then you come to your company's programme."),
    "group.invitation": _l("Then you see which group has invited you."),
}
HOMES = {
    "professional": "professional.home",
    "group": "group.home",
    "company": "company.home",
    "coordinator": "coordinator.today",
    "city": "city.home",
}
DOORS = {"professional": ("professional.profile", {"step": "who"}), "group": ("group.register", {})}


def local_path(wanted: str | None) -> str | None:
    """``wanted`` when it leads to a page of this site, else None."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    if any(ord(char) < 33 or char == "\\" for char in wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


def leads_to(wanted: str | None) -> str:
    """What somebody will see after signing in, for those who followed a link; else nothing."""
    path = local_path(wanted)
    adapter = current_app.create_url_adapter(request)
    if path is None or adapter is None:
        return ""
    try:
        endpoint, _values = adapter.match(urlsplit(path).path, method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return str(LEADS.get(endpoint, _l("Then you go on to the page you wanted to open.")))


def start_page(actor: Actor) -> str:
    """The page of somebody's only work here; the account page for none or several."""
    worn = {
        "professional": actor.professional_id is not None,
        "group": bool(actor.group_ids),
        "company": bool(actor.company_ids),
        "coordinator": actor.coordinator,
        "city": actor.city,
    }
    kinds = [kind for kind, on in worn.items() if on]
    only = endpoint_url(HOMES[kinds[0]]) if len(kinds) == 1 and not actor.admin else None
    return only or url_for("account.home")


def behind_door(door: str | None) -> str | None:
    """The first page of somebody who came to lend skills, or from a group."""
    endpoint, values = DOORS.get(door or "", ("", {}))
    return endpoint_url(endpoint, **values) if endpoint else None
