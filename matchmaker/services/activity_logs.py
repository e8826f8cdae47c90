"""Who was where and when on a project: the roster and the days that an insurance claim asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col

from matchmaker.db import wide_select
from matchmaker.models import HoursEntry, Professional
from matchmaker.services import insurance
from matchmaker.services.actors import Actor
from matchmaker.services.expenses import Line, lines_of
from matchmaker.services.project_desk import Detail, detail, stay_on
from matchmaker.services.project_terms import Yes, said


@dataclass(frozen=True)
class Day:
    """Time given on a day by somebody in a role ("" for none), in whose time, where, doing what.
    ``doubts``: why it is not certain that it is insured; ``insurance``: what the insurer says."""

    on: date
    name: str
    role: str
    minutes: int
    payer: str
    note: str
    confirmed: bool
    place: str
    travel_minutes: int
    doubts: tuple[str, ...]
    insurance: str
    insurance_note: str
    entry_id: int

    @property
    def open(self) -> bool:
        """Whether a coordinator has still to ask the insurer about it."""
        return bool(self.doubts) and not self.insurance


@dataclass(frozen=True)
class ActivityLog:
    """A project with its people (``detail.stays``), its days, oldest first, and every yes to its
    terms."""

    detail: Detail
    days: tuple[Day, ...]
    agreed: tuple[Yes, ...]
    expenses: tuple[Line, ...]


def read(session: Session, *, actor: Actor, project_id: str) -> ActivityLog:
    """The log of one project. Refused: ``coordinators_only``, ``project_not_found``."""
    found = detail(session, actor=actor, project_id=project_id)
    rows = session.execute(
        wide_select(HoursEntry, Professional.id, Professional.name)
        .join(Professional, col(Professional.id) == HoursEntry.professional_id)
        .where(HoursEntry.project_id == project_id)
        .order_by(col(HoursEntry.worked_on), col(Professional.kana), col(HoursEntry.id))
    )
    roles = {stay.member.id: stay.role.title for stay in found.stays if stay.role}
    members = [stay.member for stay in found.stays]

    def role(person: str, on: date) -> str:
        stay = stay_on(members, person, on)
        return roles.get(stay.id, "") if stay else ""

    days = tuple(
        Day(
            entry.worked_on, name, role(person, entry.worked_on), entry.minutes, entry.payer,
            entry.note, entry.confirmed_at is not None, entry.place, entry.travel_minutes,
            insurance.doubts(entry), entry.insurance, entry.insurance_note, entry.id or 0,
        )
        for entry, person, name in rows
    )  # fmt: skip
    spent = lines_of(session, project_id, found.project.agreed_on)
    return ActivityLog(found, days, said(session, project_id), spent[::-1])
