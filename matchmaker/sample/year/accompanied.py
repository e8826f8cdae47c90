"""What goes with the work of a project: scope, plan, half-way, files, expenses, use, thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import (
    Expense,
    HoursEntry,
    Need,
    Outcome,
    PlanStep,
    Project,
    ProjectMember,
    ProjectState,
    Side,
    StepKind,
)
from matchmaker.sample.year.world import World, words
from matchmaker.services import (
    activity_logs,
    deliverables,
    expenses,
    follow_ups,
    insurance,
    mid_terms,
    plan_steps,
    project_files,
    project_plans,
    project_scopes,
    thanks,
)
from matchmaker.services.actors import Actor
from matchmaker.services.project_terms import standard

_SCOPED, _KICK_OFF, _TICKED, _SPEAKING = 0.7, 0.8, 0.85, 0.8
_USE, _THANKED, _ASKING_INSURER, _ANSWERING = 0.75, 0.6, 0.6, 0.8
_SPENDING = 0.06  # a week
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
Act = Callable[..., Any]


def agree_on_scope(world: World, project_id: str, group_id: str) -> None:
    """Before the terms are accepted, most groups write down results and expenses."""
    rng = world.chance(f"scope:{project_id}")
    if rng.random() > _SCOPED:
        return

    def write(session: Session, now: datetime) -> None:
        need = session.get_one(Need, session.get_one(Project, project_id).need_id)
        known = project_scopes.in_force(session, need, project_id)
        data = {
            "deliverables": "\n".join(known.deliverables) or need.title,
            "expenses": rng.choice(words("scope_expenses")),
            "based_on": known.number,
        }
        project_scopes.write(session, now=now, data=data, **_group(world, project_id, group_id))

    world.do(write)


def plan(world: World, project_id: str, group_id: str, kick_off: date, ends: date) -> None:
    """The first meeting is fixed; steps are ticked week by week; half-way both sides speak."""
    rng = world.chance(f"plan:{project_id}")
    if rng.random() < _KICK_OFF:
        data = {"kind": StepKind.KICK_OFF, "due_on": kick_off, "at": "19:00",
                "place": words("places")[0]}  # fmt: skip
        world.at(world.day + 2 * _DAY, partial(_add, world, project_id, group_id, data))
    week = kick_off + _WEEK
    while week <= ends:
        world.at(week, partial(_tick, world, project_id, group_id))
        week += _WEEK
    for after, act in ((rng.randint(1, 9), _thank), (rng.randint(20, 50), _say_use)):
        world.at(ends + after * _DAY, partial(act, world, project_id, group_id))
    world.at(ends + 5 * _DAY, partial(_ask_insurer, world, project_id))


def _add(world: World, project_id: str, group_id: str, data: dict[str, Any]) -> None:
    who = _group(world, project_id, group_id)
    world.do(lambda session, now: plan_steps.add(session, now=now, data=data, **who))


def _tick(world: World, project_id: str, group_id: str) -> None:
    """Most of what is due is marked as done; the check half-way is spoken about."""
    rng = world.chance(f"tick:{project_id}:{world.day}")
    due = [
        step
        for step in world.look(lambda session: project_plans.steps_of(session, project_id))
        if step.done_on is None and step.due_on <= world.day
    ]
    for step in due:
        if step.kind == StepKind.MID_TERM:
            if world.day - step.due_on < _WEEK:
                _half_way(world, project_id, group_id, rng)
        elif step.kind != StepKind.DELIVERY and rng.random() < _TICKED:
            _mark(world, project_id, group_id, step)


def _mark(world: World, project_id: str, group_id: str, step: PlanStep) -> None:
    who = _group(world, project_id, group_id)
    world.do(
        lambda session, now: plan_steps.mark(
            session, now=now, today=world.day, step_id=step.id, done=True, **who
        )
    )


def _half_way(world: World, project_id: str, group_id: str, rng: Random) -> None:
    for actor in _sides(world, project_id):
        if rng.random() > _SPEAKING:
            continue
        on_track = rng.choice(("yes", "yes", "yes", "partly", "no"))
        hours = rng.choice(("right", "right", "right", "too_many", "too_few"))
        change = rng.choice(words("mid_term_changes")) if on_track != "yes" else ""
        data = {"on_track": on_track, "hours": hours, "change": change}
        who = _group(world, project_id, group_id) if actor is None else _person(project_id, actor)
        world.do(partial(_say, mid_terms.say, data=data, today=world.day, **who))
    world.at(world.day + 2 * _DAY, partial(_call, world, project_id))


def _call(world: World, project_id: str) -> None:
    world.do(
        lambda session, now: mid_terms.note_call(
            session, actor=world.coordinator, now=now, today=world.day, project_id=project_id
        )
    )


def hand_over_files(world: World, project_id: str, group_id: str) -> list[str]:
    """A file and a link at the delivery; answers which agreed results are there."""
    rng = world.chance(f"files:{project_id}")
    who = _group(world, project_id, group_id)
    text = standard().ja.encode()
    world.do(partial(_say, project_files.add_file, name="引き継ぎメモ.txt", content=text, **who))
    link = {"title": words("link"), "address": f"https://example.jp/{project_id}"}
    world.do(partial(_say, project_files.add_link, data=link, **who))
    return [str(place) for place in range(12) if place == 0 or rng.random() < 0.9]


def spend(world: World, project_id: str, member_id: str, company: bool, drawn: float) -> None:
    """Now and then somebody had an expense."""
    if drawn > _SPENDING:
        return
    purpose, yen = words("expense_purposes")[int(drawn * 1e6) % len(words("expense_purposes"))]
    payer = ("group", "group", "own", "company" if company else "own")[int(drawn * 1e4) % 4]
    data = {"spent_on": world.day, "yen": yen, "purpose": purpose, "payer": payer}

    def note(session: Session, now: datetime) -> None:
        member = session.get_one(ProjectMember, member_id)
        running = session.get_one(Project, project_id).state == ProjectState.IN_PROGRESS
        if running and member.left_on is None:
            expenses.note(
                session, actor=world.people[member.professional_id], now=now, today=world.day,
                project_id=project_id, data=data,
            )  # fmt: skip

    world.do(note)


def confirm_expenses(world: World, project_id: str, group_id: str) -> None:
    """The group confirms what was noted."""
    waiting = select(Expense.id).where(
        Expense.project_id == project_id, col(Expense.confirmed_at).is_(None)
    )
    ids = world.look(lambda session: list(session.exec(waiting.order_by(col(Expense.id)))))
    if ids:
        world.do(
            lambda session, now: expenses.confirm(
                session, now=now, today=world.day, project_id=project_id,
                data={"expense_ids": [str(each) for each in ids]}, **world.for_group(group_id),
            )
        )  # fmt: skip


def _thank(world: World, project_id: str, group_id: str) -> None:
    rng = world.chance(f"thanks:{project_id}")
    if not _over(world, project_id):
        return
    members = select(ProjectMember.id).where(ProjectMember.project_id == project_id)
    for member_id in world.look(
        lambda session: list(session.exec(members.order_by(col(ProjectMember.id))))
    ):
        if rng.random() < _THANKED:
            world.do(
                partial(
                    _say, thanks.write, project_id=project_id, member_id=member_id,
                    data={"text": rng.choice(words("thanks"))}, **world.for_group(group_id),
                )
            )  # fmt: skip


def _say_use(world: World, project_id: str, group_id: str) -> None:
    rng = world.chance(f"use:{project_id}")
    results = world.look(lambda session: deliverables.of_project(session, project_id))
    if not results or rng.random() > _USE:
        return
    evaluated = world.look(
        lambda session: session.exec(
            select(Outcome.used).where(Outcome.project_id == project_id, Outcome.side == Side.GROUP)
        ).first()
    )
    uses = ("not_used",) if evaluated is False else ("used", "used", "used", "partly")
    said = {
        row.id or 0: {"use": use, "note": words("use_notes")[use]}
        for row in results
        for use in [rng.choice(uses)]
    }
    world.do(
        partial(
            _say, deliverables.say_use, project_id=project_id, said=said, today=world.day,
            **world.for_group(group_id),
        )
    )  # fmt: skip


def _ask_insurer(world: World, project_id: str) -> None:
    """A coordinator asks about the doubtful days, of most projects."""
    rng = world.chance(f"insurer:{project_id}")
    log = world.look(
        lambda session: activity_logs.read(session, actor=world.coordinator, project_id=project_id)
    )
    ids = [str(day.entry_id) for day in log.days if day.open]
    if ids and rng.random() < _ASKING_INSURER:
        data = {
            "entry_ids": ids, "note": words("insurer"),
            "insurance": rng.choice(("covered", "covered", "not_covered")),
        }  # fmt: skip
        world.do(
            partial(_say, insurance.answer, actor=world.coordinator, project_id=project_id,
                    data=data)
        )  # fmt: skip


def look_back(world: World, project_id: str, group_id: str, months: int) -> None:
    """Half a year or a year after the delivery both sides answer, most of them."""
    rng = world.chance(f"follow up:{project_id}:{months}")
    project = world.look(lambda session: session.get_one(Project, project_id))
    if follow_ups.asked(project, world.day) != months:
        return
    for actor in _sides(world, project_id):
        if rng.random() > _ANSWERING:
            continue
        kind = "follow_up_group" if actor is None else "follow_up_member"
        data: dict[str, Any] = {
            "text": rng.choice(words(kind)), "again": rng.choice(("yes", "yes", "yes", "no"))
        }  # fmt: skip
        if actor is None:
            data["in_use"] = rng.choice(("used", "used", "partly", "not_used"))
        who = _group(world, project_id, group_id) if actor is None else _person(project_id, actor)
        world.do(partial(_say, follow_ups.say, data=data, today=world.day, **who))


def where(entry: dict[str, Any], drawn: float) -> dict[str, Any]:
    """Where the hours of a day were given, and the way there."""
    place = ("online", "online", "home", "city", "city", "outside")[int(drawn * 997) % 6]
    travel = 20 + int(drawn * 991) % 50 if place in ("city", "outside") else 0
    return {**entry, "place": place, "travel": travel}


def unconfirmed(session: Session, project_id: str) -> list[HoursEntry]:
    """Hours that wait for the group."""
    return list(
        session.exec(
            select(HoursEntry)
            .where(HoursEntry.project_id == project_id, col(HoursEntry.confirmed_at).is_(None))
            .order_by(col(HoursEntry.id))
        )
    )


def _say(act: Act, session: Session, now: datetime, **given: Any) -> Any:
    return act(session, now=now, **given)


def _over(world: World, project_id: str) -> bool:
    state = world.look(lambda session: session.get_one(Project, project_id).state)
    return state in follow_ups.ASKED


def _group(world: World, project_id: str, group_id: str) -> dict[str, Any]:
    return {"side": Side.GROUP, "project_id": project_id, **world.for_group(group_id)}


def _person(project_id: str, actor: Actor) -> dict[str, Any]:
    return {"side": Side.PROFESSIONAL, "project_id": project_id, "actor": actor}


def _sides(world: World, project_id: str) -> list[Actor | None]:
    """None for the group, and every professional on the project now."""
    there = select(ProjectMember.professional_id).where(
        ProjectMember.project_id == project_id, col(ProjectMember.left_on).is_(None)
    )
    ids = world.look(lambda session: list(session.exec(there.order_by(col(ProjectMember.id)))))
    return [None, *(world.people[each] for each in ids if each in world.people)]
