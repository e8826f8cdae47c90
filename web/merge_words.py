"""Two records that may be one, in words: what they share, in what they differ, what moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services import taxonomy
from matchmaker.services.merge_parts import PARTS
from matchmaker.services.merging import Comparison
from web.db import session
from web.formats import date_range, label, listing, number, plain_date, slots, weekly
from web.labels import word
from web.need_words import language_name

WHY = {
    "email": _l("the same e-mail address"),
    "phone": _l("the same telephone number"),
    "name": _l("the same name"),
    "kana": _l("the same reading"),
    "website": _l("the same website"),
}
FIELDS = {
    "state": _l("State"),
    "name": _l("Name"),
    "kana": _l("Reading"),
    "email": _l("E-mail address"),
    "phone": _l("Telephone"),
    "on_paper": _l("Letters instead of mails"),
    "account": _l("Account"),
    "company": _l("Employer"),
    "relation": _l("Tie to the city"),
    "district": _l("District"),
    "hours": _l("Hours"),
    "capacity": _l("Projects at a time"),
    "window": _l("Available"),
    "slots": _l("Times of the week"),
    "place": _l("Where"),
    "languages": _l("Languages"),
    "any_project": _l("Any project is fine"),
    "about": _l("About"),
    "kind": _l("Kind"),
    "website": _l("Website"),
    "eligibility": _l("Eligibility"),
    "contact": _l("Contact details"),
    "public": _l("Public directory"),
    "contact_member": _l("Contact person"),
    "corporate_number": _l("Corporate number"),
    "in_city": _l("Office in the city"),
    "hour_value": _l("Value of an hour"),
    "programme": _l("What employees read"),
}
MOVES = {
    "proposal": _l("Proposals and invitations"),
    "project_member": _l("Places on projects"),
    "project": _l("Projects"),
    "need": _l("Needs"),
    "hours_entry": _l("Entries of hours"),
    "professional": _l("People"),
    "professional_skill": _l("Skills"),
    "wish": _l("Wishes"),
    "consent": _l("Agreements"),
    "consultation": _l("Consultations and notes"),
    "declared_conflict": _l("Conflicts"),
    "partnership": _l("Earlier work together"),
    "group_member": _l("Members"),
    "company_officer": _l("People who report"),
    "certificate": _l("Certificates"),
}


@dataclass(frozen=True)
class Line:
    """One thing side by side; ``name`` is the choice where the two differ, else empty."""

    text: str
    kept: str
    other: str
    name: str = ""
    nearer: str = "kept"


def side_by_side(found: Comparison) -> list[Line]:
    """Everything that two records say, those things first in which they differ."""
    open_ones = {each.name: each for each in found.differences}
    lines = [
        Line(_text(each.code, each.about), _value(found, each.code, each.kept),
             _value(found, each.code, each.other), name, each.nearer)
        for name, each in open_ones.items()
    ]  # fmt: skip
    for code, columns in PARTS[type(found.kept)].items():
        if code in open_ones:
            continue
        value = _value(found, code, tuple(getattr(found.kept, name) for name in columns))
        if value:
            lines.append(Line(_text(code, ""), value, value))
    return lines


def moves(found: Comparison) -> list[tuple[str, int]]:
    """What hangs on the record that goes, with its number."""
    counted: dict[str, int] = {}
    for table, many in found.moves.items():
        text = str(MOVES.get(table, _("Other records")))
        counted[text] = counted.get(text, 0) + many
    return list(counted.items())


def _text(code: str, about: str) -> str:
    if code == "skill":
        return _("Skill: %(name)s", name=label(taxonomy.skills(session).get(about)) or about)
    if code == "wish":
        return _("Wish")
    return str(FIELDS[code])


def _value(found: Comparison, code: str, value: Any) -> str:
    read = READ.get(code, _plain)
    return read(found, value)


def _plain(_found: Comparison, value: Any) -> str:
    return listing([str(part) for part in value if part not in (None, "")])


def _state(_found: Comparison, value: Any) -> str:
    return word(value[0], "profile_state")


def _named(found: Comparison, value: Any) -> str:
    key = value[0] if isinstance(value, tuple) else value
    return found.names.get(str(key), "") if key else _("None given")


def _district(_found: Comparison, value: Any) -> str:
    rows = {row.code: row for row in taxonomy.districts(session)}
    return label(rows[value[0]]) if value[0] in rows else _("Not said")


def _place(_found: Comparison, value: Any) -> str:
    remote, onsite, reach = value
    parts = ([_("Online")] if remote else []) + ([_("In person")] if onsite else [])
    parts += [_("%(km)s km", km=number(reach))] if reach is not None else []
    return listing(parts) or _("Not said")


def _eligibility(_found: Comparison, value: Any) -> str:
    answers, declared_at, _who = value
    if declared_at is None or not answers or not all(answers.values()):
        return _("Not confirmed")
    return _("Declared on %(date)s", date=plain_date(declared_at))


def _yes_no(_found: Comparison, value: Any) -> str:
    return _("Not known") if value[0] is None else _("Yes") if value[0] else _("No")


def _shown(found: Comparison, value: Any) -> str:
    shown, parts = value
    named = listing(word(part, "public_part") for part in parts)
    return _("Yes: %(parts)s", parts=named) if shown and parts else _yes_no(found, value)


READ: dict[str, Callable[[Comparison, Any], str]] = {
    "state": _state,
    "account": _named,
    "company": _named,
    "contact_member": _named,
    "district": _district,
    "place": _place,
    "eligibility": _eligibility,
    "any_project": _yes_no,
    "on_paper": _yes_no,
    "public": _shown,
    "in_city": _yes_no,
    "relation": lambda _found, value: word(value[0], "relation"),
    "kind": lambda _found, value: word(value[0], "group_kind"),
    "hours": lambda _found, value: weekly(value[0]) if value[0] else _("Not said"),
    "window": lambda _found, value: date_range(*value) or _("Any time"),
    "slots": lambda _found, value: slots(value[0]) or _("Not said"),
    "languages": lambda _found, value: listing(
        [language_name(code) for code in value[0] or ["ja"]]
    ),
    "skill": lambda _found, value: word(value, "level"),
    "wish": lambda _found, value: _("Wish %(rank)s", rank=value) if value else _("Not this one"),
}


def why(kinds: tuple[str, ...]) -> str:
    """What makes two records look alike, as one phrase."""
    return listing([str(WHY[kind]) for kind in kinds])


def init_merge_words(app: Flask) -> None:
    """Give the templates the words for what two records share."""
    app.jinja_env.globals["marks_shared"] = why
