"""A project's way: agreed → in progress, with a shared goal → delivered → evaluated by both.

Either side takes a step; the other sees it at once. A delivery can be taken back as long as
nobody has evaluated it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.models import (
    Deliverable,
    Group,
    Need,
    Outcome,
    PlanStep,
    Professional,
    Project,
    ProjectFile,
    ProjectMember,
    ProjectState,
    Role,
    Side,
    StepKind,
)
from matchmaker.services import (
    audit,
    deliverables,
    follow_ups,
    plan_steps,
    project_files,
    project_plans,
    project_scopes,
    vacancies,
)
from matchmaker.services.actors import Actor
from matchmaker.services.commands import CodeList, Command, LongText, Version, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.services.versions import claim

RUNNING = (ProjectState.AGREED, ProjectState.IN_PROGRESS)


class Step(Command):
    """A step with what both sides want to reach, or what was handed over."""

    version: Version
    text: Annotated[str, LongText(2000, 1)]


class Delivery(Step):
    """What was handed over: in words, and the positions of the agreed results."""

    handed_over: CodeList = Field(default_factory=list)


@dataclass(frozen=True)
class Member:
    """Somebody on the project: person, role, and whether they left."""

    stay: ProjectMember
    person: Professional
    role: Role | None


@dataclass(frozen=True)
class Seen:
    """A project as one of its sides sees it. ``mine``: that side's evaluation, where it exists.

    ``others``: the evaluations of the rest, shown once everybody has spoken. ``left_on``: the day
    the professional who looks at it left; from then on they take no step.
    """

    project: Project
    group: Group
    side: Side
    members: tuple[Member, ...]
    mine: Outcome | None = None
    others: tuple[Outcome, ...] = ()
    steps: tuple[PlanStep, ...] = ()
    results: tuple[Deliverable, ...] = ()
    files: tuple[ProjectFile, ...] = ()
    answers: tuple[follow_ups.Said, ...] = ()
    follow_up_months: int = 0  # what is asked now
    agreed_results: tuple[str, ...] = ()  # as they are ticked at the delivery
    left_on: date | None = None

    @property
    def next_steps(self) -> tuple[PlanStep, ...]:
        """The next three days of the plan that are not done."""
        return tuple(each for each in self.steps if each.done_on is None)[:3]


def seen(
    session: Session, *, actor: Actor, side: Side, project_id: str, today: date | None = None
) -> Seen:
    """The project's page for one side; with ``today``, what is asked of it on that day.
    Refused: ``project_not_found``."""
    project, group, member = part(session, actor, side, project_id)
    rows = session.exec(
        select(ProjectMember, Professional, Role)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .outerjoin(Role, col(Role.id) == ProjectMember.role_id)
        .where(ProjectMember.project_id == project_id)
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    )
    members = tuple(Member(*row) for row in rows)
    said = session.exec(
        select(Outcome).where(Outcome.project_id == project_id).order_by(col(Outcome.id))
    ).all()
    own = member.id if member else None
    mine = [each for each in said if each.side == side and each.member_id == own]
    closed = project.state not in (*RUNNING, ProjectState.DELIVERED)
    others = tuple(each for each in said if each not in mine) if closed else ()
    return Seen(
        project,
        group,
        side,
        members,
        mine[0] if mine else None,
        others,
        project_plans.steps_of(session, project_id),
        deliverables.of_project(session, project_id),
        project_files.of_project(session, project_id),
        follow_ups.said(session, project_id),
        follow_ups.asked(project, today) if today else 0,
        project_scopes.in_force(
            session, session.get_one(Need, project.need_id), project_id
        ).deliverables,
        member.left_on if member else None,
    )


def begin(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Project:
    """Begin, with the goal both agreed on (``Step``); while in progress, write the goal anew. A
    project without a plan gets one, drawn from the menu of its need.

    Refused: ``project_not_found``, ``project_left`` to whoever has left, ``project_state``,
    ``changed_meanwhile``, ``on_behalf_needed``.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    wanted = validated(Step, data)
    _require(project, RUNNING)
    claim(session, project, wanted.version)
    project.goal = wanted.text
    if project.state == ProjectState.AGREED:
        project.started_on = today
        project.state = ProjectState.IN_PROGRESS
        vacancies.follow(session, actor=actor, now=now, project=project)
        act = "begin_project"
    else:
        act = "change_project_goal"
    _record(session, actor, now, project, act, details)
    if act == "begin_project":
        plan_steps.finish_kind(session, actor, now, today, project, StepKind.KICK_OFF)
        if not plan_steps.drawn(session, project.id):
            plan_steps.draw_for(session, actor, now, project, today, details)
    return project


def deliver(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Project:
    """The result is handed over: what it is, and which agreed results it holds (``Delivery``).

    Refused: ``project_not_found``, ``project_left`` to whoever has left, ``project_state``,
    ``changed_meanwhile``, ``on_behalf_needed``.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    wanted = validated(Delivery, data)
    _require(project, RUNNING)
    claim(session, project, wanted.version)
    project.delivered = wanted.text
    deliverables.note(session, project, wanted.handed_over)
    project.started_on = project.started_on or today
    project.ended_on = today
    project.state = ProjectState.DELIVERED
    vacancies.follow(session, actor=actor, now=now, project=project)
    _record(session, actor, now, project, "deliver_project", details)
    plan_steps.finish_kind(session, actor, now, today, project, StepKind.DELIVERY)
    return project


def reopen(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Project:
    """Take a delivery back: the work goes on.

    Refused: ``project_not_found``, ``project_left`` to whoever has left, ``project_state``,
    ``project_evaluated`` once anybody has evaluated it, ``changed_meanwhile``,
    ``on_behalf_needed``.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    _require(project, (ProjectState.DELIVERED,))
    claim(session, project, version)
    if session.exec(select(Outcome.id).where(Outcome.project_id == project_id)).first():
        raise Conflict("project_evaluated")
    project.ended_on = None
    deliverables.forget(session, project)
    project.state = ProjectState.IN_PROGRESS
    vacancies.follow(session, actor=actor, now=now, project=project)
    _record(session, actor, now, project, "reopen_project", details)
    return project


def _asked(
    session: Session, actor: Actor, side: Side, project_id: str, on_behalf: OnBehalf | None
) -> tuple[Project, dict[str, Any]]:
    project, group, member = part(session, actor, side, project_id)
    if member is not None and member.left_on is not None:
        raise Conflict("project_left")
    return project, proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}


def _require(project: Project, states: tuple[ProjectState, ...]) -> None:
    if project.state not in states:
        raise Conflict("project_state")


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    project: Project,
    act: str,
    details: dict[str, Any],
) -> None:
    audit.record(session, actor=actor, act=act, subject=("project", project.id), now=now, **details)
