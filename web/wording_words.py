"""The messages a city may word itself: what they are called, when they go out, what they look
like with made-up names."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, tuple[Any, Any]] = {
    "offer_to_professional": (
        _l("Invitation to a professional"),
        _l("when a round is sent"),
    ),
    "team_to_group": (_l("Proposed team for a group"), _l("when a round is sent")),
    "reminder": (_l("Reminder"), _l("three days before the reply date, to whoever is silent")),
    "confirmed_to_professional": (
        _l("Complete team, to its professionals"),
        _l("when everybody has said yes"),
    ),
    "confirmed_to_group": (
        _l("Complete team, to its group"),
        _l("when everybody has said yes"),
    ),
    "declined_to_professional": (
        _l("It does not work out, to a professional"),
        _l("when the group decides otherwise"),
    ),
    "declined_to_group": (
        _l("It does not work out, to a group"),
        _l("when somebody of the team says no"),
    ),
    "need_opened": (_l("A need is open"), _l("when a coordinator accepts a need")),
    "profile_verified": (_l("Profile accepted"), _l("when a coordinator accepts a profile")),
    "group_verified": (
        _l("Registration accepted"),
        _l("when a coordinator accepts a registration"),
    ),
    "welcome": (_l("Account ready"), _l("when somebody has confirmed their address")),
    "recruit_company": (
        _l("Whom we look for, to an employer"),
        _l("printed from the questions to a round"),
    ),
    "recruit_channel": (
        _l("Whom we look for, to others"),
        _l("printed from the questions to a round"),
    ),
}
PLACEHOLDERS = {
    "need": _l("the need"),
    "title": _l("the need"),
    "group": _l("the group"),
    "role": _l("the role"),
    "company": _l("the employer"),
}


def sample(today: date) -> dict[str, Any]:
    """Made-up facts for a preview, in the language in force."""
    person, group = _("Hanako Yamada"), _("Sample Neighbourhood Association")
    need, role = _("A leaflet for our autumn festival"), _("Designer")
    member = {"role": role, "name": person, "email": "hanako@example.jp"}
    return {
        "name": person, "need": need, "title": need, "group": group, "role": role,
        "company": _("Sample Works"), "roles": [role], "side": "professional",
        "reply_by": today.isoformat(), "team": [member],
        "partner": {"name": _("Taro Suzuki"), "email": "taro@example.jp"},
        "proposal_id": "sample", "need_id": "sample", "group_id": "sample",
    }  # fmt: skip
