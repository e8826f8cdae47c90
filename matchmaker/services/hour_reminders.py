"""Reminders about hours: to whoever has noted none for weeks, to groups that have some to confirm.

Each goes out at most once a month, and only while the work is in progress: a reminder is a help,
not a check.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from matchmaker.db import SessionFactory, transaction, wide_select
from matchmaker.models import (
    Group,
    HoursEntry,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import letters
from matchmaker.services.confirming import closed

SILENT = timedelta(days=21)  # since the last hours noted, or since the work began or one joined
WAITING = timedelta(days=14)  # since the oldest entry that nobody has confirmed


def remind(factory: SessionFactory, *, now: datetime, today: date) -> int:
    """Write to everybody concerned; returns how many letters are due today, sent before or not."""
    with factory() as session:
        session.connection(execution_options={"reading": True})
        written = _letters(session, today)
    if written:
        with transaction(factory) as session:
            letters.post(session, written, now=now)
    return len(written)


def _letters(session: Session, today: date) -> list[letters.Letter]:
    silent, waiting = _silent(session, today), _waiting(session, today)
    people = [person for _project, person in silent]
    groups = [group for _project, group, _count in waiting]
    book = letters.address_book(session, people=people, groups=groups)
    month = f"{today:%Y-%m}"
    written = [
        letters.to_professional(
            book, person, "note_hours", f"{project.id}:{month}", project_id=project.id,
            title=project.title,
        )
        for project, person in silent
    ]  # fmt: skip
    for project, group, count in waiting:
        written += letters.to_group(
            book, group, "confirm_hours", f"{project.id}:{month}", project_id=project.id,
            title=project.title, count=count,
        )  # fmt: skip
    return written


def _silent(session: Session, today: date) -> list[tuple[Project, Professional]]:
    """People on work in progress who have noted no hours for ``SILENT``."""
    last = (
        select(func.max(HoursEntry.worked_on))
        .where(
            HoursEntry.project_id == Project.id,
            HoursEntry.professional_id == Professional.id,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        wide_select(Project, Professional, ProjectMember.joined_on, last)
        .join(ProjectMember, col(ProjectMember.project_id) == Project.id)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .where(
            Project.state == ProjectState.IN_PROGRESS,
            col(Project.started_on).is_not(None),
            col(ProjectMember.left_on).is_(None),
        )
        .order_by(col(Project.id), col(Professional.id))
    )
    found = []
    for project, person, joined_on, noted in rows:
        since = max(day for day in (project.started_on, joined_on, noted) if day)
        if today - since > SILENT:
            found.append((project, person))
    return found


def _waiting(session: Session, today: date) -> list[tuple[Project, Group, int]]:
    """Projects with hours that have waited for the group for ``WAITING``, and how many entries."""
    rows = session.execute(
        wide_select(Project, Group, HoursEntry.worked_on)
        .join(Group, col(Group.id) == Project.group_id)
        .join(HoursEntry, col(HoursEntry.project_id) == Project.id)
        .where(
            col(Project.state).in_((ProjectState.IN_PROGRESS, ProjectState.DELIVERED)),
            col(HoursEntry.confirmed_at).is_(None),
        )
        .order_by(col(Project.id))
    )
    days: dict[str, list[date]] = defaultdict(list)
    both: dict[str, tuple[Project, Group]] = {}
    for project, group, worked_on in rows:
        if closed(worked_on, today):
            continue  # nothing can be done about it any more
        days[project.id].append(worked_on)
        both[project.id] = (project, group)
    return [(*both[key], len(each)) for key, each in days.items() if today - min(each) > WAITING]
