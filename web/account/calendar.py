"""My dates in my own calendar: a secret address to subscribe to, made and taken back here."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.services import calendar_days, calendar_feeds
from web.access import actor, allow
from web.account import bp
from web.calendar_events import awaited_event, planned_event
from web.calendars import ICS, calendar
from web.db import now, session
from web.extensions import limiter
from web.mail import site_name
from web.page import Page


@bp.get("/account/calendar")
@allow("signed-in")
def my_calendar() -> Page:
    return render_template(
        "account/calendar.html", feed=calendar_feeds.of_actor(session, actor=actor()), address=""
    )


@bp.post("/account/calendar")
@allow("signed-in")
def make_calendar() -> Page:
    """The address is on this one page, and can never be read again."""
    token = calendar_feeds.make(session, actor=actor(), now=now())
    return render_template(
        "account/calendar.html",
        feed=calendar_feeds.of_actor(session, actor=actor()),
        address=url_for("account.calendar_feed", token=token, _external=True),
    )


@bp.post("/account/calendar/revoke")
@allow("signed-in")
def revoke_calendar() -> Page:
    calendar_feeds.revoke(session, actor=actor(), now=now())
    flash(_("The address no longer works."), "success")
    return redirect(url_for("account.my_calendar"), 303)


@bp.get("/calendar/<string:token>.ics")
@allow("public")
@limiter.limit("60 per hour")
def calendar_feed(token: str) -> Any:
    """What a calendar program fetches: whoever holds the address sees what its owner sees."""
    owner = calendar_feeds.reader(session, token=token)
    with force_locale(owner.language):
        own = request.args.get("whose") == "mine"
        planned = calendar_days.planned(session, actor=owner, own=own)
        events = [planned_event(each) for each in planned]
        events += [awaited_event(each) for each in calendar_days.reply_days(session, actor=owner)]
        content = calendar(events, name=site_name(current_app.config["SETTINGS"], owner.language))
    response = Response(content, content_type=ICS)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
