"""Dates as iCalendar files: plain events in, the bytes of an ``.ics`` out.

The same event keeps its ``uid``, so a calendar that has it already changes it instead of adding it
again. Days are days of the city; moments are written in its time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Response, current_app
from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from matchmaker.settings import Settings
from web.i18n import language

ICS = "text/calendar; charset=utf-8"
PRODUCT = "-//Matchmaker//Pro bono matching//{}"


@dataclass(frozen=True)
class Event:
    """Something on a day, or at a moment.

    ``uid`` names it for good, within this site (``offer-<id>``). ``start``: a day, or an aware
    moment; ``end``: the last day, or the moment it is over (none: that day, or one hour).
    ``changed``: when it was last changed; ``revision`` grows with every change. ``remind``: how
    long before it a calendar may ring.
    """

    uid: str
    title: str
    start: date
    changed: datetime
    end: date | None = None
    text: str = ""
    place: str = ""
    link: str = ""
    revision: int = 0
    cancelled: bool = False
    remind: timedelta | None = None


def start_of(day: date, at: str) -> date:
    """A day of the city, or the moment of a time of day (18:30) on it."""
    if not at:
        return day
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return datetime.combine(day, time.fromisoformat(at), zone)


def calendar(events: Iterable[Event], *, name: str, mailed: str = "") -> bytes:
    """The events as one calendar called ``name``, in the language in force. ``mailed``: the method
    of one that goes with a mail, ``PUBLISH``, or ``CANCEL`` for what is taken out again."""
    settings: Settings = current_app.config["SETTINGS"]
    return written(
        events,
        name=name,
        language=language(),
        host=urlsplit(settings.base_url).hostname or "localhost",
        zone=ZoneInfo(settings.time_zone),
        method=mailed or "PUBLISH",
        organizer=settings.mail_from if mailed else "",
    )


def written(
    events: Iterable[Event],
    *,
    name: str,
    language: str,
    host: str,
    zone: ZoneInfo,
    method: str = "PUBLISH",
    organizer: str = "",
) -> bytes:
    """The same, without a request. ``host`` makes the uids the site's own; ``organizer``: the
    address that mailed them, which alone may take them back (RFC 5546)."""
    made = Calendar.new(
        prodid=PRODUCT.format(language.upper()), name=name, language=language, method=method
    )
    made.pop("UID")  # drawn anew each time: the same events are to give the same bytes
    made["X-WR-CALNAME"] = name  # what most calendars show as the name
    made["X-WR-TIMEZONE"] = zone.key
    for event in events:
        entry = _entry(event, host, zone)
        if organizer:
            entry.add("organizer", f"mailto:{organizer}")
        made.add_component(entry)
    made.add_missing_timezones()
    return made.to_ical()


def _entry(event: Event, host: str, zone: ZoneInfo) -> Entry:
    start, end = _span(event, zone)
    entry = Entry.new(
        uid=f"{event.uid}@{host}",
        summary=event.title,
        start=start,
        end=end,
        stamp=event.changed,
        last_modified=event.changed,
        sequence=event.revision,
        description=event.text or None,
        location=event.place or None,
        url=event.link or None,
        status="CANCELLED" if event.cancelled else "CONFIRMED",
        transparency=None if isinstance(event.start, datetime) else "TRANSPARENT",
    )
    if event.remind is not None and not event.cancelled:
        alarm = Alarm.new(description=event.title)
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -event.remind)
        entry.add_component(alarm)
    return entry


def _span(event: Event, zone: ZoneInfo) -> tuple[date, date]:
    """Where it begins and, as the format wants it, the first day or moment after it."""
    if isinstance(event.start, datetime):
        start = event.start.astimezone(zone)
        over = event.end if isinstance(event.end, datetime) else start + timedelta(hours=1)
        return start, over.astimezone(zone)
    return event.start, (event.end or event.start) + timedelta(days=1)


def download(name: str, content: bytes) -> Response:
    """A calendar to be opened or kept as ``name.ics``."""
    response = Response(content, content_type=ICS)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
