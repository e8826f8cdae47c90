"""Projects as they go: terms, goal, hours week by week, delivery, evaluation, follow-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import (
    Consent,
    Need,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
    Role,
    Side,
)
from matchmaker.sample.pools import pool
from matchmaker.sample.told import told, voice
from matchmaker.sample.year import accompanied, cases
from matchmaker.sample.year.world import World, words
from matchmaker.services import (
    certificates,
    consents,
    follow_ups,
    hours,
    outcomes,
    project_desk,
    project_messages,
    project_steps,
    project_terms,
)
from matchmaker.services.actors import Actor

_CONSENTING = 0.75
_A_WITHDRAWAL = 4  # one consent in so many is withdrawn
_LEAVING, _SILENT = 0.06, 0.1
_A_REST, _AN_END = 11, 16  # one project in so many rests, is given up
_COMPANY_TIME = 0.35
_CORRECTED, _QUOTABLE, _CLOSED = 0.03, 0.7, 0.1
_TOLD = 0.4  # finished projects that become a case
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Member:
    """Somebody on a project as their week sees it."""

    id: str
    person_id: str
    company: bool
    minutes: int
    joined_on: date


def follow_new(world: World, known: set[str]) -> None:
    """Look after everything that was agreed since the last time: projects, and later members."""
    rows = world.look(
        lambda session: session.exec(
            select(ProjectMember.id, Project.id)
            .join(Project, col(Project.id) == ProjectMember.project_id)
            .where(col(ProjectMember.proposal_id).is_not(None))
            .order_by(col(Project.id), col(ProjectMember.id))
        ).all()
    )
    for member_id, project_id in rows:
        if project_id not in known:
            known.add(project_id)
            _plan(world, project_id)
        if member_id not in known:
            known.add(member_id)
            _welcome(world, project_id, member_id)


def _plan(world: World, project_id: str) -> None:
    """Note the days of a project: terms, kick-off, delivery, and what may come between."""
    rng = world.chance(f"project:{project_id}")
    need = world.look(
        lambda session: session.get_one(Need, session.get_one(Project, project_id).need_id)
    )
    group_id, weeks = need.group_id, need.weeks or _weeks(need) or 8
    kick_off = world.day + timedelta(days=rng.randint(5, 18))
    ends = kick_off + weeks * _WEEK + timedelta(days=rng.randint(-3, 10))
    later = partial(_later, world, project_id)
    later(world.day + timedelta(days=rng.randint(1, 4)), _agree, Side.GROUP, None)
    later(kick_off, _begin, group_id, told(need.menu, "goal"))
    later(world.day, accompanied.agree_on_scope, group_id)
    for month in range(1, weeks // 4 + 2):
        later(kick_off + month * 4 * _WEEK, _confirm, group_id)
    middle = kick_off + weeks // 2 * _WEEK
    later(middle, _write, group_id, rng.choice(words("messages")))
    if world.every("given up", _AN_END):
        later(middle, _desk, project_desk.cancel, words("cancelled"))
        return
    if world.every("rests", _A_REST):
        later(middle, _desk, project_desk.pause, words("paused"))
        later(middle + 3 * _WEEK, _desk, project_desk.resume, words("resumed"))
        ends += 3 * _WEEK
    accompanied.plan(world, project_id, group_id, kick_off, ends)
    later(ends, _deliver, group_id, told(need.menu, "delivered"))
    later(ends + timedelta(days=rng.randint(1, 3)), _confirm, group_id)
    if rng.random() > _SILENT:
        later(ends + timedelta(days=rng.randint(4, 14)), _group_evaluates, group_id)
        if rng.random() < _TOLD:
            later(ends + timedelta(days=50), cases.tell, group_id)
    later(ends + timedelta(days=45), _conclude)
    for months in follow_ups.MONTHS:
        day = ends + timedelta(days=31 * months + rng.randint(1, 20))
        later(day, accompanied.look_back, group_id, months)
    if rng.random() < _CLOSED:
        later(ends + timedelta(days=60), _desk, project_desk.close, words("closed"))


def _conclude(world: World, project_id: str) -> None:
    """Whoever has not evaluated by now is not waited for."""
    state = world.look(lambda session: session.get_one(Project, project_id).state)
    if state == ProjectState.DELIVERED:
        _desk(world, project_id, project_desk.conclude, words("concluded"))


def _weeks(need: Need) -> int | None:
    if need.starts_on is None or need.ends_on is None:
        return None
    return ((need.ends_on - need.starts_on).days + 1) // 7


def _later(world: World, project_id: str, day: date, act: Callable[..., None], *given: Any) -> None:
    world.at(day, partial(act, world, project_id, *given))


def _version(session: Session, project_id: str) -> int:
    return session.get_one(Project, project_id).version


def _welcome(world: World, project_id: str, member_id: str) -> None:
    """Somebody joined: terms, perhaps the employer's consent, and their weeks from now on."""
    rng = world.chance(f"member:{member_id}")
    member = world.look(partial(_member, member_id))
    later = partial(_later, world, project_id)
    later(world.day + timedelta(days=rng.randint(1, 5)), _agree, Side.PROFESSIONAL, member)
    if member.company:
        _ask_for_consent(world, rng, member)
    pays = member.company and rng.random() < _COMPANY_TIME
    for week in range(60):
        later(world.day + week * _WEEK + timedelta(days=rng.randint(0, 6)), _log, member, pays,
              rng.random())  # fmt: skip
    if rng.random() < _LEAVING:
        later(world.day + timedelta(days=rng.randint(30, 60)), _leave, member)
    watch = partial(_evaluates_when_delivered, world, project_id, member)
    world.at(world.day + timedelta(days=10), watch)


