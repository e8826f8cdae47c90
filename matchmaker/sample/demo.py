"""The demonstration: the sample city in the tables, its round computed through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, func, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.jobs import run_next
from matchmaker.models import Group, Indicator, Round
from matchmaker.sample.accounts import add_people, add_staff
from matchmaker.sample.generate import generate
from matchmaker.sample.load import load_city
from matchmaker.services import rounds
from matchmaker.services.accounts import actor_of
from matchmaker.services.computing import compute_round
from matchmaker.services.indicators import EMPLOYERS

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Told:
    """What the demonstration's first lines say; pairs are (reached, of how many)."""

    professionals: int
    groups: int
    needs: tuple[int, int]
    urgent: tuple[int, int]
    groups_served: tuple[int, int]
    people: tuple[int, int]
    employers: tuple[int, int]  # now, expected with this round
    target: int
    proven: bool
    seconds: float


def build(factory: SessionFactory, *, now: datetime) -> Told:
    """Fill empty tables with the sample city and leave its round ready for review."""
    today = now.astimezone(JAPAN).date()
    with transaction(factory) as session:
        load_city(session, generate(as_of=today), now=now)
        coordinator = add_staff(session, now=now)
        actor = actor_of(session, account_id=coordinator.id)
        name = f"{today.year}年 {_season(today.month)}の回"
        row = rounds.create(session, actor=actor, now=now, today=today, data={"name": name})
        rounds.request_computation(
            session, actor=actor, now=now, round_id=row.id, version=row.version
        )
    run_next(factory, {rounds.COMPUTE: compute_round})
    with transaction(factory) as session:
        add_people(session, now=now)
        return _told(session, row.id)


def _season(month: int) -> str:
    return ("冬", "春", "夏", "秋")[month % 12 // 3]


def _told(session: Session, round_id: str) -> Told:
    row = session.get_one(Round, round_id)
    indicator = session.get_one(Indicator, EMPLOYERS)

    def pair(name: str) -> tuple[int, int]:
        first, second = row.measures[name]
        return first, second

    return Told(
        professionals=pair("people")[1],
        groups=session.exec(select(func.count()).select_from(Group)).one(),
        needs=pair("needs"),
        urgent=pair("urgent"),
        groups_served=pair("groups"),
        people=pair("people"),
        employers=pair("employers"),
        target=indicator.target,
        proven=bool(row.proof["proven"]),
        seconds=sum(row.seconds.values()),
    )
