"""Which activities an insurance may not cover, and what the coordinators found out about each.

The city's insurance covers public-benefit activity in the city. For work at home, online, outside
the city or in paid working time that is not certain (features of the terms differ), so such an
activity is flagged until a coordinator has asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from matchmaker.errors import NotFound
from matchmaker.models import ActivityPlace, HoursEntry, Insurance, Payer
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Choice, CodeList, Command, ShortText, validated
from matchmaker.services.project_access import find

UNSURE = (ActivityPlace.HOME, ActivityPlace.ONLINE, ActivityPlace.OUTSIDE)


class Why(StrEnum):
    """Why an activity is flagged."""

    HOME = "home"
    ONLINE = "online"
    OUTSIDE = "outside"
    COMPANY = "company"


class Answer(Command):
    """For which activities, what the insurer says, and where that is written."""

    entry_ids: CodeList
    insurance: Annotated[str, Choice((Insurance.COVERED, Insurance.NOT_COVERED))]
    note: Annotated[str, ShortText(200, 1)]


def doubts(entry: HoursEntry) -> tuple[str, ...]:
    """Why it is not certain that an activity is covered; empty when nothing speaks against it."""
    found = [Why(entry.place)] if entry.place in UNSURE else []
    return (*found, Why.COMPANY) if entry.payer == Payer.COMPANY else tuple(found)


def open_entries() -> ColumnElement[bool]:
    """The condition of an activity that is flagged and about which nothing was noted."""
    doubtful = or_(col(HoursEntry.place).in_(UNSURE), col(HoursEntry.payer) == Payer.COMPANY)
    return doubtful & (col(HoursEntry.insurance) == Insurance.UNKNOWN)


def answer(
    session: Session, *, actor: Actor, now: datetime, project_id: str, data: Mapping[str, Any]
) -> int:
    """Note what the insurer says (``Answer``); answers for how many activities.

    Refused: ``coordinators_only``, ``project_not_found``, ``hours_not_found``.
    """
    require_coordinator(actor)
    find(session, project_id)
    wanted = validated(Answer, data)
    ids = {int(key) for key in wanted.entry_ids if key.isdecimal() and len(key) < 10}
    entries = session.exec(
        select(HoursEntry).where(col(HoursEntry.id).in_(ids), HoursEntry.project_id == project_id)
    ).all()
    if len(entries) != len(set(wanted.entry_ids)):
        raise NotFound("hours_not_found")
    for entry in entries:
        entry.insurance, entry.insurance_note = wanted.insurance, wanted.note
        session.add(entry)
    session.flush()
    audit.record(
        session, actor=actor, act="note_insurance", subject=("project", project_id), now=now,
        insurance=wanted.insurance, count=len(entries),
    )  # fmt: skip
    return len(entries)