def _member(member_id: str, session: Session) -> Member:
    row = session.get_one(ProjectMember, member_id)
    role = session.get(Role, row.role_id) if row.role_id else None
    minutes = row.minutes_per_week or int(60 * (role.hours_per_week or 2 if role else 2))
    return Member(row.id, row.professional_id, row.company_id is not None, minutes, row.joined_on)


def _ask_for_consent(world: World, rng: Random, member: Member) -> None:
    def give(session: Session, now: datetime) -> None:
        person = session.get_one(Professional, member.person_id)
        asked = session.exec(
            select(Consent.id).where(Consent.professional_id == person.id,
                                     Consent.company_id == person.company_id)
        ).first()  # fmt: skip
        if person.company_id is None or asked is not None or rng.random() > _CONSENTING:
            return
        consents.give_employer_report(
            session, actor=world.people[person.id], now=now, today=world.day,
            professional_id=person.id, company_id=person.company_id,
        )  # fmt: skip
        if world.every("consent", _A_WITHDRAWAL):
            company_id = person.company_id
            world.at(world.day + timedelta(days=60),
                     lambda: _withdraw(world, member.person_id, company_id))  # fmt: skip

    world.do(give)


def _withdraw(world: World, person_id: str, company_id: str) -> None:
    world.do(
        lambda session, now: consents.withdraw_employer_report(
            session, actor=world.people[person_id], now=now, professional_id=person_id,
            company_id=company_id,
        )
    )  # fmt: skip


def _voice(world: World, session: Session, project_id: str, side: Side, member: Member | None
           ) -> dict[str, Any]:  # fmt: skip
    if side == Side.PROFESSIONAL and member is not None:
        return {"actor": world.people[member.person_id]}
    return world.for_group(session.get_one(Project, project_id).group_id)


def _agree(world: World, project_id: str, side: Side, member: Member | None) -> None:
    def agree(session: Session, now: datetime) -> None:
        voice = _voice(world, session, project_id, side, member)
        sheet = project_terms.sheet(session, actor=voice["actor"], side=side, project_id=project_id)
        project_terms.accept(
            session, now=now, side=side, project_id=project_id,
            data={"number": sheet.words.number, "scope": sheet.scope.number}, **voice,
        )  # fmt: skip

    world.do(agree)


def _begin(world: World, project_id: str, group_id: str, goal: str) -> None:
    world.do(
        lambda session, now: project_steps.begin(
            session, now=now, today=world.day, side=Side.GROUP, project_id=project_id,
            data={"version": _version(session, project_id), "text": goal},
            **world.for_group(group_id),
        )
    )  # fmt: skip


def _write(world: World, project_id: str, group_id: str, text: str) -> None:
    if group_id not in world.groups:
        return  # they telephone
    world.do(
        lambda session, now: project_messages.write(
            session, actor=world.groups[group_id], now=now, side=Side.GROUP,
            project_id=project_id, data={"text": text},
        )
    )  # fmt: skip


def _desk(world: World, project_id: str, act: Callable[..., Project], reason: str) -> None:
    world.do(
        lambda session, now: act(
            session, actor=world.coordinator, now=now, today=world.day, project_id=project_id,
            data={"version": _version(session, project_id), "reason": reason},
        )
    )  # fmt: skip


def _leave(world: World, project_id: str, member: Member) -> None:
    def leave(session: Session, now: datetime) -> None:
        row = session.get_one(ProjectMember, member.id)
        if row.left_on is None and _running(session, project_id):
            project_desk.leave(
                session, actor=world.coordinator, now=now, today=world.day,
                project_id=project_id, member_id=member.id,
                data={"version": _version(session, project_id), "reason": words("left"),
                      "replace": True},
            )  # fmt: skip

    world.do(leave)


def _running(session: Session, project_id: str) -> bool:
    return session.get_one(Project, project_id).state == ProjectState.IN_PROGRESS


