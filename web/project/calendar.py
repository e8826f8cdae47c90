"""The days of one project as a file for one's own calendar."""

from __future__ import annotations

from typing import Any

from matchmaker.models import Side
from matchmaker.services import calendar_days
from web.access import actor
from web.calendar_events import planned_event
from web.calendars import calendar, download
from web.db import session
from web.sides import both_sides


@both_sides("/calendar.ics", asks=False)
def project_calendar(side: Side, project_id: str) -> Any:
    project, days = calendar_days.of_project(
        session, actor=actor(), side=side, project_id=project_id
    )
    events = (planned_event(each) for each in days)
    return download(f"project-{project_id}", calendar(events, name=project.title))
