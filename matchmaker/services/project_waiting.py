"""What of the running projects waits for a coordinator, for the page of today's work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session, col, func

from matchmaker.db import wide_select
from matchmaker.models import Group, MidTermCheck, PlanStep, Project, ProjectState
from matchmaker.services import follow_up_letters

Waiting = tuple[str, str, str, datetime, dict[str, Any]]  # kind, project, title, since, facts
UNDER_WAY = (ProjectState.AGREED, ProjectState.IN_PROGRESS)
GRACE = 3  # days after which a step counts as forgotten rather than just not ticked


def waiting(session: Session, on: date, most: int) -> Iterator[Waiting]:
    """Projects with steps that are overdue, those in which somebody asked for a call, and groups
    that were asked long ago what is left of it."""
    yield from _late(session, on, most)
    yield from _calls(session, most)
    for project, group, months, day in follow_up_letters.silent_groups(session, on):
        since = datetime.combine(day, time.min, UTC)
        facts = {"group": group.name, "months": months}
        yield "follow_up_call", project.id, project.title, since, facts


def late_steps() -> Any:
    """The condition of an open step of a project under way; its day is for the caller."""
    return col(PlanStep.done_on).is_(None) & col(Project.state).in_(UNDER_WAY)


def _late(session: Session, on: date, most: int) -> Iterator[Waiting]:
    rows = session.execute(
        wide_select(Project, Group.name, func.min(PlanStep.due_on), func.count())
        .join(Group, col(Group.id) == Project.group_id)
        .join(PlanStep, col(PlanStep.project_id) == Project.id)
        .where(late_steps(), col(PlanStep.due_on) < date.fromordinal(on.toordinal() - GRACE))
        .group_by(col(Project.id), col(Group.name))
        .order_by(func.min(PlanStep.due_on), col(Project.id))
        .limit(most)
    )
    for project, group, due_on, count in rows:
        since = datetime.combine(due_on, time.min, UTC)
        yield "project_late", project.id, project.title, since, {"group": group, "count": count}


def _calls(session: Session, most: int) -> Iterator[Waiting]:
    rows = session.execute(
        wide_select(Project, Group.name, func.min(MidTermCheck.at))
        .join(Group, col(Group.id) == Project.group_id)
        .join(MidTermCheck, col(MidTermCheck.project_id) == Project.id)
        .where(
            col(MidTermCheck.call),
            col(MidTermCheck.called_on).is_(None),
            col(Project.state).in_((*UNDER_WAY, ProjectState.PAUSED)),
        )
        .group_by(col(Project.id), col(Group.name))
        .order_by(func.min(MidTermCheck.at), col(Project.id))
        .limit(most)
    )
    for project, group, since in rows:
        yield "project_call", project.id, project.title, since, {"group": group}
