"""Words of the list that a company passes round, the same on its page and on its sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matchmaker.models import Need
from matchmaker.services.company_menu import Item
from web.formats import date_range, effort, label, number, slots

FORMS: dict[str, Any] = {
    "session": _l("One hour"),
    "day": _l("One day"),
    "single": _l("A few weeks, one or two people"),
    "team": _l("A few months, as a team"),
}
TIMES = [
    ("office", _l("Weekdays in the daytime")),
    ("evening", _l("Weekday evenings")),
    ("weekend", _l("Weekends")),
]
WAYS = [("remote", _l("Online is possible")), ("onsite", _l("In person is possible"))]
_PLACES: dict[str, Any] = {
    "remote": _l("Online"),
    "onsite": _l("In person"),
    "hybrid": _l("Mostly online"),
}


def when(need: Need, today: date) -> list[str]:
    """Dates and times of the week."""
    times = slots(need.slots) if need.slots else _("times to be agreed")
    return [part for part in (date_range(need.starts_on, need.ends_on, today=today), times) if part]


def where(item: Item) -> str:
    """How the work is done, and the district where there is one."""
    way, place = str(_PLACES[item.card.need.mode]), item.card.district
    return _("%(way)s (%(place)s)", way=way, place=label(place)) if place else way


def size(item: Item) -> list[str]:
    """How many people, and how many hours of each."""
    need = item.card.need
    people = ngettext("%(count)s person", "%(count)s people", item.people,
                      count=number(item.people))  # fmt: skip
    return [people, effort(need.hours_per_week, need.form)] if need.hours_per_week else [people]
