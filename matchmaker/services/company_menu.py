"""What employees of a company could help with now: open needs by length, with what firms ask first.

When, where, how many people, and what the employee takes home. Nothing of it is secret: the needs
are public, so a company can pass the list round as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from matchmaker.models import Need, NeedForm, Role
from matchmaker.services.directory import NeedCard, all_open_needs
from matchmaker.services.public_search import WAYS, NeedSearch

# Shortest first: what a company can begin with.
FORMS = (NeedForm.SESSION, NeedForm.DAY, NeedForm.SINGLE, NeedForm.TEAM)
TIMES = ("office", "evening", "weekend")
_SATURDAY_AND_SUNDAY = ("sat", "sun")


@dataclass(frozen=True)
class Item:
    """An open need and how many people it asks for."""

    card: NeedCard
    people: int


@dataclass(frozen=True)
class Menu:
    """``forms``: form of a need → its needs, urgent first; forms without any are left out."""

    way: str
    time: str
    forms: dict[str, tuple[Item, ...]]

    @property
    def total(self) -> int:
        """How many needs there are in all."""
        return sum(len(items) for items in self.forms.values())


def menu(session: Session, *, on: date, way: str = "", time: str = "") -> Menu:
    """The open needs that can be done ``way`` (of ``WAYS``) and at a ``time`` (of ``TIMES``); what
    is neither means any. A need that names no time of the week can be done at any."""
    way, time = way if way in WAYS else "", time if time in TIMES else ""
    cards = [
        card for card in all_open_needs(session, search=NeedSearch(way=way), on=on)
        if not time or fits(card.need, time)
    ]  # fmt: skip
    people: dict[str, int] = dict(
        session.exec(
            select(Role.need_id, func.sum(Role.seats))
            .where(col(Role.need_id).in_([card.need.id for card in cards]))
            .group_by(col(Role.need_id))
        ).all()
    )
    forms = {
        form.value: tuple(
            Item(card, int(people.get(card.need.id, 0))) for card in cards if card.need.form == form
        )
        for form in FORMS
    }
    return Menu(way, time, {form: items for form, items in forms.items() if items})


def fits(need: Need, time: str) -> bool:
    """Whether a need can be done in office hours, on evenings, or at weekends."""
    return not need.slots or any(_time_of(slot) == time for slot in need.slots)


def _time_of(slot: str) -> str:
    """``sat-am`` → weekend, ``mon-eve`` → evening, ``tue-pm`` → office."""
    day, part = slot.split("-")
    if day in _SATURDAY_AND_SUNDAY:
        return "weekend"
    return "evening" if part == "eve" else "office"
