"""What the background worker does: every kind of job, and what is due as time passes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from matchmaker.db import SessionFactory
from matchmaker.jobs import Chore, Handler
from matchmaker.services import (
    closer_asks,
    closer_look,
    deadlines,
    digests,
    follow_up_letters,
    hour_reminders,
    imports,
    new_needs,
    profiles,
    project_reminders,
    rounds,
)
from matchmaker.services.computing import compute_round

EVERY = timedelta(minutes=10)


def handlers() -> dict[str, Handler]:
    """Kind of job → who does it."""
    looks = {**closer_look.HANDLERS, **closer_asks.HANDLERS}
    return {rounds.COMPUTE: compute_round, **looks, **imports.HANDLERS}


def chores(factory: SessionFactory, *, time_zone: str = "Asia/Tokyo") -> tuple[Chore, ...]:
    """What the worker looks after between jobs, by the city's days: dates, rests, reminders."""
    zone = ZoneInfo(time_zone)
    return (_dates(factory, zone), _weekly(factory, zone))


def _weekly(factory: SessionFactory, zone: ZoneInfo) -> Chore:
    told: list[datetime] = []

    def chore(now: datetime) -> bool:
        week = new_needs.week_end(now, zone)
        if told != [week]:
            new_needs.tell(factory, now=now, zone=zone)
            told[:] = [week]
        return False

    return chore


def _dates(factory: SessionFactory, zone: ZoneInfo) -> Chore:
    looked: list[datetime] = []

    def chore(now: datetime) -> bool:
        if looked and timedelta(0) <= now - looked[0] < EVERY:
            return False
        looked[:] = [now]
        today = now.astimezone(zone).date()
        deadlines.expire_offers(factory, now=now, today=today)
        deadlines.remind(factory, now=now, today=today)
        hour_reminders.remind(factory, now=now, today=today)
        project_reminders.remind(factory, now=now, today=today)
        follow_up_letters.remind(factory, now=now, today=today)
        deadlines.rest_outdated(factory, now=now, today=today)
        profiles.end_rests(factory, now=now, today=today)
        digests.collect(factory, now=now, zone=zone)
        return False

    return chore
