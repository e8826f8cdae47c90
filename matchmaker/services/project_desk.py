"""A project as the coordinators accompany it: pause, cancel, close, somebody leaves.

Every act has a reason, is told to everybody on the project, and stands in its history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Decision,
    DecisionAct,
    Deliverable,
    Group,
    HoursEntry,
    Need,
    Outcome,
    PlanStep,
    Professional,
    Project,
    ProjectFile,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Role,
)
from matchmaker.services import (
    audit,
    deliverables,
    follow_ups,
    insurance,
    letters,
    mid_terms,
    plan_steps,
    project_access,
    project_files,
    project_plans,
    teams,
    vacancies,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.check_details import Event, history
from matchmaker.services.commands import Command, Flag, LongText, Version, validated
from matchmaker.services.commitments import RUNNING
from matchmaker.services.versions import claim

PAUSABLE = (ProjectState.AGREED, ProjectState.IN_PROGRESS)
CANCELLABLE = RUNNING
CLOSABLE = (ProjectState.DELIVERED, ProjectState.EVALUATED, ProjectState.NOT_USED)


class Reasoned(Command):
    """Why; everybody on the project reads it."""

    reason: Annotated[str, LongText(1000, 1)]
    version: Version


class Leaving(Reasoned):
    """Why somebody leaves, and whether somebody else is looked for."""

    replace: Flag = False


@dataclass(frozen=True)
class Stay:
    """Somebody's time on the project, and their confirmed and waiting minutes."""

    member: ProjectMember
    person: Professional
    role: Role | None
    minutes: int
    waiting: int


@dataclass(frozen=True)
class Detail:
    """A project with everybody on it, what both sides said, and its history."""

    project: Project
    group: Group
    need: Need
    stays: tuple[Stay, ...]
    said: tuple[Outcome, ...]
    steps: tuple[PlanStep, ...]
    checks: tuple[mid_terms.Said, ...]
    results: tuple[Deliverable, ...]
    files: tuple[ProjectFile, ...]
    answers: tuple[follow_ups.Said, ...]
    uninsured: int  # activities about which the insurer is still to be asked
    history: tuple[Event, ...]

    def late(self, today: date) -> tuple[PlanStep, ...]:
        """Steps of the plan whose day is over, while the work is under way."""
        return tuple(
            each
            for each in self.steps
            if each.done_on is None and each.due_on < today and self.project.state in PAUSABLE
        )


def detail(session: Session, *, actor: Actor, project_id: str) -> Detail:
    """One project. Refused: ``coordinators_only``, ``project_not_found``."""
    require_coordinator(actor)
    project, group = project_access.find(session, project_id)
    rows = session.exec(
        select(ProjectMember, Professional, Role)
        .join(Professional, col(Professional.id) == ProjectMember.professional_id)
        .outerjoin(Role, col(Role.id) == ProjectMember.role_id)
        .where(ProjectMember.project_id == project_id)
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    ).all()
    spent = _spent(session, project_id, [member for member, *_ in rows])
    said = session.exec(
        select(Outcome).where(Outcome.project_id == project_id).order_by(col(Outcome.id))
    )
    return Detail(
        project,
        group,
        session.get_one(Need, project.need_id),
        tuple(
            Stay(member, person, role, spent[member.id, True], spent[member.id, False])
            for member, person, role in rows
        ),
        tuple(said),
        project_plans.steps_of(session, project_id),
        mid_terms.said(session, project_id),
        deliverables.of_project(session, project_id),
        project_files.of_project(session, project_id),
        follow_ups.said(session, project_id),
        session.exec(
            select(func.count())
            .select_from(HoursEntry)
            .where(HoursEntry.project_id == project_id, insurance.open_entries())
        ).one(),
        history(session, ("project", project_id)),
    )  # fmt: skip


def stay_on(
    members: Sequence[ProjectMember], professional_id: str, day: date
) -> ProjectMember | None:
    """The stay a person's day belongs to, the later one on a day that ended one and began another.
    ``members``: first to last."""
    there = [
        each
        for each in members
        if each.professional_id == professional_id
        and each.joined_on <= day
        and (each.left_on is None or day <= each.left_on)
    ]
    return there[-1] if there else None


def _spent(
    session: Session, project_id: str, members: Sequence[ProjectMember]
) -> Counter[tuple[str, bool]]:
    """(stay, confirmed) → minutes."""
    spent: Counter[tuple[str, bool]] = Counter()
    for entry in session.exec(select(HoursEntry).where(HoursEntry.project_id == project_id)):
        stay = stay_on(members, entry.professional_id, entry.worked_on)
        if stay is not None:
            spent[stay.id, entry.confirmed_at is not None] += entry.minutes
    return spent


def pause(session: Session, **given: Any) -> Project:
    """Let a project rest (``Reasoned``); see ``_act`` for what is given and refused."""

    def rest(project: Project, _today: date) -> None:
        project.state = ProjectState.PAUSED

    return _act(session, "pause", PAUSABLE, rest, given)


def resume(session: Session, **given: Any) -> Project:
    """Let a resting project go on."""

    def go_on(project: Project, _today: date) -> None:
        project.state = ProjectState.IN_PROGRESS if project.started_on else ProjectState.AGREED

    return _act(session, "resume", (ProjectState.PAUSED,), go_on, given)


