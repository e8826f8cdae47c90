"""The demonstration: the sample city in the tables, its round computed through the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session, func, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.jobs import run_next
from matchmaker.models import Group, Indicator, Round, ids_from
from matchmaker.sample.accounts import add_people, add_staff
from matchmaker.sample.company import begin_programme
from matchmaker.sample.generate import generate, generate_with_later
from matchmaker.sample.load import load_city
from matchmaker.sample.pools import stream
from matchmaker.sample.year import Lived, live
from matchmaker.sample.year.rounds import name_of
from matchmaker.services import rounds
from matchmaker.services.accounts import actor_of
from matchmaker.services.computing import compute_round
from matchmaker.services.fiscal import first_day, fiscal_year
from matchmaker.services.indicators import EMPLOYERS

JAPAN = ZoneInfo("Asia/Tokyo")
_NEEDS_A_MONTH, _PEOPLE_A_MONTH = 5, 1


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
    with transaction(factory) as session:
        load_city(session, generate(as_of=_day(now)), now=now)
        coordinator = add_staff(session, now=now)["coordinator"].id
    return _round_of_now(
        factory, coordinator, now, f"{_day(now).year}年 {_season(_day(now).month)}の回"
    )


def build_lived(
    factory: SessionFactory, *, now: datetime, months: Callable[[date], None] = lambda day: None
) -> tuple[Told, Lived]:
    """Fill empty tables with a city that has lived from the first day of the fiscal year before
    this one until yesterday, and leave today's round ready for review.

    Every act went through the services. The same day always gives the same city, but for
    passwords. ``months`` hears of every first day of a month.
    """
    last = _day(now) - timedelta(days=1)
    first = first_day(fiscal_year(last) - 1)
    lived_months = (last.year - first.year) * 12 + last.month - first.month
    city, later = generate_with_later(
        as_of=first,
        later_needs=_NEEDS_A_MONTH * lived_months,
        later_people=_PEOPLE_A_MONTH * lived_months,
    )
    begin = datetime.combine(first, time(0), UTC)
    with ids_from(stream(city.seed, "ids")):
        with transaction(factory) as session:
            load_city(session, city, now=begin)
            staff = add_staff(session, now=begin)
            coordinator, officer = (
                actor_of(session, account_id=staff[name].id) for name in ("coordinator", "city")
            )
        lived = live(
            factory, later, seed=city.seed, first=first, last=last, coordinator=coordinator,
            officer=officer, told=months,
        )  # fmt: skip
        return _round_of_now(factory, staff["coordinator"].id, now, name_of(_day(now))), lived


def _day(now: datetime) -> date:
    return now.astimezone(JAPAN).date()


def _season(month: int) -> str:
    return ("冬", "春", "夏", "秋")[month % 12 // 3]


def _round_of_now(factory: SessionFactory, coordinator: str, now: datetime, name: str) -> Told:
    today = _day(now)
    with transaction(factory) as session:
        actor = actor_of(session, account_id=coordinator)
        row = rounds.create(session, actor=actor, now=now, today=today, data={"name": name})
        rounds.request_computation(
            session, actor=actor, now=now, round_id=row.id, version=row.version
        )
    run_next(
        factory,
        {rounds.COMPUTE: partial(compute_round, clock=lambda: now)},
        clock=lambda: now,
    )
    with transaction(factory) as session:
        add_people(session, now=now)
        begin_programme(session, now=now, today=today)
        return _told(session, row.id)


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
