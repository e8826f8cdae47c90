"""The days of the invented city: what is due when, who acts, and the chance of it all."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from sqlalchemy import update
from sqlmodel import Session, col

from matchmaker.db import SessionFactory, transaction
from matchmaker.errors import Conflict
from matchmaker.models import Notice, NoticeState
from matchmaker.sample.pools import pool, stream
from matchmaker.services.actors import Actor
from matchmaker.services.on_behalf import OnBehalf

Given = TypeVar("Given")
_BETWEEN_ACTS = timedelta(seconds=20)
_MORNING = time(0, 30)  # in UTC: half past nine in Japan


@dataclass
class World:
    """The city as it lives. ``refused``: code of a refusal → how often somebody met it."""

    factory: SessionFactory
    day: date
    seed: int
    coordinator: Actor
    officer: Actor
    people: dict[str, Actor] = field(default_factory=dict)
    groups: dict[str, Actor] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    _told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.first = self.day
        self._agenda: list[tuple[date, int, Callable[[], None]]] = []
        self._order = count()
        self._now = datetime.combine(self.day, _MORNING, UTC)

    def chance(self, part: str) -> Random:
        """A stream of chance of its own for each part of life."""
        return stream(self.seed, f"year:{part}")

    def every(self, what: str, many: int) -> bool:
        """Whether this is one in ``many``: what is rare still happens in every life."""
        self._told[what] += 1
        return self._told[what] % many == 0

    def at(self, day: date, act: Callable[[], None]) -> None:
        """Note something to be done on a day; what is noted for a day that is over is done now."""
        heapq.heappush(self._agenda, (max(day, self.day), next(self._order), act))

    def on(self, day: date) -> None:
        """A day passes: everything that is due is done, and the mail goes out."""
        self.day, self._now = day, datetime.combine(day, _MORNING, UTC)
        while self._agenda and self._agenda[0][0] <= day:
            heapq.heappop(self._agenda)[2]()
        with transaction(self.factory) as session:
            session.execute(
                update(Notice)
                .where(col(Notice.state) == NoticeState.WAITING)
                .values(state=NoticeState.SENT, sent_at=self.now())
            )

    def now(self) -> datetime:
        """The moment of the next act."""
        self._now += _BETWEEN_ACTS
        return self._now

    def do(self, act: Callable[[Session, datetime], Given]) -> Given | None:
        """One act, whole or not at all; None where it was refused because things had changed."""
        try:
            with transaction(self.factory) as session:
                return act(session, self.now())
        except Conflict as refusal:
            self.refused[refusal.code] += 1
            return None

    def look(self, read: Callable[[Session], Given]) -> Given:
        """What ``read`` finds."""
        with self.factory() as session:
            session.connection(execution_options={"reading": True})
            return read(session)

    def for_group(self, group_id: str) -> dict[str, Any]:
        """Who speaks for a group: its own contact, or a coordinator who was telephoned."""
        if group_id in self.groups:
            return {"actor": self.groups[group_id]}
        said = OnBehalf(said_by="会長", channel="phone", said_on=self.day)
        return {"actor": self.coordinator, "on_behalf": said}


def words(name: str) -> Any:
    """Texts of the year's data file."""
    return pool("year")[name]


def spread(first: date, last: date, many: int, rng: Random) -> list[date]:
    """``many`` days between two, in order."""
    days = (last - first).days
    return sorted(first + timedelta(days=rng.randint(0, days)) for _ in range(many))
