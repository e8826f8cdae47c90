"""A poster for an open need: to hang up where people pass, in A4 or A3."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.services.directory import PublicNeed
from web.formats import date_range, effort, label, listing, slots
from web.i18n import language, site_name
from web.labels import word
from web.pdf import compiled
from web.qr import code

SIZES = ("a4", "a3")
MOST_LETTERS = 150  # of the summary: a poster is read in passing


def poster(seen: PublicNeed, *, address: str, on: date, size: str) -> bytes:
    """The poster as PDF (PDF/UA-1), in the reader's language."""
    need = seen.need
    content = {
        "title": need.title,
        "site": site_name(),
        "size": size,
        "language": language(),
        "call": _("We are looking for your skills"),
        "group": _who(seen),
        "summary": _short(need.summary),
        "facts": [list(row) for row in _facts(seen, on)],
        "invitation": _("Read more and say that you would like to help"),
        "address": address,
        "code": code(address),
        "code-words": _("A code that leads to the page of this need: %(address)s", address=address),
    }
    return compiled("poster.typ", content, on)


def _who(seen: PublicNeed) -> str:
    place = label(seen.district)
    if seen.group_name and place:
        return _("%(group)s (%(district)s)", group=seen.group_name, district=place)
    return seen.group_name or place


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1].rstrip() + "…"


def _facts(seen: PublicNeed, on: date) -> list[tuple[str, str]]:
    need = seen.need
    skills = {label(asked.skill): None for _role, asks in seen.roles for asked in asks}
    people = ngettext("%(num)s person", "%(num)s people", seen.seats) if seen.seats else ""
    time = effort(need.hours_per_week, need.form) if need.hours_per_week else word(
        need.form, "need_form")  # fmt: skip
    rows: list[tuple[str, Any]] = [
        (_("Skills"), listing(list(skills)[:6])),
        (_("Looking for"), people),
        (_("Time"), "\n".join(filter(None, (time, slots(need.slots))))),
        (_("When"), date_range(need.starts_on, need.ends_on, today=on)),
        (_("Where"), word(need.mode, "mode")),
        (_("What you take home"), _short(need.gain)),
    ]
    return [(name, str(value)) for name, value in rows if value]
