"""Hours given to a project: entered by the professional, confirmed by the group, then fixed.

Only confirmed hours are reported. A fiscal year's hours can be entered, corrected and confirmed
until 30 April; after that they stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import model_validator
from sqlmodel import Session, col, func, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    ActivityPlace,
    Group,
    HoursEntry,
    Mode,
    Need,
    Payer,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import audit, confirming, project_access
from matchmaker.services.actors import Actor
from matchmaker.services.commands import (
    Choice,
    CodeList,
    Command,
    Date,
    ShortText,
    Whole,
    fault,
    validated,
)
from matchmaker.services.confirming import HOURS, closed
from matchmaker.services.on_behalf import OnBehalf, proxy_details

DAY = 24 * 60


class Time(Command):
    """A length of time in hours and minutes, at least a minute and at most a day."""

    hours: Annotated[int, Whole(0, 24)] = 0
    minutes: Annotated[int, Whole(0, 59)] = 0

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not 0 < self.total <= DAY:
            raise fault("no_time" if not self.total else "over_a_day", field="hours")
        return self

    @property
    def total(self) -> int:
        """Minutes."""
        return 60 * self.hours + self.minutes


class Given(Time):
    """What a professional enters: the day, how long, in whose time, where, the way there, and what
    was done. Travel is noted in minutes and counts nowhere."""

    worked_on: Date
    payer: Annotated[str, Choice(Payer)]
    place: Annotated[str, Choice(ActivityPlace)] = ActivityPlace.UNKNOWN
    travel: Annotated[int, Whole(0, DAY)] = 0
    note: Annotated[str, ShortText(400)] = ""


class Chosen(Command):
    """The entries a group confirms."""

    entry_ids: CodeList


class Correction(Time):
    """What the group confirms instead of what was entered, and why."""

    why: Annotated[str, ShortText(400, 1)]


@dataclass(frozen=True)
class Line:
    """An entry with who gave the time. ``closed``: its fiscal year is over for changes."""

    entry: HoursEntry
    person: Professional
    closed: bool

    @property
    def waiting(self) -> bool:
        """Whether the group can still confirm it."""
        return self.entry.confirmed_at is None and not self.closed


@dataclass(frozen=True)
class Sheet:
    """The hours of a project, newest day first. ``employed``: company time can be chosen.

    ``can_log``: the reader can enter hours; ``over_since``: the last day on which that was
    possible, where every day of theirs lies in a closed fiscal year.
    """

    project: Project
    group: Group
    lines: tuple[Line, ...]
    employed: bool = False
    can_log: bool = False
    over_since: date | None = None
    usual_place: str = ActivityPlace.CITY

    @property
    def waiting(self) -> tuple[Line, ...]:
        """What the group has not confirmed yet."""
        return tuple(line for line in self.lines if line.waiting)

    def confirmed(self, payer: str) -> int:
        """Confirmed minutes in own or in company time."""
        return sum(
            line.entry.minutes
            for line in self.lines
            if line.entry.confirmed_at is not None and line.entry.payer == payer
        )


def my_sheet(session: Session, *, actor: Actor, today: date, project_id: str) -> Sheet:
    """The actor's own hours on a project. Refused: ``project_not_found`` to everybody else."""
    project, group = project_access.find(session, project_id)
    stays = project_access.stays(session, actor=actor, project_id=project_id)
    lines = _lines(session, project_id, today, actor.professional_id)
    over = confirming.over_since(project, stays, today)
    return Sheet(
        project,
        group,
        lines,
        employed=any(stay.company_id for stay in stays),
        can_log=project.state != ProjectState.CANCELLED and over is None,
        over_since=over,
        usual_place=_usual_place(session, project, lines),
    )


def _usual_place(session: Session, project: Project, lines: tuple[Line, ...]) -> str:
    """Where the last hours were given, or what the need's way of working suggests."""
    for line in lines:
        if line.entry.place:
            return line.entry.place
    mode = session.get_one(Need, project.need_id).mode
    return ActivityPlace.CITY if mode == Mode.ONSITE else ActivityPlace.ONLINE


def group_sheet(session: Session, *, actor: Actor, today: date, project_id: str) -> Sheet:
    """Everybody's hours on a project of the actor's group (or for a coordinator).

    Refused: ``project_not_found``.
    """
    project, group = project_access.for_group(session, actor=actor, project_id=project_id)
    return Sheet(project, group, _lines(session, project_id, today, None))


def log(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project_id: str,
    data: Mapping[str, Any],
) -> HoursEntry:
    """Enter hours (``Given``). The same entry again, not yet confirmed, is the entry there is.

    Refused: ``project_not_found``, ``project_cancelled``, ``hours_year_closed`` where no day is
    left (``Sheet.over_since``); beside the day ``in_the_future``,
    ``not_on_project`` (before joining or after leaving) and ``year_closed``; beside the hours
    ``over_a_day`` with everything else of that day; beside the payer ``no_employer``.
    """
    project, _group = project_access.find(session, project_id)
    stays = project_access.stays(session, actor=actor, project_id=project_id)
    wanted = validated(Given, data)
    if project.state == ProjectState.CANCELLED:
        raise Conflict("project_cancelled")
    if confirming.over_since(project, stays, today):
        raise Conflict("hours_year_closed")
    person_id = stays[0].professional_id
    same = session.exec(
        select(HoursEntry).where(
            HoursEntry.project_id == project_id,
            HoursEntry.professional_id == person_id,
            HoursEntry.worked_on == wanted.worked_on,
            HoursEntry.minutes == wanted.total,
            HoursEntry.payer == wanted.payer,
            HoursEntry.place == wanted.place,
            HoursEntry.travel_minutes == wanted.travel,
            HoursEntry.note == wanted.note,
            col(HoursEntry.confirmed_at).is_(None),
        )
    ).first()
    if same is not None:
        return same
    _require_possible(session, stays, wanted, today)
    entry = HoursEntry(
        project_id=project_id,
        professional_id=person_id,
        worked_on=wanted.worked_on,
        minutes=wanted.total,
        travel_minutes=wanted.travel,
        payer=wanted.payer,
        place=wanted.place,
        note=wanted.note,
        created_at=now,
    )
    session.add(entry)
    session.flush()
    _record(session, actor, now, entry, "log_hours", payer=entry.payer)
    return entry


