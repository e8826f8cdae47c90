"""Changing the plan of a project: phases of its menu, milestones, meetings, the check half-way.

Both sides change it, and every change stands in the project's history. Days of rest are possible;
the page names them. A plan is drawn when the work begins and follows the menu of the need.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import model_validator
from sqlmodel import Session

from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import Need, PlanStep, Project, Side, StepKind
from matchmaker.services import audit, plan_drafts
from matchmaker.services.actors import Actor
from matchmaker.services.commands import (
    Choice,
    ClockTime,
    Command,
    Date,
    Flag,
    ShortText,
    Version,
    fault,
    in_order,
    validated,
)
from matchmaker.services.commitments import RUNNING
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.services.project_letters import tell_everybody
from matchmaker.services.project_plans import steps_of
from matchmaker.services.versions import claim

MOST_STEPS = 60
NAMED = (StepKind.MILESTONE, StepKind.PHASE)  # without a title nobody knows what is meant
ONCE = (StepKind.KICK_OFF, StepKind.MID_TERM, StepKind.DELIVERY)
DRAWN = (StepKind.PHASE, StepKind.MID_TERM, StepKind.DELIVERY)
MEETINGS = (StepKind.KICK_OFF, StepKind.MEETING)


# A day further from the agreement, before and after it, is a slip of the keys.
BEFORE, AFTER = timedelta(days=366), timedelta(days=3 * 366)


class Draft(Command):
    """The day from which the phases of the menu are counted."""

    begins_on: Date


class Planned(Command):
    """A day of the plan. ``shift``: whatever is planned later moves by as many days."""

    kind: Annotated[str, Choice(StepKind)]
    title: Annotated[str, ShortText(120)] = ""
    begins_on: Date | None = None
    due_on: Date
    at: ClockTime = ""
    place: Annotated[str, ShortText(200)] = ""
    shift: Flag = False
    version: Version | None = None

    @model_validator(mode="after")
    def _as_its_kind(self) -> Self:
        if self.kind in NAMED and not self.title:
            raise fault("missing", field="title")
        in_order(self.begins_on, self.due_on, field="due_on")
        return self


def draw(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> tuple[PlanStep, ...]:
    """Draw the plan (``Draft``) from the need's menu, in the actor's language. What was done, and
    what people added, stays; phases, check and delivery that are still open are drawn anew.

    Refused: ``project_not_found``, ``project_state``, ``on_behalf_needed``; ``years_away``.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    wanted = validated(Draft, data)
    _require_near(project, begins_on=wanted.begins_on)
    return draw_for(session, actor, now, project, wanted.begins_on, details)


def draw_for(
    session: Session,
    actor: Actor,
    now: datetime,
    project: Project,
    begins_on: date,
    details: Mapping[str, Any],
) -> tuple[PlanStep, ...]:
    """The same for a project that was looked up already."""
    known = steps_of(session, project.id)
    for each in known:
        if each.kind in DRAWN and each.done_on is None:
            session.delete(each)
    kept = {each.kind for each in known if each.done_on is not None} & set(ONCE)
    need = session.get_one(Need, project.need_id)
    for step in plan_drafts.steps(session, project.id, need, begins_on, actor.language, now):
        if step.kind not in kept:
            session.add(step)
    session.flush()
    record(session, actor, now, project, "plan_drawn", due_on=begins_on.isoformat(), **details)
    return steps_of(session, project.id)


def _require_near(project: Project, **days: date | None) -> None:
    first, last = project.agreed_on - BEFORE, project.agreed_on + AFTER
    wrong = [
        FieldError(field, "years_away")
        for field, day in days.items()
        if day is not None and not first <= day <= last
    ]
    if wrong:
        raise Invalid(wrong)


def drawn(session: Session, project_id: str) -> bool:
    """Whether a plan was drawn, or written, already."""
    return any(each.kind in DRAWN for each in steps_of(session, project_id))


