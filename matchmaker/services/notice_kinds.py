"""Which messages belong together, who gets them, and how often they may come.

What is asked of somebody with a date, and what keeps an account safe, always comes at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.models import Pace

ALL = (Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY, Pace.NEVER)
PEOPLE = frozenset({"professional", "group"})
# Somebody sits before a page and waits for these; they go out before all others.
WAITED_FOR = frozenset({"verify_email", "email_exists", "reset_password", "change_email"})


@dataclass(frozen=True)
class Kind:
    """Messages (codes) a person chooses about together.

    ``paces``: what may be chosen, none for what cannot be switched off; ``usual``: what holds
    without a choice; ``readers``: roles that get them, none: everybody. ``periodic``: written
    once a day or week by itself, so it is sent as it is and never collected with others.
    """

    messages: tuple[str, ...]
    paces: tuple[Pace, ...] = ALL
    usual: Pace = Pace.AT_ONCE
    readers: frozenset[str] = frozenset()
    periodic: bool = False


KINDS: dict[str, Kind] = {
    "account": Kind(
        (
            "verify_email", "invite", "reset_password", "password_changed", "change_email",
            "email_changed", "email_exists", "role_given", "welcome", "group_invitation", "digest",
        ),
        paces=(),
    ),
    "invitation": Kind(
        (
            "offer_to_professional", "team_to_group", "reminder", "offer_withdrawn",
            "confirmed_to_professional", "confirmed_to_group",
        ),
        paces=(),
        readers=PEOPLE,
    ),
    "outcome": Kind(
        (
            "confirmed_seat", "declined_to_professional", "declined_to_group", "expired",
            "team_waits", "answered_no",
        ),
        readers=PEOPLE,
    ),
    "check": Kind(
        (
            "profile_verified", "profile_returned", "group_verified", "group_returned",
            "need_opened", "need_returned", "need_outdated", "change_asked", "opening_told",
        ),
        readers=PEOPLE,
    ),
    "letter": Kind(("group_letter",), paces=(), readers=frozenset({"group"})),
    "message": Kind(("project_message",)),
    "project": Kind(
        (
            "project_changed", "meeting_planned", "meeting_cancelled", "mid_term", "release_case",
            "scope_changed", "follow_up", "thanks",
        ),
        readers=PEOPLE,
    ),
    "hours": Kind(("note_hours", "confirm_hours"), readers=PEOPLE),
    "desk": Kind(
        ("question", "change_answered", "handed_over"), readers=frozenset({"coordinator"})
    ),
    "new_needs": Kind(
        ("new_needs",),
        paces=(Pace.WEEKLY, Pace.NEVER),
        usual=Pace.NEVER,
        periodic=True,
    ),
}  # fmt: skip
KIND_OF = {message: kind for kind, each in KINDS.items() for message in each.messages}


def kind_of(code: str) -> str:
    """The kind of a message; one nobody sorted comes always."""
    return KIND_OF.get(code, "account")


def choosable(code: str) -> bool:
    """Whether its reader may say how often a message comes."""
    return bool(KINDS[kind_of(code)].paces)
