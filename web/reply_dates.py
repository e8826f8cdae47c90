"""The date by which an invitation or a team is answered, for a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from flask_babel import gettext as _

from web.calendars import Event, calendar
from web.i18n import site_name
from web.labels import word

REPLIES = ("offer_to_professional", "team_to_group", "reminder")
MEETING = "meeting_planned"


def reply_calendar(
    *, proposal_id: str, need_id: str, need: str, reply_by: date, changed: datetime
) -> bytes:
    """The day to answer an invitation by (``proposal_id``), or a team (without)."""
    if proposal_id:
        uid = f"reply-{proposal_id}"
        link = url_for("professional.offer", proposal_id=proposal_id, _external=True)
    else:
        uid, link = f"reply-{need_id}", url_for("group.team", need_id=need_id, _external=True)
    event = Event(
        uid,
        _("Please reply by today: %(title)s", title=need),
        reply_by,
        changed,
        text=_("Yes, not this time, or a question: every answer helps.") + f"\n{link}",
        link=link,
        remind=timedelta(days=1),
    )
    return calendar([event], name=site_name())


def attached(code: str, params: Mapping[str, Any], changed: datetime) -> bytes | None:
    """The calendar that goes with a message in which a date matters; None for all others."""
    if code in REPLIES and params.get("reply_by"):
        return reply_calendar(
            proposal_id=str(params.get("proposal_id", "")),
            need_id=str(params["need_id"]),
            need=str(params["need"]),
            reply_by=date.fromisoformat(params["reply_by"]),
            changed=changed,
        )
    if code == MEETING:
        return _meeting(params, changed)
    return None


def _meeting(params: Mapping[str, Any], changed: datetime) -> bytes:
    day, at = date.fromisoformat(params["due_on"]), str(params.get("at") or "")
    start: date = day
    if at:
        zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
        start = datetime.combine(day, time.fromisoformat(at), zone)
    title = f"{params.get('what') or word(params['kind'], 'plan_step')} ({params['title']})"
    event = Event(
        f"step-{params['step_id']}", title, start, changed, place=str(params.get("place") or "")
    )
    return calendar([event], name=site_name())
