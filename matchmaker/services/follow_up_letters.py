"""Asking both sides half a year and a year after a delivery, and once more when they are silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from matchmaker.db import SessionFactory, transaction, wide_select
from matchmaker.models import FollowUp, Group, Professional, Project, ProjectMember
from matchmaker.services import letters
from matchmaker.services.follow_ups import ASKED, MONTHS, OPEN, asked, day_of

AGAIN = timedelta(days=21)
CALL = timedelta(days=42)  # a group silent for so long is worth a telephone call


def remind(factory: SessionFactory, *, now: datetime, today: date) -> int:
    """Write to everybody who is asked and has not answered; returns how many letters are due,
    sent before or not."""
    with factory() as session:
        session.connection(execution_options={"reading": True})
        written = _letters(session, today)
    if written:
        with transaction(factory) as session:
            letters.post(session, written, now=now)
    return len(written)


def silent_groups(session: Session, today: date) -> Iterator[tuple[Project, Group, int, date]]:
    """Groups to be called: project, group, months, and the day they were asked."""
    due = _due(session, today)
    spoken = _spoken(session, [project.id for project, _group, _months in due])
    for project, group, months in due:
        day = day_of(project, months)
        if day and today - day >= CALL and (months, None) not in spoken[project.id]:
            yield project, group, months, day


def _due(session: Session, today: date) -> list[tuple[Project, Group, int]]:
    first = today - timedelta(days=31 * MONTHS[-1]) - OPEN
    rows = session.exec(
        select(Project, Group)
        .join(Group, col(Group.id) == Project.group_id)
        .where(
            col(Project.state).in_(ASKED),
            col(Project.ended_on) >= first,
            col(Project.ended_on) <= today - timedelta(days=28 * MONTHS[0]),
        )
        .order_by(col(Project.id))
    )
    return [(project, group, months) for project, group in rows
            if (months := asked(project, today))]  # fmt: skip


def _spoken(session: Session, ids: list[str]) -> dict[str, set[tuple[int, str | None]]]:
    """Project → (months, member or None for the group) that have answered."""
    found: dict[str, set[tuple[int, str | None]]] = defaultdict(set)
    rows = session.execute(
        wide_select(FollowUp.project_id, FollowUp.months, FollowUp.member_id).where(
            col(FollowUp.project_id).in_(ids)
        )
    )
    for project_id, months, member_id in rows:
        found[project_id].add((months, member_id))
    return found


def _letters(session: Session, today: date) -> list[letters.Letter]:
    due = _due(session, today)
    if not due:
        return []
    ids = [project.id for project, _group, _months in due]
    spoken = _spoken(session, ids)
    people: dict[str, list[tuple[str, Professional]]] = defaultdict(list)
    for member, person in session.exec(
        select(ProjectMember, Professional)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .where(col(ProjectMember.project_id).in_(ids), col(ProjectMember.left_on).is_(None))
        .order_by(col(ProjectMember.id))
    ):
        people[member.project_id].append((member.id, person))
    book = letters.address_book(
        session,
        people=[person for each in people.values() for _id, person in each],
        groups=[group for _project, group, _months in due],
    )
    written = []
    for project, group, months in due:
        day = day_of(project, months) or today
        key = f"{project.id}:{months}:{2 if today - day >= AGAIN else 1}"
        facts = {"project_id": project.id, "title": project.title, "months": months}
        if (months, None) not in spoken[project.id]:
            written += letters.to_group(book, group, "follow_up", key, side="group", **facts)
        written += [
            letters.to_professional(book, person, "follow_up", key, side="professional", **facts)
            for member_id, person in people[project.id]
            if (months, member_id) not in spoken[project.id]
        ]
    return written
