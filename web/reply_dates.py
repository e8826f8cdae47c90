"""Days that go with a message as a calendar entry: a reply that is awaited, a meeting. When they
mean nothing any more, the message that says so takes the same entry out of the calendar again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from web.calendars import Event, calendar, start_of
from web.formats import full_date, moment
from web.i18n import site_name
from web.labels import word

REPLIES = ("offer_to_professional", "team_to_group", "reminder")
METHODS = PUBLISH, CANCEL = ("PUBLISH", "CANCEL")


@dataclass(frozen=True)
class Attachment:
    """The entries that go with a message. ``method``: to put them in, or to take them out."""

    events: tuple[Event, ...]
    method: str
    what: str = ""  # the word for the one day it is about; empty: the titles of the entries

    @property
    def content(self) -> bytes:
        """The file, in the language in force."""
        return calendar(self.events, name=site_name(), mailed=self.method)

    @property
    def words(self) -> list[str]:
        """What it holds, for whoever looks at the message before it goes out."""
        told = (
            _("Takes out of the calendar: %(what)s, %(when)s")
            if self.method == CANCEL
            else _("A calendar entry comes with it: %(what)s, %(when)s")
        )
        return [
            told % {"what": self.what or each.title, "when": _when(each.start)}
            for each in self.events
        ]


def _when(start: date) -> str:
    return moment(start) if isinstance(start, datetime) else full_date(start)


def reply_event(
    *, proposal_id: str, need_id: str, round_id: str, need: str, reply_by: date, changed: datetime
) -> Event:
    """The day to answer an invitation by (``proposal_id``), or a team (without): one entry for a
    need in a round, however many people."""
    if proposal_id:
        uid = proposal_id
        link = url_for("professional.offer", proposal_id=proposal_id, _external=True)
    else:
        uid = f"{need_id}-{round_id}" if round_id else need_id
        link = url_for("group.team", need_id=need_id, _external=True)
    return Event(
        f"reply-{uid}",
        _("Please reply by today: %(title)s", title=need),
        reply_by,
        changed,
        text=_("Yes, not this time, or a question: every answer helps.") + f"\n{link}",
        link=link,
        remind=timedelta(days=1),
    )


def attachment(code: str, params: Mapping[str, Any], changed: datetime) -> Attachment | None:
    """The calendar that goes with a message in which a date matters; None for all others."""
    if code in REPLIES and params.get("reply_by"):
        return Attachment(
            (_reply(params, params["reply_by"], changed),), PUBLISH, _("the day to reply by")
        )
    if params.get("reply_over"):
        over = _reply({**params, **params["reply_over"]}, params["reply_over"]["day"], changed)
        return Attachment((replace(over, cancelled=True, revision=1),), CANCEL)
    if code == "meeting_planned":
        return Attachment((_meeting(params, params, changed),), PUBLISH)
    if called_off := params.get("called_off"):
        meetings = (_meeting(each, params, changed) for each in called_off)
        return Attachment(tuple(replace(each, cancelled=True) for each in meetings), CANCEL)
    return None


def together(found: Iterable[Attachment]) -> list[Attachment]:
    """The calendars of several messages, oldest first, as one to put in and one to take out: of
    each entry only its last revision."""
    last: dict[str, tuple[str, Event]] = {}
    for each in found:
        for event in each.events:
            if event.uid not in last or last[event.uid][1].revision <= event.revision:
                last[event.uid] = (each.method, event)
    kept = {way: tuple(e for method, e in last.values() if method == way) for way in METHODS}
    return [Attachment(events, method) for method, events in kept.items() if events]


def _reply(params: Mapping[str, Any], day: str, changed: datetime) -> Event:
    return reply_event(
        proposal_id=str(params.get("proposal_id", "")),
        need_id=str(params["need_id"]),
        round_id=str(params.get("round_id", "")),
        need=str(params["need"]),
        reply_by=date.fromisoformat(day),
        changed=changed,
    )


def _meeting(step: Mapping[str, Any], params: Mapping[str, Any], changed: datetime) -> Event:
    start = start_of(date.fromisoformat(step["due_on"]), str(step.get("at") or ""))
    title = f"{step.get('what') or word(step['kind'], 'plan_step')} ({params['title']})"
    return Event(
        f"step-{step['step_id']}", title, start, changed, place=str(step.get("place") or ""),
        revision=int(step.get("revision", 0)),
    )  # fmt: skip
