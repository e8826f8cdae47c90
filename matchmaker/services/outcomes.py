"""What both sides say came of a project; each reads the other's words once everybody has spoken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    Outcome,
    Project,
    ProjectMember,
    ProjectState,
    Side,
)
from matchmaker.services import audit, side_answers, vacancies
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Choice, Command, Flag, LongText, Whole, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.services.versions import claim

YES_NO = ("yes", "no")


class Evaluation(Command):
    """One side's evaluation. ``used`` is asked of the group alone. ``quotable``: the comment may be
    quoted in an employer's report, without a name, where the other side allows it too."""

    goal: Annotated[int, Whole(1, 5)]
    relation: Annotated[int, Whole(1, 5)]
    again: Annotated[str, Choice(YES_NO)]
    used: Annotated[str, Choice(YES_NO)] | None = None
    learned: Annotated[str, LongText(2000)] = ""
    comment: Annotated[str, LongText(2000)] = ""
    quotable: Flag = False


def evaluate(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Outcome:
    """Say what came of a delivered project (``Evaluation``); until everybody has, it can be
    changed. With the last one the project is evaluated, or delivered but not used.

    Refused: ``project_not_found``, ``project_not_delivered``, ``on_behalf_needed``; beside
    ``used`` ``not_chosen`` for a group that leaves it out.
    """
    project, group, member = part(session, actor, side, project_id)
    details = proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}
    wanted = validated(Evaluation, data)
    if side == Side.GROUP and wanted.used is None:
        raise Invalid([FieldError("used", "not_chosen")])
    _lock(session, project)
    if project.state != ProjectState.DELIVERED:
        raise Conflict("project_not_delivered")
    outcome = _outcome(session, project, side, member, now)
    outcome.goal, outcome.relation = wanted.goal, wanted.relation
    outcome.again = wanted.again == "yes"
    outcome.used = wanted.used == "yes" if side == Side.GROUP else None
    outcome.learned, outcome.comment, outcome.at = wanted.learned, wanted.comment, now
    outcome.quotable = wanted.quotable
    session.add(outcome)
    session.flush()
    audit.record(
        session, actor=actor, act="evaluate_project", subject=("project", project.id), now=now,
        side=side, **details,
    )  # fmt: skip
    _settle(session, actor, now, project)
    return outcome


def _lock(session: Session, project: Project) -> None:
    """Whoever evaluates waits in line, so that the last one is known to be the last."""
    session.exec(
        select(Project)
        .where(Project.id == project.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _outcome(
    session: Session, project: Project, side: Side, member: ProjectMember | None, now: datetime
) -> Outcome:
    return side_answers.own(session, Outcome, project, side, member) or Outcome(
        project_id=project.id, side=side, member_id=member.id if member else None, goal=1, at=now
    )


def _settle(session: Session, actor: Actor, now: datetime, project: Project) -> None:
    """Close the project when the group and everybody still on it have spoken."""
    said = session.exec(select(Outcome).where(Outcome.project_id == project.id)).all()
    of_group = [each for each in said if each.side == Side.GROUP]
    awaited = set(
        session.exec(
            select(ProjectMember.id).where(
                ProjectMember.project_id == project.id, col(ProjectMember.left_on).is_(None)
            )
        )
    ) - {each.member_id for each in said}
    if awaited or not of_group:
        return
    claim(session, project, project.version)
    project.state = ProjectState.EVALUATED if of_group[0].used else ProjectState.NOT_USED
    session.add(project)
    session.flush()
    vacancies.follow(session, actor=actor, now=now, project=project)
    audit.record(
        session, actor=actor, act="close_project", subject=("project", project.id), now=now,
        state=project.state,
    )  # fmt: skip
