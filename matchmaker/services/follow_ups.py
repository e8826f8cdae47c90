"""Half a year and a year after the delivery: is it still in use, what changed, what was kept.

Both sides are asked; the group's answer after a year ends the project. A coordinator can enter what
the group says by telephone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from sqlmodel import Session, col

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    FollowUp,
    Group,
    Need,
    NeedState,
    Project,
    ProjectState,
    Side,
    Use,
)
from matchmaker.services import audit, side_answers
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, LongText, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.services.versions import claim

MONTHS = (6, 12)
ASKED = (ProjectState.DELIVERED, ProjectState.EVALUATED, ProjectState.NOT_USED)
OPEN = timedelta(days=120)  # how long after its day a question can be answered
YES_NO = ("yes", "no")


class Answer(Command):
    """What one side says. ``in_use`` is asked of the group alone."""

    in_use: Annotated[str, Choice(Use)] | None = None
    again: Annotated[str, Choice(YES_NO)]
    text: Annotated[str, LongText(2000)] = ""


@dataclass(frozen=True)
class Said:
    """An answer, with the professional's name ("" for the group)."""

    answer: FollowUp
    name: str


@dataclass(frozen=True)
class Question:
    """What one side is asked now. ``months`` 0: nothing; ``mine``: what it has answered."""

    project: Project
    group: Group
    side: Side
    months: int
    mine: FollowUp | None


def day_of(project: Project, months: int) -> date | None:
    """The day ``months`` after the delivery, on the same day of the month or its last one."""
    if project.ended_on is None:
        return None
    ahead = project.ended_on.month - 1 + months
    year, month = project.ended_on.year + ahead // 12, ahead % 12 + 1
    return date(year, month, min(project.ended_on.day, monthrange(year, month)[1]))


def asked(project: Project, today: date) -> int:
    """The months after which people are asked now, or 0."""
    if project.state not in ASKED:
        return 0
    for months in reversed(MONTHS):
        day = day_of(project, months)
        if day is not None and day <= today <= day + OPEN:
            return months
    return 0


def question(
    session: Session, *, actor: Actor, today: date, side: Side, project_id: str
) -> Question:
    """What one side is asked. Refused: ``project_not_found``."""
    project, group, member = part(session, actor, side, project_id)
    months = asked(project, today)
    mine = side_answers.own(session, FollowUp, project, side, member, FollowUp.months == months)
    return Question(project, group, side, months, mine)


def said(session: Session, project_id: str) -> tuple[Said, ...]:
    """Every answer, newest last."""
    found = side_answers.named(session, FollowUp, project_id, col(FollowUp.months))
    return tuple(Said(answer, name) for answer, name in found)


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
) -> FollowUp:
    """Answer what is asked now (``Answer``); answering again changes it. With the group's answer
    after a year an evaluated project is followed up.

    Refused: ``project_not_found``, ``nothing_asked`` outside the months after a delivery,
    ``on_behalf_needed``; beside ``in_use`` ``not_chosen`` for a group that leaves it out.
    """
    project, group, member = part(session, actor, side, project_id)
    details = proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}
    wanted = validated(Answer, data)
    if side == Side.GROUP and wanted.in_use is None:
        raise Invalid([FieldError("in_use", "not_chosen")])
    months = asked(project, today)
    if not months:
        raise Conflict("nothing_asked")
    mine = side_answers.own(session, FollowUp, project, side, member, FollowUp.months == months)
    answer = mine or FollowUp(
        project_id=project.id, months=months, side=side, at=now,
        member_id=member.id if member else None,
    )  # fmt: skip
    answer.in_use = wanted.in_use if side == Side.GROUP else None
    answer.again, answer.text, answer.at = wanted.again == "yes", wanted.text, now
    session.add(answer)
    session.flush()
    audit.record(
        session, actor=actor, act="follow_up", subject=("project", project.id), now=now,
        months=months, side=side, **details,
    )  # fmt: skip
    if side == Side.GROUP and months == MONTHS[-1] and project.state == ProjectState.EVALUATED:
        _end(session, project)
    return answer


def _end(session: Session, project: Project) -> None:
    claim(session, project, project.version)
    project.state = ProjectState.FOLLOWED_UP
    need = session.get_one(Need, project.need_id)
    claim(session, need, need.version)
    need.state = NeedState.FOLLOWED_UP
    session.add_all([project, need])
    session.flush()
