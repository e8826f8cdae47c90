"""Small worlds that several tests begin from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from matchmaker.db import session_factory
from matchmaker.jobs import Worker
from matchmaker.models import (
    Account,
    Company,
    Group,
    Need,
    Professional,
    ProfessionalSkill,
    Proposal,
    Role,
    Round,
    Wish,
)
from matchmaker.services import closer_asks, closer_look, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.computing import compute_round
from tests import factories as f

TODAY = date(2026, 11, 2)


@dataclass
class City:
    """Two needs and four people: 会計 (two seats, the second optional) and チラシ (one seat).

    水野 fits the accounts best, レ helps there, 加藤 can do the leaflet and 佐藤 could do it too.
    """

    coordinator: Account
    actor: Actor
    accounts: Need
    leaflet: Need
    lead: Role
    helper: Role
    designer: Role
    mizuno: Professional
    le: Professional
    kato: Professional
    sato: Professional
    groups: tuple[Group, Group]
    company: Company


def city(session: Session) -> City:
    """The world of ``City``, not committed."""
    coordinator = f.staff(session, name="伊藤 結衣")
    for code, name in (("accounting", "会計"), ("spreadsheet", "表計算"), ("leaflets", "チラシ")):
        f.skill(session, code, label_ja=name)
    company = f.company(session, name="みほん製作所")
    kitchen = f.group(session, name="ひだまり食堂の会", waiting_since=date(2026, 6, 1))
    council = f.group(session, name="楠まつり実行委員会", waiting_since=date(2026, 8, 1))
    accounts = f.need(
        session, kitchen, title="寄付の管理を楽にしたい", form="team", urgency="urgent"
    )
    leaflet = f.need(session, council, title="まつりのチラシをつくりたい")
    world = City(
        coordinator=coordinator,
        actor=f.actor(session, coordinator),
        accounts=accounts,
        leaflet=leaflet,
        lead=f.role(session, accounts, ("accounting",), title="会計の見直し"),
        helper=f.role(session, accounts, ("spreadsheet",), title="表計算", essential=False),
        designer=f.role(session, leaflet, ("leaflets",), title="デザイン"),
        mizuno=person(session, "水野 陽子", "みずの ようこ", accounting=4, company_id=company.id),
        le=person(session, "レ・ティ・ハー", "れ てぃ はー", spreadsheet=2),
        kato=person(session, "加藤 誠", "かとう まこと", leaflets=3),
        sato=person(session, "佐藤 健", "さとう けん", accounting=1, leaflets=1),
        groups=(kitchen, council),
        company=company,
    )
    wishes = ((world.mizuno, accounts), (world.le, accounts), (world.kato, leaflet))
    for who, need in wishes:
        f.add(session, Wish(professional_id=who.id, need_id=need.id, rank=1))
    return world


def person(session: Session, name: str, kana: str = "", **given: Any) -> Professional:
    """A professional; keywords that are numbers from 1 to 4 are levels of skills."""
    skills = {code: level for code, level in given.items() if isinstance(level, int)}
    rest = {name: value for name, value in given.items() if name not in skills}
    row = f.professional(session, name=name, kana=kana, **rest)
    for code, level in skills.items():
        f.skill(session, code)
        f.add(session, ProfessionalSkill(professional_id=row.id, skill=code, level=level))
    return row


def start_round(session: Session, actor: Actor, now: datetime, **data: Any) -> Round:
    """A round whose computation was asked for; commits."""
    row = rounds.create(
        session, actor=actor, now=now, today=TODAY, data={"name": "2026年 秋の回", **data}
    )
    rounds.request_computation(session, actor=actor, now=now, round_id=row.id, version=row.version)
    session.commit()
    return row


def work_off(engine: Engine, now: datetime) -> None:
    """Let the worker do all computations that are due at this moment."""
    handler = partial(compute_round, clock=lambda: now)
    Worker(session_factory(engine), {rounds.COMPUTE: handler}, clock=lambda: now).work_off()


def look_closer(engine: Engine, now: datetime) -> None:
    """Let the worker find out how sure proposals are and what would help those who wait."""
    now += timedelta(minutes=10)
    handlers = {
        kind: partial(handler, clock=lambda: now)
        for kind, handler in {**closer_look.HANDLERS, **closer_asks.HANDLERS}.items()
    }
    Worker(session_factory(engine), handlers, clock=lambda: now).work_off()


def computed_round(session: Session, actor: Actor, now: datetime, **data: Any) -> Round:
    """A round in review; commits."""
    row = start_round(session, actor, now, **data)
    work_off(session.get_bind(), now)  # type: ignore[arg-type]
    session.refresh(row)
    session.commit()
    return row


def recompute(session: Session, actor: Actor, now: datetime, row: Round) -> Round:
    """The round computed anew, a minute later; commits."""
    later = now + timedelta(minutes=1)
    rounds.request_computation(
        session, actor=actor, now=later, round_id=row.id, version=row.version
    )
    session.commit()
    work_off(session.get_bind(), later)  # type: ignore[arg-type]
    session.expire_all()
    found = session.get_one(Round, row.id)
    session.commit()
    return found


def seats(session: Session, row: Round) -> dict[tuple[str, str], Proposal]:
    """(professional, role) → proposal of a round, whatever its state."""
    found = session.exec(select(Proposal).where(Proposal.round_id == row.id))
    return {(each.professional_id, each.role_id): each for each in found}
