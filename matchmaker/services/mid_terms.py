"""The check half-way: a short form of each side, read by all, and a call where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.models import (
    HoursRight,
    MidTermCheck,
    OnTrack,
    Project,
    ProjectMember,
    ProjectState,
    Side,
    StepKind,
)
from matchmaker.services import audit, plan_steps, side_answers
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Choice, Command, Flag, LongText, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import find, part

OPEN = (ProjectState.IN_PROGRESS, ProjectState.PAUSED)


class Check(Command):
    """Is it on track, are the hours right, what should change; ``call``: please telephone."""

    on_track: Annotated[str, Choice(OnTrack)]
    hours: Annotated[str, Choice(HoursRight)]
    change: Annotated[str, LongText(1000)] = ""
    call: Flag = False


@dataclass(frozen=True)
class Said:
    """What somebody said, with the professional's name ("" for the group)."""

    check: MidTermCheck
    name: str

    @property
    def waits(self) -> bool:
        """Whether a coordinator's call is asked for and has not been noted."""
        return self.check.call and self.check.called_on is None


def said(session: Session, project_id: str) -> tuple[Said, ...]:
    """What everybody said, the group first."""
    found = side_answers.named(session, MidTermCheck, project_id, col(MidTermCheck.side))
    return tuple(Said(check, name) for check, name in found)


def mine(
    session: Session, *, actor: Actor, side: Side, project_id: str
) -> tuple[Project, MidTermCheck | None]:
    """The project and what this side has said. Refused: ``project_not_found``."""
    project, _group, member = part(session, actor, side, project_id)
    return project, side_answers.own(session, MidTermCheck, project, side, member)


def say(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> MidTermCheck:
    """Say how it goes (``Check``); saying it again changes it. Whoever is not on track is called.

    Refused: ``project_not_found``, ``project_state`` unless the work is under way,
    ``on_behalf_needed``.
    """
    project, group, member = part(session, actor, side, project_id)
    details = proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}
    wanted = validated(Check, data)
    if project.state not in OPEN or (member is not None and member.left_on is not None):
        raise Conflict("project_state")
    mine = side_answers.own(session, MidTermCheck, project, side, member)
    check = mine or MidTermCheck(
        project_id=project_id, side=side, member_id=member.id if member else None,
        on_track=wanted.on_track, hours=wanted.hours, at=now,
    )  # fmt: skip
    calling = wanted.call or wanted.on_track == OnTrack.NO
    if calling and not check.call:
        check.called_on = None
    check.on_track, check.hours, check.change = wanted.on_track, wanted.hours, wanted.change
    check.call, check.at = calling, now
    session.add(check)
    session.flush()
    audit.record(
        session, actor=actor, act="check_mid_term", subject=("project", project_id), now=now,
        side=side, on_track=check.on_track, hours=check.hours, **details,
    )  # fmt: skip
    if _all_said(session, project_id):
        plan_steps.finish_kind(session, actor, now, today, project, StepKind.MID_TERM)
    return check


def note_call(
    session: Session, *, actor: Actor, now: datetime, today: date, project_id: str
) -> int:
    """A coordinator has called whoever asked for it; answers how many had.

    Refused: ``coordinators_only``, ``project_not_found``.
    """
    require_coordinator(actor)
    find(session, project_id)
    waiting = [each.check for each in said(session, project_id) if each.waits]
    for check in waiting:
        check.called_on = today
        session.add(check)
    session.flush()
    if waiting:
        audit.record(
            session, actor=actor, act="call_about_project", subject=("project", project_id), now=now
        )
    return len(waiting)


def _all_said(session: Session, project_id: str) -> bool:
    members = session.exec(
        select(ProjectMember.id).where(
            ProjectMember.project_id == project_id, col(ProjectMember.left_on).is_(None)
        )
    ).all()
    spoken = session.exec(
        select(MidTermCheck.member_id).where(MidTermCheck.project_id == project_id)
    ).all()
    return {None, *members} <= set(spoken)
