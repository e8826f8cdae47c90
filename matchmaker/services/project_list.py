"""The coordinators' list of projects: what each one waits for; search, pages, the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.models import (
    Group,
    HoursEntry,
    Need,
    Outcome,
    PlanStep,
    Professional,
    Project,
    ProjectMember,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.board_search import page_of, text_matches
from matchmaker.services.commitments import RUNNING
from matchmaker.services.project_desk import PAUSABLE

QUIET = timedelta(days=30)
PAGE = 50


@dataclass(frozen=True)
class Line:
    """A project on the board. ``last``: day of the latest hours; ``waiting``: entries the group has
    not confirmed; ``said``: evaluations given, of ``voices`` expected; ``gone``: those of them by
    people who have left since; ``late``: steps of the plan whose day is over."""

    project: Project
    group: Group
    members: int
    last: date | None
    waiting: int
    said: int
    gone: int
    late: int

    @property
    def voices(self) -> int:
        """The group's, one of each member, and those given before somebody left."""
        return self.members + 1 + self.gone

    def quiet(self, today: date) -> bool:
        """Whether it runs and nobody noted hours for ``QUIET``."""
        since = self.last or self.project.started_on or self.project.agreed_on
        return self.project.state in PAUSABLE and today - since > QUIET


@dataclass(frozen=True)
class Board:
    """One page of the projects; ``total`` counts them all."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class Asked:
    """What a reader asks the list for. ``text``: in the title, the need, the group, or the name of
    somebody who is or was on it; ``state``: of the project."""

    text: str = ""
    state: str = ""


def board(
    session: Session, *, actor: Actor, today: date, asked: Asked = Asked(), page: int = 1
) -> Board:
    """A page of the projects, running ones first, then newest. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    total, number, pages, rows = page_of(session, _found(today, asked), page, PAGE, Project.id)
    return Board(tuple(Line(*row) for row in rows), total, number, pages)


def every(session: Session, *, actor: Actor, today: date, asked: Asked = Asked()) -> Sequence[Line]:
    """All projects that ``board`` pages through. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    return [Line(*row) for row in session.execute(_found(today, asked))]


def _found(today: date, asked: Asked) -> Any:
    mine = HoursEntry.project_id == Project.id
    counted = select(func.count())
    chosen = (
        wide_select(
            Project,
            Group,
            counted.where(
                ProjectMember.project_id == Project.id, col(ProjectMember.left_on).is_(None)
            ).scalar_subquery(),
            select(func.max(HoursEntry.worked_on)).where(mine).scalar_subquery(),
            counted.where(mine, col(HoursEntry.confirmed_at).is_(None)).scalar_subquery(),
            counted.where(Outcome.project_id == Project.id).scalar_subquery(),
            counted.select_from(Outcome)
            .join(ProjectMember, col(ProjectMember.id) == Outcome.member_id)
            .where(Outcome.project_id == Project.id, col(ProjectMember.left_on).is_not(None))
            .scalar_subquery(),
            counted.where(
                PlanStep.project_id == Project.id,
                col(PlanStep.done_on).is_(None),
                col(PlanStep.due_on) < today,
                col(Project.state).in_(PAUSABLE),
            ).scalar_subquery(),
        )
        .join(Group, col(Group.id) == Project.group_id)
        .join(Need, col(Need.id) == Project.need_id)
        .order_by(
            col(Project.state).not_in(RUNNING), col(Project.agreed_on).desc(), col(Project.id)
        )
    )
    if asked.state:
        chosen = chosen.where(Project.state == asked.state)
    if asked.text:
        members = (
            select(ProjectMember.project_id)
            .join(Professional, col(Professional.id) == ProjectMember.professional_id)
            .where(text_matches(Professional.search_text, asked.text))
        )
        chosen = chosen.where(
            or_(
                text_matches(Need.search_text, asked.text),
                text_matches(Group.search_text, asked.text),
                col(Project.id).in_(members),
            )
        )
    return chosen
