"""Planned days and reply dates as events of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from matchmaker.models import Side, StepKind
from matchmaker.services.calendar_days import Planned, ReplyBy
from web.calendars import Event, start_of
from web.project_words import day_note, step_name
from web.reply_dates import reply_event

BEFORE = timedelta(days=1)


def planned_event(planned: Planned) -> Event:
    """A step of a plan: at its time, or all day."""
    step, project = planned.step, planned.project
    what = step_name(step)
    if step.kind == StepKind.PHASE:
        what = _("%(what)s: last day", what=what)
    if step.done_on is not None:
        what = _("%(what)s (done)", what=what)
    return Event(
        uid=f"step-{step.id}",
        title=f"{what} / {project.title}",
        start=start_of(step.due_on, step.at),
        changed=step.created_at,
        text=day_note(step.due_on),
        place=step.place,
        link=url_for(f"{planned.side.value}.project_plan", project_id=project.id, _external=True),
        revision=step.version,
        remind=BEFORE if step.done_on is None else None,
    )


def awaited_event(reply: ReplyBy) -> Event:
    """The last day on which a reply is awaited."""
    offer = reply.offer
    event = reply_event(
        proposal_id=offer.id if reply.side == Side.PROFESSIONAL else "", need_id=offer.need_id,
        round_id=offer.round_id, need=reply.title, reply_by=reply.on,
        changed=offer.offered_at or offer.created_at,
    )  # fmt: skip
    return replace(event, revision=offer.version)
