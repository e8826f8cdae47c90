"""Kinds of messages and how often they come, in the words of the people who get them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: dict[str, tuple[Any, Any]] = {
    "account": (
        _l("Signing in and your account"),
        _l("Links to sign in, a changed password or address, a new role."),
    ),
    "invitation": (
        _l("Invitations and proposed teams"),
        _l("The invitation itself, its date and one reminder, and that the team is complete."),
    ),
    "outcome": (
        _l("What became of an invitation"),
        _l("Somebody said yes or no, the date has passed, we look for somebody else."),
    ),
    "check": (
        _l("What was checked"),
        _l("Your profile, registration or need was accepted, or something in it is asked for."),
    ),
    "letter": (
        _l("Letters through the public page"),
        _l("Somebody writes to your group by the form on its page. Your group decides whether."),
    ),
    "message": (
        _l("Messages on a project"),
        _l("What the people of a project and the coordinators write to each other."),
    ),
    "project": (
        _l("Changes of a project"),
        _l("A meeting is planned, it rests or goes on, somebody leaves it."),
    ),
    "hours": (
        _l("Reminders about hours"),
        _l("At most one a month, when none were noted or some wait to be confirmed."),
    ),
    "desk": (
        _l("To the coordinators"),
        _l("Questions before an answer, answers of groups, consultations handed over."),
    ),
    "new_needs": (
        _l("New needs that suit you"),
        _l(
            "Once a week: what suits your profile, and what the searches you keep find."
            " Only if there is something."
        ),
    ),
}
PACES = {
    "at_once": _l("At once"),
    "daily": _l("Once a day"),
    "weekly": _l("Once a week"),
    "never": _l("Not by mail"),
}