def take_back(
    session: Session, *, actor: Actor, now: datetime, today: date, entry_id: int
) -> Project:
    """Remove an own entry that nobody has confirmed yet; answers its project.

    Refused: ``hours_not_found``, ``hours_confirmed``, ``hours_year_closed``.
    """
    entry = HOURS.own(session, actor=actor, row_id=entry_id, today=today)
    project = session.get_one(Project, entry.project_id)
    _record(session, actor, now, entry, "take_back_hours")
    session.delete(entry)
    session.flush()
    return project


def confirm(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> int:
    """The group confirms entries (``Chosen``) as they are; answers how many were not before.

    Refused: ``project_not_found``, ``hours_not_found``, ``hours_year_closed``,
    ``on_behalf_needed`` for a coordinator who has not noted who said so.
    """
    _row, group = project_access.for_group(session, actor=actor, project_id=project_id)
    details = proxy_details(actor, group.id, on_behalf)
    keys, confirmed = validated(Chosen, data).entry_ids, 0
    for entry in HOURS.chosen(session, keys=keys, project_id=project_id, today=today):
        _confirm(session, actor, now, entry, details)
        confirmed += 1
    return confirmed


def to_correct(session: Session, *, actor: Actor, today: date, entry_id: int) -> Line:
    """An entry a group may correct. Refused as ``correct`` does."""
    entry, _group = HOURS.of_group(session, actor=actor, row_id=entry_id, today=today, lock=False)
    return Line(entry, session.get_one(Professional, entry.professional_id), closed=False)


def correct(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    entry_id: int,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> HoursEntry:
    """The group confirms other hours than were entered (``Correction``); both figures stay.

    Refused: ``hours_not_found``, ``hours_confirmed``, ``hours_year_closed``, ``on_behalf_needed``.
    """
    entry, group_id = HOURS.of_group(session, actor=actor, row_id=entry_id, today=today)
    details = proxy_details(actor, group_id, on_behalf)
    wanted = validated(Correction, data)
    if wanted.total != entry.minutes:
        entry.logged_minutes, entry.minutes = entry.minutes, wanted.total
    entry.correction = wanted.why
    _confirm(session, actor, now, entry, details)
    return entry


def _lines(
    session: Session, project_id: str, today: date, person_id: str | None
) -> tuple[Line, ...]:
    query = (
        select(HoursEntry, Professional)
        .join(Professional, col(Professional.id) == HoursEntry.professional_id)
        .where(HoursEntry.project_id == project_id)
        .order_by(col(HoursEntry.worked_on).desc(), col(HoursEntry.id).desc())
    )
    if person_id is not None:
        query = query.where(HoursEntry.professional_id == person_id)
    return tuple(
        Line(entry, person, closed(entry.worked_on, today)) for entry, person in session.exec(query)
    )


def _require_possible(
    session: Session, stays: list[ProjectMember], wanted: Given, today: date
) -> None:
    day = wanted.worked_on
    there = confirming.there(stays, day)
    errors = []
    if day > today:
        errors.append(FieldError("worked_on", "in_the_future"))
    elif not there:
        errors.append(FieldError("worked_on", "not_on_project"))
    elif closed(day, today):
        errors.append(FieldError("worked_on", "year_closed"))
    elif _given_on(session, stays[0].professional_id, day) + wanted.total > DAY:
        errors.append(FieldError("hours", "over_a_day"))
    if wanted.payer == Payer.COMPANY and there and not any(stay.company_id for stay in there):
        errors.append(FieldError("payer", "no_employer"))
    if errors:
        raise Invalid(errors)


def _given_on(session: Session, person_id: str, day: date) -> int:
    """Minutes a person has entered for a day, over all projects."""
    found = select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
        HoursEntry.professional_id == person_id, HoursEntry.worked_on == day
    )
    return int(session.exec(found).one())


def _confirm(
    session: Session, actor: Actor, now: datetime, entry: HoursEntry, details: dict[str, Any]
) -> None:
    entry.confirmed_at, entry.confirmed_by = now, actor.account_id
    session.add(entry)
    session.flush()
    if entry.logged_minutes is not None:
        details = {**details, "before": entry.logged_minutes}
    _record(session, actor, now, entry, "confirm_hours", **details)


def _record(
    session: Session, actor: Actor, now: datetime, entry: HoursEntry, act: str, **details: Any
) -> None:
    audit.record(
        session,
        actor=actor,
        act=act,
        subject=("project", entry.project_id),
        now=now,
        entry_id=entry.id,
        worked_on=entry.worked_on.isoformat(),
        minutes=entry.minutes,
        **details,
    )
