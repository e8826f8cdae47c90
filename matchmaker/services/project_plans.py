"""The plan of a project as its people read it: what is due when, who changed what, and how much
time it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from matchmaker.models import Group, Need, PlanStep, Project, Side, StepKind
from matchmaker.services import days_off
from matchmaker.services.actors import Actor
from matchmaker.services.check_details import Event, history
from matchmaker.services.commitments import RUNNING
from matchmaker.services.project_access import part


@dataclass(frozen=True)
class Effort:
    """How much time the plan leaves: whole weeks from kick-off to delivery, the first days of those
    with too few working days, and minutes a week of one person."""

    weeks: int
    short: tuple[date, ...]
    minutes: int

    @property
    def planned(self) -> int:
        """Minutes of one person, as if every week were whole."""
        return self.weeks * self.minutes

    @property
    def likely(self) -> int:
        """The same without the short weeks."""
        return (self.weeks - len(self.short)) * self.minutes


@dataclass(frozen=True)
class Plan:
    """The steps of a project by day, who changed what (newest first), and the time it leaves."""

    project: Project
    group: Group
    need: Need
    steps: tuple[PlanStep, ...]
    changes: tuple[Event, ...]
    effort: Effort | None
    open: bool

    def late(self, today: date) -> tuple[PlanStep, ...]:
        """Steps whose day is over and that nobody has marked as done."""
        return tuple(each for each in self.steps if each.done_on is None and each.due_on < today)


def plan(session: Session, *, actor: Actor, side: Side, project_id: str) -> Plan:
    """The plan for one side. Refused: ``project_not_found``."""
    project, group, member = part(session, actor, side, project_id)
    need = session.get_one(Need, project.need_id)
    steps = steps_of(session, project.id)
    events = history(session, ("project", project.id))
    return Plan(
        project,
        group,
        need,
        steps,
        tuple(each for each in events if each.act.startswith("plan_")),
        _effort(need, steps),
        project.state in RUNNING and not (member and member.left_on),
    )


def steps_of(session: Session, project_id: str) -> tuple[PlanStep, ...]:
    """Every step of a project, by day."""
    return tuple(
        session.exec(
            select(PlanStep)
            .where(PlanStep.project_id == project_id)
            .order_by(col(PlanStep.due_on), col(PlanStep.at), col(PlanStep.id))
        )
    )


def _effort(need: Need, steps: Sequence[PlanStep]) -> Effort | None:
    """None while the plan says no delivery, or the need no hours."""
    begins = [each.begins_on or each.due_on for each in steps if each.kind != StepKind.DELIVERY]
    ends = [each.due_on for each in steps if each.kind == StepKind.DELIVERY]
    if not ends or not begins or not need.hours_per_week or min(begins) >= max(ends):
        return None
    first, last = min(begins), max(ends)
    return Effort(
        len(list(days_off.weeks(first, last))),
        days_off.short_weeks(first, last),
        int(need.hours_per_week * 60),
    )