def cancel(session: Session, **given: Any) -> Project:
    """Give a project up for good; it counts nowhere any more, its confirmed hours stay."""

    def give_up(project: Project, today: date) -> None:
        project.state = ProjectState.CANCELLED
        project.ended_on = max(today, project.started_on or today)

    return _act(session, "cancel", CANCELLABLE, give_up, given)


def conclude(session: Session, **given: Any) -> Project:
    """End the evaluation without waiting for those who are silent; both sides are still asked half
    a year and a year later."""

    def conclude_now(project: Project, _today: date) -> None:
        used = session.exec(
            select(Outcome.used).where(
                Outcome.project_id == project.id, col(Outcome.member_id).is_(None)
            )
        ).first()
        project.state = ProjectState.NOT_USED if used is False else ProjectState.EVALUATED

    return _act(session, "conclude", (ProjectState.DELIVERED,), conclude_now, given)


def close(session: Session, **given: Any) -> Project:
    """Close a delivered project for good: nobody is asked for anything any more."""

    def finish(project: Project, _today: date) -> None:
        project.state = ProjectState.FOLLOWED_UP

    return _act(session, "close", CLOSABLE, finish, given)


def leave(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project_id: str,
    member_id: str,
    data: Mapping[str, Any],
) -> Project:
    """Somebody leaves a running project (``Leaving``); their hours stay, their seat is free. With
    ``replace`` the need is open again, for the next round or a small one.

    Refused: ``coordinators_only``, ``project_not_found``, ``member_not_found`` for who is not on it
    any more, ``project_state``, ``changed_meanwhile``.
    """
    require_coordinator(actor)
    wanted = validated(Leaving, data)
    project, group = project_access.find(session, project_id)
    member = session.get(ProjectMember, member_id)
    if member is None or member.project_id != project_id or member.left_on is not None:
        raise NotFound("member_not_found")
    if project.state not in RUNNING:
        raise Conflict("project_state")
    claim(session, project, wanted.version)
    told = _everybody(session, project)
    member.left_on = max(today, member.joined_on)
    session.add(member)
    _free_seat(session, actor, now, member)
    if wanted.replace:
        teams.reopen(session, actor, now, session.get_one(Need, project.need_id))
    person = session.get_one(Professional, member.professional_id)
    _tell(session, project, group, told, "leave", wanted.reason, now, person=person.name)
    _record(session, actor, now, project, "leave_project", wanted.reason, member_id=member.id)
    return project


def _act(
    session: Session,
    act: str,
    states: Sequence[str],
    change: Callable[[Project, date], None],
    given: dict[str, Any],
) -> Project:
    """One act on a whole project. ``given``: actor, now, today, project_id, data (``Reasoned``).

    Refused: ``coordinators_only``, ``project_not_found``, ``project_state``,
    ``changed_meanwhile``.
    """
    actor, now, today = given["actor"], given["now"], given["today"]
    require_coordinator(actor)
    wanted = validated(Reasoned, given["data"])
    project, group = project_access.find(session, given["project_id"])
    if project.state not in states:
        raise Conflict("project_state")
    claim(session, project, wanted.version)
    told = _everybody(session, project)
    change(project, today)
    session.add(project)
    session.flush()
    vacancies.follow(session, actor=actor, now=now, project=project)
    _tell(session, project, group, told, act, wanted.reason, now)
    _record(session, actor, now, project, f"{act}_project", wanted.reason)
    return project


def _free_seat(session: Session, actor: Actor, now: datetime, member: ProjectMember) -> None:
    """The seat is nobody's any more, so that somebody else can be offered it."""
    proposal = session.get(Proposal, member.proposal_id) if member.proposal_id else None
    if proposal is None or proposal.state != ProposalState.CONFIRMED:
        return
    claim(session, proposal, proposal.version)
    proposal.state, proposal.state_reason = ProposalState.WITHDRAWN, "left_project"
    session.add(proposal)
    session.add(
        Decision(
            proposal_id=proposal.id, act=DecisionAct.WITHDRAW, side="coordinator",
            actor_id=actor.account_id, reason="left_project", at=now,
        )
    )  # fmt: skip


def _everybody(session: Session, project: Project) -> list[Professional]:
    """The people on a project now."""
    return list(
        session.exec(
            select(Professional)
            .join(ProjectMember, col(ProjectMember.professional_id) == Professional.id)
            .where(ProjectMember.project_id == project.id, col(ProjectMember.left_on).is_(None))
            .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
        )
    )


def _tell(
    session: Session,
    project: Project,
    group: Group,
    people: list[Professional],
    act: str,
    reason: str,
    now: datetime,
    **more: str,
) -> None:
    book = letters.address_book(session, people=people, groups=[group])
    facts = {
        "act": act, "title": project.title, "group": group.name, "reason": reason,
        "project_id": project.id, **more,
        "called_off": plan_steps.meetings_ahead(session, project.id) if act == "cancel" else [],
    }  # fmt: skip
    key = f"{project.id}:{act}:{project.version}"
    written = letters.to_group(book, group, "project_changed", key, side="group", **facts)
    for each in people:
        written.append(
            letters.to_professional(
                book, each, "project_changed", key, side="professional", **facts
            )
        )
    letters.post(session, written, now=now)


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    project: Project,
    act: str,
    reason: str,
    **details: str,
) -> None:
    audit.record(
        session, actor=actor, act=act, subject=("project", project.id), now=now, reason=reason,
        **details,
    )  # fmt: skip
