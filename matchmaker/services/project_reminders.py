"""Reminders of a project's own days: the check half-way, to whoever has not spoken yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from matchmaker.db import SessionFactory, transaction, wide_select
from matchmaker.models import (
    Group,
    MidTermCheck,
    PlanStep,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    StepKind,
)
from matchmaker.services import letters

AGAIN = timedelta(days=7)  # asked once on the day, and once more when it is a week old
LONG = timedelta(days=30)  # whoever has not answered by then is not asked any more


def remind(factory: SessionFactory, *, now: datetime, today: date) -> int:
    """Ask for the check half-way; returns how many letters are due, sent before or not."""
    with factory() as session:
        session.connection(execution_options={"reading": True})
        written = _letters(session, today)
    if written:
        with transaction(factory) as session:
            letters.post(session, written, now=now)
    return len(written)


def _letters(session: Session, today: date) -> list[letters.Letter]:
    due = session.exec(
        select(PlanStep, Project, Group)
        .join(Project, col(Project.id) == PlanStep.project_id)
        .join(Group, col(Group.id) == Project.group_id)
        .where(
            PlanStep.kind == StepKind.MID_TERM,
            col(PlanStep.due_on).between(today - LONG, today),
            col(PlanStep.done_on).is_(None),
            Project.state == ProjectState.IN_PROGRESS,
        )
        .order_by(col(Project.id))
    ).all()
    if not due:
        return []
    ids = [project.id for _step, project, _group in due]
    members: dict[str, list[tuple[str, Professional]]] = {each: [] for each in ids}
    for member, person in session.exec(
        select(ProjectMember, Professional)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .where(col(ProjectMember.project_id).in_(ids), col(ProjectMember.left_on).is_(None))
        .order_by(col(ProjectMember.id))
    ):
        members[member.project_id].append((member.id, person))
    spoken = {
        (project_id, member_id)
        for project_id, member_id in session.execute(
            wide_select(MidTermCheck.project_id, MidTermCheck.member_id).where(
                col(MidTermCheck.project_id).in_(ids)
            )
        )
    }
    book = letters.address_book(
        session,
        people=[person for each in members.values() for _id, person in each],
        groups=[group for *_, group in due],
    )
    written = []
    for step, project, group in due:
        key = f"{step.id}:{2 if today - step.due_on >= AGAIN else 1}"
        facts = {"project_id": project.id, "title": project.title}
        if (project.id, None) not in spoken:
            written += letters.to_group(book, group, "mid_term", key, side="group", **facts)
        written += [
            letters.to_professional(book, person, "mid_term", key, side="professional", **facts)
            for member_id, person in members[project.id]
            if (project.id, member_id) not in spoken
        ]
    return written