def _log(world: World, project_id: str, member: Member, pays: bool, drawn: float) -> None:
    """A week's hours, if the work has begun and the person is still there."""

    def log(session: Session, now: datetime) -> None:
        row = session.get_one(ProjectMember, member.id)
        if drawn > 0.85 or row.left_on is not None or not _running(session, project_id):
            return
        minutes = max(30, member.minutes + 30 * (int(drawn * 1000) % 5 - 2))
        paid = pays and world.day.weekday() < 5
        notes = pool("past")["notes"]
        hours.log(
            session, actor=world.people[member.person_id], now=now, today=world.day,
            project_id=project_id,
            data=accompanied.where({
                "worked_on": world.day, "hours": minutes // 60, "minutes": minutes % 60,
                "payer": "company" if paid else "own",
                "note": notes[int(drawn * 10_000) % len(notes)],
            }, drawn),
        )  # fmt: skip

    world.do(log)
    accompanied.spend(world, project_id, member.id, member.company, drawn)


def _confirm(world: World, project_id: str, group_id: str) -> None:
    """The group confirms what is waiting, and now and then corrects an entry."""
    rng = world.chance(f"confirm:{project_id}:{world.day}")
    accompanied.confirm_expenses(world, project_id, group_id)

    def confirm(session: Session, now: datetime) -> None:
        waiting = accompanied.unconfirmed(session, project_id)
        voice = world.for_group(group_id)
        right = []
        for entry in waiting:
            if entry.minutes > 60 and rng.random() < _CORRECTED:
                less = entry.minutes - 30
                data = {"hours": less // 60, "minutes": less % 60, "why": words("corrected")}
                hours.correct(
                    session, now=now, today=world.day, entry_id=entry.id or 0, data=data, **voice
                )
            else:
                right.append(str(entry.id))
        if right:
            hours.confirm(
                session, now=now, today=world.day, project_id=project_id,
                data={"entry_ids": right}, **voice,
            )  # fmt: skip

    world.do(confirm)


def _deliver(world: World, project_id: str, group_id: str, text: str) -> None:
    there = accompanied.hand_over_files(world, project_id, group_id)
    world.do(
        lambda session, now: project_steps.deliver(
            session, now=now, today=world.day, side=Side.GROUP, project_id=project_id,
            data={"version": _version(session, project_id), "text": text, "handed_over": there},
            **world.for_group(group_id),
        )
    )  # fmt: skip


def said_of(world: World, project_id: str, side: str, rng: Random) -> str:
    """What one side says: of this kind of work, or what anybody may say."""
    menu = world.look(
        lambda session: session.get_one(Need, session.get_one(Project, project_id).need_id).menu
    )
    return voice(menu, side, rng)


def _group_evaluates(world: World, project_id: str, group_id: str) -> None:
    rng = world.chance(f"group says:{project_id}")
    goal = rng.choice((3, 4, 4, 4, 5, 5))
    said = said_of(world, project_id, "group", rng)
    data = {
        "goal": goal, "relation": rng.choice((4, 4, 5, 5)), "again": "yes" if goal > 3 else "no",
        "used": "yes" if goal > 3 or rng.random() < 0.5 else "no",
        "comment": said, "quotable": rng.random() < _QUOTABLE,
    }  # fmt: skip
    world.do(
        lambda session, now: outcomes.evaluate(
            session, now=now, side=Side.GROUP, project_id=project_id, data=data,
            **world.for_group(group_id),
        )
    )  # fmt: skip


def _evaluates_when_delivered(world: World, project_id: str, member: Member) -> None:
    """Somebody looks every ten days; once the work is handed over they say how it was."""
    state = world.look(lambda session: session.get_one(Project, project_id).state)
    if state in (ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED):
        again = partial(_evaluates_when_delivered, world, project_id, member)
        world.at(world.day + timedelta(days=10), again)
        return
    rng = world.chance(f"member says:{member.id}")
    if state == ProjectState.CANCELLED or rng.random() < _SILENT:
        return
    goal = rng.choice((3, 4, 4, 5, 5))
    said = said_of(world, project_id, "member", rng)
    data = {
        "goal": goal, "relation": rng.choice((3, 4, 5, 5)), "again": "yes" if goal > 3 else "no",
        "comment": said,
        "quotable": rng.random() < _QUOTABLE,
    }  # fmt: skip
    actor = world.people[member.person_id]
    world.do(
        lambda session, now: outcomes.evaluate(
            session, actor=actor, now=now, side=Side.PROFESSIONAL, project_id=project_id, data=data
        )
    )
    if rng.random() < 0.5:
        world.at(world.day + timedelta(days=7), partial(_certify, world, project_id, actor))


def _certify(world: World, project_id: str, actor: Actor) -> None:
    world.do(
        lambda session, now: certificates.issue(
            session, actor=actor, now=now, today=world.day, project_id=project_id
        )
    )
