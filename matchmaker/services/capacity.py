"""How many projects each coordinator can accompany, and what is left of that for a round.

A coordinator says how many projects at a time. What she accompanies already (agreed, under way or
resting) counts against it; what is left of all who have said a number is the limit of a new round.
Whoever said nothing adds nothing; where nobody said anything there is no limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import Account, CoordinatorDesk, Project
from matchmaker.services import accounts, audit, charge
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Code, Command, Date, Version, Whole, validated
from matchmaker.services.commitments import RUNNING


class Desk(Command):
    """What a coordinator says of her work."""

    most_projects: Annotated[int, Whole(0, 99)] | None = None
    most_until: Date | None = None
    stand_in: Code | None = None
    away_until: Date | None = None
    version: Version


@dataclass(frozen=True)
class Share:
    """One coordinator: what she said, if it holds on the day, and the projects she accompanies."""

    account: Account
    most: int | None
    until: date | None
    running: int
    stand_in: str = ""
    away_until: date | None = None

    @property
    def free(self) -> int | None:
        """Projects she can still take; None where she said nothing."""
        return None if self.most is None else max(self.most - self.running, 0)


@dataclass(frozen=True)
class Capacity:
    """Everybody's share. ``unattended``: running projects nobody is in charge of."""

    shares: tuple[Share, ...]
    unattended: int

    @property
    def free(self) -> int | None:
        """How many new projects can be accompanied; None where nobody said anything."""
        said = [share.free for share in self.shares if share.free is not None]
        return sum(said) if said else None


def capacity(session: Session, *, on: date) -> Capacity:
    """Who can take how much on a day."""
    everybody = accounts.coordinators(session)
    names = {account.id: account.name for account in everybody}
    desks = {row.account_id: row for row in session.exec(select(CoordinatorDesk))}
    projects = session.exec(select(Project.id).where(col(Project.state).in_(RUNNING))).all()
    held = charge.owners(session, [("project", each) for each in projects])
    running = Counter(held.values())
    shares = tuple(
        _share(account, desks.get(account.id), running[account.id], names, on)
        for account in everybody
    )
    return Capacity(shares, len(projects) - sum(running[account.id] for account in everybody))


def _share(
    account: Account, desk: CoordinatorDesk | None, running: int, names: dict[str, str], on: date
) -> Share:
    if desk is None:
        return Share(account, None, None, running)
    holds = desk.most_until is None or desk.most_until >= on
    away = desk.away_until is not None and desk.away_until >= on
    return Share(
        account, desk.most_projects if holds else None, desk.most_until if holds else None, running,
        names.get(desk.stand_in or "", "") if away else "", desk.away_until if away else None,
    )  # fmt: skip


def desk_of(session: Session, *, actor: Actor) -> CoordinatorDesk:
    """What the actor said of her work; an empty one before the first time."""
    require_coordinator(actor)
    found = session.get(CoordinatorDesk, actor.account_id)
    return found or CoordinatorDesk(account_id=str(actor.account_id))


def say(
    session: Session, *, actor: Actor, now: datetime, today: date, data: Mapping[str, Any]
) -> CoordinatorDesk:
    """Keep what the actor says of her work (``Desk``).

    Refused: ``coordinators_only``, ``changed_meanwhile``; ``Invalid`` for days that have passed, a
    stand-in who is not a colleague, and for one half of an absence without the other.
    """
    require_coordinator(actor)
    wanted = validated(Desk, data)
    if errors := list(_wrong(session, actor, today, wanted)):
        raise Invalid(errors)
    known = session.get(CoordinatorDesk, actor.account_id)
    row = desk_of(session, actor=actor)
    if row.version != wanted.version:  # said in another window meanwhile
        raise Conflict("changed_meanwhile")
    row.version += 1 if known else 0
    for name in ("most_projects", "most_until", "stand_in", "away_until"):
        setattr(row, name, getattr(wanted, name))
    session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, act="desk_said", subject=("account", str(actor.account_id)), now=now,
        most_projects=row.most_projects, stand_in=row.stand_in or "",
        most_until=row.most_until.isoformat() if row.most_until else "",
        away_until=row.away_until.isoformat() if row.away_until else "",
    )  # fmt: skip
    return row


def _wrong(session: Session, actor: Actor, today: date, wanted: Desk) -> Any:
    for name in ("most_until", "away_until"):
        day = getattr(wanted, name)
        if day is not None and day < today:
            yield FieldError(name, "in_the_past")
    colleagues = {each.id for each in accounts.coordinators(session)} - {actor.account_id}
    if wanted.stand_in and wanted.stand_in not in colleagues:
        yield FieldError("stand_in", "not_in_list")
    if wanted.stand_in and not wanted.away_until:
        yield FieldError("away_until", "missing")
    if wanted.away_until and not wanted.stand_in:
        yield FieldError("stand_in", "not_chosen")
