"""Who writes: the group's own people, or a coordinator who has noted who said so."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.services.on_behalf import OnBehalf
from web import on_behalf
from web.access import actor


def note_for(group_id: str | None) -> OnBehalf | None:
    """The note that goes with a proxy entry; None for the group's own people."""
    return None if group_id in actor().group_ids or not actor().coordinator else on_behalf.current()


def ask_first(group_id: str) -> Response | None:
    """Send a coordinator who has not noted it yet to say who said so."""
    foreign = actor().coordinator and group_id not in actor().group_ids
    if foreign and on_behalf.current() is None:
        back = request.full_path.rstrip("?")
        return redirect(url_for("coordinator.on_behalf", next=back), 303)
    return None
