"""Needs as their groups write them: handed in, returned, opened, withdrawn, given new dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from matchmaker.models import Need, NeedState, Project, Proposal, ProposalState
from matchmaker.sample.needs import Need as Story
from matchmaker.sample.year.world import World, words
from matchmaker.services import checks, need_roles, need_wizard, needs, replies
from matchmaker.services.need_drafts import roles_of
from matchmaker.services.need_entries import (
    Answers,
    AskedSkill,
    FormAndSize,
    RoleEntry,
    Schedule,
)
from matchmaker.services.need_entries import Story as Told
from matchmaker.services.readiness import QUESTIONS
from matchmaker.taxonomy.goals import goals_served

_RETURNED, _NAMES_GOALS = 0.1, 0.25
_PATIENCE, _GIVING_UP, _RENEWING = timedelta(days=120), 0.4, 0.6
_CALLED = timedelta(days=30)


def write_need(world: World, story: Story) -> None:
    """A group writes a need from its menu and hands it in; a coordinator opens it days later."""
    rng = world.chance(f"need:{story.id}")

    def write(session: Session, now: datetime) -> str:
        voice = world.for_group(story.group.id)
        need = need_wizard.start(
            session, now=now, group_id=story.group.id, menu=story.story["menu"], language="ja",
            **voice,
        )  # fmt: skip
        _fill(session, world, need, story, now)
        needs.submit(session, now=now, need_id=need.id, version=need.version, **voice)
        return need.id

    need_id = world.do(write)
    if need_id is None:
        return
    checked = world.day + timedelta(days=rng.randint(1, 5))
    if rng.random() < _RETURNED:
        world.at(checked, lambda: _return(world, need_id))
        world.at(checked + timedelta(days=4), lambda: _hand_in_again(world, need_id))
        checked += timedelta(days=6)
    world.at(checked, lambda: _open(world, need_id))


def _fill(session: Session, world: World, need: Need, written: Story, now: datetime) -> None:
    voice, story = world.for_group(written.group.id), written.story
    given = {"now": now, "need_id": need.id, **voice}
    need_wizard.save_form(
        session, **given, command=FormAndSize(
            form=story["form"], weeks=story["weeks"],
            hours_per_week=max(role["hours_per_week"] for role in story["roles"]),
            version=need.version,
        ),
    )  # fmt: skip
    texts = written.texts()
    fields = written.group.pattern["fields"].split(";")
    usual = sorted(goals_served(fields))
    names = world.chance(f"goals:{written.id}").random() < _NAMES_GOALS
    need_wizard.save_story(
        session, **given, command=Told(
            title=texts["title_ja"], summary=texts["summary_ja"],
            deliverable=texts["deliverable_ja"], gain=texts["gain_ja"],
            fields=fields, goals=[str(usual[0])] if names else [], version=need.version,
        ),
    )  # fmt: skip
    for role in roles_of(session, need.id):
        need_roles.remove_role(session, **given, role_id=role.id, version=need.version)
    for role in story["roles"]:
        need_roles.save_role(
            session, **given, role_id=None, command=RoleEntry(
                title=role["title_ja"], seats=role["seats"], essential=role["essential"],
                hours_per_week=role["hours_per_week"],
                skills=[
                    AskedSkill(skill=asked["skill"], min_level=asked["min_level"],
                               essential=asked["essential"])
                    for asked in role["skills"]
                ],
                version=need.version,
            ),
        )  # fmt: skip
    urgent = story["urgency"] == "urgent"
    need_wizard.save_schedule(
        session, **given, command=Schedule(
            starts_on=world.day + timedelta(days=35),
            ends_on=world.day + timedelta(days=34 + 7 * story["weeks"]),
            slots=[slot for slot in story.get("slots", "").split(";") if slot],
            mode=story["mode"], district=story.get("district", written.group.district),
            urgency=story["urgency"],
            urgency_reason=words("urgent") if urgent else "",
            version=need.version,
        ),
    )  # fmt: skip
    answers = dict.fromkeys(QUESTIONS, True)
    need_wizard.save_readiness(session, **given, command=Answers(**answers, version=need.version))


def _return(world: World, need_id: str) -> None:
    def send_back(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        comment = checks.Comment(
            comment="できあがるものを、もう少し具体的にお書きください。", version=need.version
        )
        checks.return_need(
            session, actor=world.coordinator, now=now, need_id=need_id, command=comment
        )

    world.do(send_back)


def _hand_in_again(world: World, need_id: str) -> None:
    def submit(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        needs.submit(
            session, now=now, need_id=need_id, version=need.version,
            **world.for_group(need.group_id),
        )  # fmt: skip

    world.do(submit)


def _open(world: World, need_id: str) -> None:
    def check(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        checks.open_need(
            session, actor=world.coordinator, now=now, today=world.day, need_id=need_id,
            version=need.version,
        )  # fmt: skip

    world.do(check)


def stop_waiting(world: World) -> None:
    """Some groups whose need has been open for long find another way and withdraw it; so does
    whoever names no new dates, once a coordinator has called."""
    rng = world.chance(f"waiting:{world.day}")
    since = datetime.combine(world.day - _PATIENCE, time(0), UTC)
    rests = and_(col(Need.state) == NeedState.PAUSED, col(Need.ends_on) < world.day - _CALLED)
    opened = and_(col(Need.state) == NeedState.OPEN, col(Need.opened_at) < since)
    waiting = world.look(
        lambda session: session.exec(
            select(Need).where(or_(rests, opened)).order_by(col(Need.id))
        ).all()
    )
    for need in waiting:
        if need.state == NeedState.PAUSED or rng.random() < _GIVING_UP:
            why = words("over" if need.state == NeedState.PAUSED else "withdrawn")
            _withdraw(world, need.id, need.group_id, why)


def _withdraw(world: World, need_id: str, group_id: str, why: str) -> None:
    def withdraw(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        needs.withdraw(
            session, now=now, need_id=need_id,
            command=needs.Reason(reason=why, version=need.version),
            **world.for_group(group_id),
        )  # fmt: skip

    world.do(withdraw)


def after_the_dates(world: World) -> None:
    """A week after a need's dates were over its group offers it again, or waits for a call; where
    people had said yes to half a team, the coordinator takes that back first."""
    _take_back_half_teams(world)
    over = world.day - timedelta(days=8)
    for need in world.look(partial(_resting, over)):
        if world.chance(f"over:{need.id}:{over}").random() < _RENEWING:
            world.do(partial(_renew, world, need.id))


def _resting(over: date, session: Session) -> Sequence[Need]:
    return session.exec(
        select(Need)
        .where(Need.state == NeedState.PAUSED, Need.ends_on == over)
        .order_by(col(Need.id))
    ).all()


def _renew(world: World, need_id: str, session: Session, now: datetime) -> None:
    need = session.get_one(Need, need_id)
    needs.renew(
        session, now=now, today=world.day, need_id=need_id, version=need.version,
        **world.for_group(need.group_id),
    )  # fmt: skip


def _take_back_half_teams(world: World) -> None:
    late = world.day - timedelta(days=3)
    found = world.look(
        lambda session: session.exec(
            select(Proposal.id)
            .join(Need, col(Need.id) == Proposal.need_id)
            .where(Need.state == NeedState.OPEN, col(Need.ends_on) <= late)
            .where(Proposal.state == ProposalState.CONFIRMED)
            .where(col(Need.id).not_in(select(Project.need_id)))
            .order_by(col(Proposal.id))
        ).all()
    )
    for proposal_id in found:
        world.do(partial(_take_back, world, proposal_id))


def _take_back(world: World, proposal_id: str, session: Session, now: datetime) -> None:
    row = session.get_one(Proposal, proposal_id)
    replies.withdraw(
        session, actor=world.coordinator, now=now, today=world.day, proposal_id=proposal_id,
        data={"version": row.version, "reason": "circumstances", "note": words("half_team")},
    )  # fmt: skip
