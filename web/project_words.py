"""Words for the plan of a project and the check half-way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from matchmaker import taxonomy
from matchmaker.models import Deliverable, PlanStep, Side, StepKind
from matchmaker.services import days_off, deliverables
from matchmaker.services.check_details import Event
from matchmaker.services.deliverables import UseSaid
from matchmaker.services.follow_ups import Said
from matchmaker.services.project_terms import Yes
from web.filters import add_filters
from web.formats import full_date, moment, plain_date, short_date
from web.i18n import language

STEPS = {
    "kick_off": _l("First meeting"),
    "phase": _l("Phase"),
    "milestone": _l("Milestone"),
    "meeting": _l("Meeting"),
    "mid_term": _l("Check half-way"),
    "delivery": _l("Delivery of the result"),
}
KINDS: dict[str, dict[str, Any]] = {
    "plan_step": STEPS,
    "on_track": {
        "yes": _l("Yes"),
        "partly": _l("Partly"),
        "no": _l("No. Please call us"),
    },
    "on_track_said": {"yes": _l("yes"), "partly": _l("partly"), "no": _l("no")},
    "hours_right": {
        "right": _l("It is right"),
        "too_many": _l("It takes more time than agreed"),
        "too_few": _l("There is room for more"),
    },
}
KINDS |= {
    "use": {
        "used": lazy_pgettext("use", "In use"),
        "partly": _l("Partly in use"),
        "not_used": _l("Not in use"),
    },
    "expense_payer": {
        "group": _l("The group"),
        "company": _l("The employer"),
        "own": _l("The professional"),
    },
    "activity_place": {
        "city": _l("In person, in the city"),
        "online": _l("Online, together"),
        "home": _l("At home"),
        "outside": _l("Outside the city"),
    },
    "insurance": {"covered": _l("Covered"), "not_covered": _l("Not covered")},
    "insurance_doubt": {
        "home": _l("at home"),
        "online": _l("online"),
        "outside": _l("outside the city"),
        "company": _l("in company time"),
    },
}
ACTS = {
    "follow_up": _l("Said what is left of it"),
    "conclude_project": _l("The evaluation was ended"),
    "write_thanks": _l("A letter of thanks was written"),
    "change_scope": _l("Results and expenses were written anew"),
    "add_file": _l("A file or link was added"),
    "remove_file": _l("A file or link was taken out"),
    "say_use": _l("Said which results are in use"),
    "note_expense": _l("An expense was noted"),
    "take_back_expense": _l("An expense was taken back"),
    "confirm_expense": _l("An expense was confirmed"),
    "note_insurance": _l("What the insurer says was noted"),
    "plan_drawn": _l("The plan was drawn"),
    "plan_added": _l("Added to the plan"),
    "plan_changed": _l("The plan was changed"),
    "plan_removed": _l("Taken out of the plan"),
    "plan_done": lazy_pgettext("history", "Done"),
    "plan_undone": lazy_pgettext("history", "Not done after all"),
    "check_mid_term": _l("Said how it goes, half-way"),
    "call_about_project": _l("Called about it"),
}


def init_project_words(app: Flask) -> None:
    """The filters ``step_name``, ``day_note``, ``uses``, and how a yes to the terms is said."""
    add_filters(app, step_name=step_name, day_note=day_note, uses=uses)
    app.jinja_env.globals["yes_line"] = yes_line


def uses(row: Deliverable, said: Iterable[Said]) -> tuple[UseSaid, ...]:
    """What was said of the use of a result, newest first, in the city's days."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return deliverables.uses(row, [each.answer for each in said], zone)


def step_name(step: PlanStep) -> str:
    """What a step is called: its own words, else the word of its kind. A phase of the menu is
    called so in the reader's language, whoever drew the plan."""
    known = _phases().get(step.title) if step.kind == StepKind.PHASE else None
    return known[language()] if known else step.title or str(STEPS[step.kind])


@cache
def _phases() -> Mapping[str, Mapping[str, str]]:
    """Every phase of the menus in both languages, by its title in either."""
    found: dict[str, Mapping[str, str]] = {}
    for menu in taxonomy.menus():
        for phase in menu.phases:
            both = {"ja": phase.title_ja, "en": phase.title_en}
            found.setdefault(phase.title_ja, both)
            found.setdefault(phase.title_en, both)
    return found


def day_note(day: date) -> str:
    """What to know about a day that is one of rest; "" for a working day."""
    why = days_off.rest(day)
    if why == "holiday":
        return _(
            "%(date)s is a public holiday: %(name)s.",
            date=short_date(day), name=days_off.holiday(day),
        )  # fmt: skip
    if why == "year_end":
        return _("On %(date)s most offices are closed for the New Year.", date=short_date(day))
    return _("%(date)s is on a weekend.", date=full_date(day)) if why else ""


def yes_line(yes: Yes) -> str:
    """Who accepted which version, for which side, and when."""
    given = yes.acceptance
    name = yes.name or _("The group")
    if yes.name and given.side == Side.GROUP:
        name = _("%(name)s for the group", name=yes.name)
    said = {
        "name": name, "number": given.number,
        "date": moment(given.accepted_at), "scope": given.scope,
    }  # fmt: skip
    if given.scope:
        return _(
            "%(name)s accepted version %(number)s, results and expenses version %(scope)s, on "
            "%(date)s.",
            **said,
        )
    return _("%(name)s accepted version %(number)s on %(date)s.", **said)


def change_note(event: Event) -> str:
    """What a change of the plan was about: which step, from which day to which."""
    details = event.details
    kind = str(STEPS.get(str(details.get("kind", "")), ""))
    day = plain_date(date.fromisoformat(details["due_on"])) if "due_on" in details else ""
    before = details.get("before")
    if before and before != details["due_on"]:
        day = f"{plain_date(date.fromisoformat(before))} → {day}"
    return " · ".join(filter(None, (kind, day)))