def add(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> PlanStep:
    """Plan something (``Planned``); of a meeting everybody is told.

    Refused: ``project_not_found``, ``project_state``, ``on_behalf_needed``, ``plan_full``; beside a
    day ``years_away``: years before or after the agreement;
    ``planned_once`` for a second kick-off, check or delivery.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    wanted = validated(Planned, data)
    _require_near(project, begins_on=wanted.begins_on, due_on=wanted.due_on)
    known = steps_of(session, project.id)
    if len(known) >= MOST_STEPS:
        raise Conflict("plan_full", max=MOST_STEPS)
    if wanted.kind in ONCE and any(each.kind == wanted.kind for each in known):
        raise Conflict("planned_once")
    step = PlanStep(project_id=project.id, kind=wanted.kind, due_on=wanted.due_on, created_at=now)
    _fill(step, wanted)
    session.add(step)
    session.flush()
    _record_step(session, actor, now, project, "plan_added", step, details)
    _tell_of_meeting(session, actor, now, project, step)
    return step


def step_of(
    session: Session, *, actor: Actor, side: Side, project_id: str, step_id: str
) -> PlanStep:
    """One step of a plan. Refused: ``project_not_found``, ``step_not_found``."""
    part(session, actor, side, project_id)
    step = session.get(PlanStep, step_id)
    if step is None or step.project_id != project_id:
        raise NotFound("step_not_found")
    return step


def change(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    step_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> PlanStep:
    """Plan a step otherwise (``Planned``, its kind stays).

    Refused: as ``add``; ``step_not_found``, ``changed_meanwhile``.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    step = step_of(session, actor=actor, side=side, project_id=project_id, step_id=step_id)
    wanted = validated(Planned, {**data, "kind": step.kind})
    _require_near(project, begins_on=wanted.begins_on, due_on=wanted.due_on)
    claim(session, step, wanted.version or 0)
    before, moved = step.due_on, wanted.due_on - step.due_on
    meeting = (step.due_on, step.at, step.place)
    _fill(step, wanted)
    session.add(step)
    session.flush()
    _record_step(
        session, actor, now, project, "plan_changed", step,
        {**details, "before": before.isoformat()},
    )  # fmt: skip
    if wanted.shift and moved:
        for each in _shift_later(session, step, before, moved):
            _tell_of_meeting(session, actor, now, project, each)
    if meeting != (step.due_on, step.at, step.place):
        _tell_of_meeting(session, actor, now, project, step)
    return step


def remove(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    step_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Take a step out of the plan; of a meeting everybody is told. Refused: as ``change``."""
    project, details = _asked(session, actor, side, project_id, on_behalf)
    step = step_of(session, actor=actor, side=side, project_id=project_id, step_id=step_id)
    claim(session, step, version)
    _record_step(session, actor, now, project, "plan_removed", step, details)
    if step.kind in MEETINGS and step.done_on is None:
        told = meeting_facts(step)
        tell_everybody(
            session, project, "meeting_cancelled", step.id, now=now, but=actor.account_id,
            title=project.title, called_off=[told], **told,
        )  # fmt: skip
    session.delete(step)
    session.flush()


def mark(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    side: Side,
    project_id: str,
    step_id: str,
    done: bool,
    on_behalf: OnBehalf | None = None,
) -> PlanStep:
    """Say that a step is done, or is not after all; saying it twice changes nothing.

    Refused: ``project_not_found``, ``project_state``, ``step_not_found``, ``on_behalf_needed``.
    """
    project, details = _asked(session, actor, side, project_id, on_behalf)
    step = step_of(session, actor=actor, side=side, project_id=project_id, step_id=step_id)
    if (step.done_on is not None) == done:
        return step
    finish(session, actor, now, today if done else None, project, step, details)
    return step


def finish(
    session: Session,
    actor: Actor,
    now: datetime,
    done_on: date | None,
    project: Project,
    step: PlanStep,
    details: Mapping[str, Any],
) -> None:
    """Note the day a step was done on (None: it is open again)."""
    claim(session, step, step.version)
    step.done_on = done_on
    step.done_by = actor.account_id if done_on else None
    session.add(step)
    session.flush()
    act = "plan_done" if done_on else "plan_undone"
    _record_step(session, actor, now, project, act, step, details)


def finish_kind(
    session: Session, actor: Actor, now: datetime, today: date, project: Project, kind: StepKind
) -> None:
    """Note that the one step of a kind is done, where it is planned and open."""
    for step in steps_of(session, project.id):
        if step.kind == kind and step.done_on is None:
            finish(session, actor, now, today, project, step, {})


def _asked(
    session: Session, actor: Actor, side: Side, project_id: str, on_behalf: OnBehalf | None
) -> tuple[Project, dict[str, Any]]:
    project, group, member = part(session, actor, side, project_id)
    details = proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}
    if project.state not in RUNNING or (member is not None and member.left_on is not None):
        raise Conflict("project_state")
    return project, details


def _fill(step: PlanStep, wanted: Planned) -> None:
    step.title, step.due_on = wanted.title, wanted.due_on
    step.begins_on = wanted.begins_on if step.kind == StepKind.PHASE else None
    meeting = step.kind in (*MEETINGS, StepKind.DELIVERY)
    step.at, step.place = (wanted.at, wanted.place) if meeting else ("", "")


def _shift_later(session: Session, step: PlanStep, after: date, by: timedelta) -> list[PlanStep]:
    """Move whatever is open and planned after ``after``, by as many days; returns what moved."""
    found = [
        each
        for each in steps_of(session, step.project_id)
        if each.id != step.id and each.done_on is None and each.due_on > after
    ]
    for each in found:
        claim(session, each, each.version)
        each.due_on += by
        each.begins_on = each.begins_on + by if each.begins_on else None
        session.add(each)
    session.flush()
    return found


def _tell_of_meeting(
    session: Session, actor: Actor, now: datetime, project: Project, step: PlanStep
) -> None:
    """Write to everybody else on the project when and where they meet."""
    if step.kind not in MEETINGS:
        return
    tell_everybody(
        session, project, "meeting_planned", f"{step.id}:{step.version}", now=now,
        but=actor.account_id, title=project.title, **meeting_facts(step),
    )  # fmt: skip


def meeting_facts(step: PlanStep) -> dict[str, Any]:
    """What a message, and the calendar entry that goes with it, say of a meeting."""
    return {
        "step_id": step.id, "kind": step.kind, "what": step.title, "at": step.at,
        "due_on": step.due_on.isoformat(), "place": step.place, "revision": step.version,
    }  # fmt: skip


def meetings_ahead(session: Session, project_id: str) -> list[dict[str, Any]]:
    """The same of every meeting of a project that has not been held."""
    return [
        {**meeting_facts(each), "revision": each.version + 1}
        for each in steps_of(session, project_id)
        if each.kind in MEETINGS and each.done_on is None
    ]


def _record_step(
    session: Session,
    actor: Actor,
    now: datetime,
    project: Project,
    act: str,
    step: PlanStep,
    details: Mapping[str, Any],
) -> None:
    record(
        session, actor, now, project, act, step_id=step.id, kind=step.kind,
        due_on=step.due_on.isoformat(), **details,
    )  # fmt: skip


def record(
    session: Session, actor: Actor, now: datetime, project: Project, act: str, **details: Any
) -> None:
    """Note an act on the plan in the project's history."""
    audit.record(session, actor=actor, act=act, subject=("project", project.id), now=now, **details)
