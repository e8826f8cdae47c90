"""Message texts that a city may word itself: subject, opening, closing, with names in braces.

The facts of a message (who, what, until when, the link) stay where the site puts them, so no
wording can lose them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import Account, Wording
from matchmaker.services import audit
from matchmaker.services.accounts import LANGUAGES
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, LongText, ShortText, Whole, validated

# Every message that can be worded, with the names that may stand in braces. What keeps an account
# safe (sign-in links, passwords, roles) is not among them.
PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    "welcome": (),
    "group_invitation": ("group", "inviter"),
    "offer_to_professional": ("need", "group", "role"),
    "team_to_group": ("need", "group"),
    "reminder": ("need",),
    "offer_withdrawn": ("need", "group"),
    "confirmed_to_professional": ("need", "group"),
    "confirmed_to_group": ("need",),
    "confirmed_seat": ("need", "group"),
    "answered_no": ("need", "group"),
    "declined_to_professional": ("need", "group"),
    "declined_to_group": ("need",),
    "expired": ("need", "group"),
    "team_waits": ("need", "group"),
    "profile_verified": (),
    "profile_returned": (),
    "group_verified": ("group",),
    "group_returned": ("group",),
    "need_opened": ("title",),
    "need_returned": ("title",),
    "need_outdated": ("title",),
    "change_asked": ("need",),
    "opening_told": (),
    "project_message": ("title", "author"),
    "project_changed": ("title", "group"),
    "meeting_planned": ("title",),
    "meeting_cancelled": ("title",),
    "mid_term": ("title",),
    "release_case": ("title",),
    "note_hours": ("title",),
    "confirm_hours": ("title",),
    "group_letter": ("group",),
    "new_needs": (),
    "follow_up": ("title",),
    "scope_changed": ("title",),
    "thanks": ("title", "group"),
    "question": ("need",),
    "change_answered": ("need", "group"),
    "handed_over": (),
    "recruit_company": ("company",),
    "recruit_channel": (),
}
PARTS = ("subject", "opening", "closing")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


class Text(Command):
    """The parts in the city's words; an empty one goes back to the site's. ``based_on``: the
    number of the version that was shown (0: none)."""

    subject: Annotated[str, ShortText(160)] = ""
    opening: Annotated[str, LongText(2000)] = ""
    closing: Annotated[str, LongText(2000)] = ""
    based_on: Annotated[int, Whole(0, 999_999)] = 0


@dataclass(frozen=True)
class Filled:
    """The parts with their names filled in; empty where the site's own words hold."""

    subject: str = ""
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True)
class Version:
    """A version with the name of whoever wrote it."""

    wording: Wording
    author: str


def in_force(session: Session, *, language: str) -> dict[str, Wording]:
    """The newest version of every message that was ever worded in a language. One query."""
    rows = session.exec(
        select(Wording).where(Wording.language == language).order_by(col(Wording.number))
    )
    return {row.code: row for row in rows}


def filled(wording: Wording | Text | None, values: Mapping[str, Any]) -> Filled:
    """A wording with its names filled in from ``values``."""
    if wording is None:
        return Filled()

    def fill(text: str) -> str:
        return _IN_BRACES.sub(lambda found: str(values.get(found[1], found[0])), text)

    return Filled(*(fill(getattr(wording, part)) for part in PARTS))


def check(session: Session, *, actor: Actor, code: str, language: str) -> None:
    """Refused: ``coordinators_only``; ``wording_not_found`` for what nobody can word."""
    require_coordinator(actor)
    if code not in PLACEHOLDERS or language not in LANGUAGES:
        raise NotFound("wording_not_found")


def read(code: str, data: Mapping[str, Any]) -> Text:
    """A text (``Text``) for a message; ``Invalid`` (``unknown_placeholder``, ``no_placeholder``)
    beside a part with braces around anything but the names this message knows."""
    text = validated(Text, data)
    known = PLACEHOLDERS[code]
    code_of_refusal = "unknown_placeholder" if known else "no_placeholder"
    names = ", ".join(f"{{{name}}}" for name in known)
    errors = [
        FieldError(part, code_of_refusal, {"known": names})
        for part in PARTS
        if _strange(getattr(text, part), known)
    ]
    if errors:
        raise Invalid(errors)
    return text


def _strange(text: str, known: tuple[str, ...]) -> bool:
    rest = _IN_BRACES.sub(lambda found: "" if found[1] in known else found[0], text)
    return "{" in rest or "}" in rest


def write(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    code: str,
    language: str,
    data: Mapping[str, Any],
) -> Wording | None:
    """Put a next version in force; the same words again write nothing.

    Refused: what ``check`` and ``read`` refuse; ``changed_meanwhile`` when somebody wrote since
    version ``based_on`` was shown.
    """
    check(session, actor=actor, code=code, language=language)
    text = read(code, data)
    before = in_force(session, language=language).get(code)
    held = before.number if before else 0
    same = all(getattr(before, part, "") == getattr(text, part) for part in PARTS)
    if same and text.based_on in (held, held - 1):  # sent twice, or nothing was changed
        return before
    if text.based_on != held:
        raise Conflict("changed_meanwhile")
    row = Wording(
        code=code,
        language=language,
        number=text.based_on + 1,  # the primary key lets one of two at once win
        **{part: getattr(text, part) for part in PARTS},
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("changed_meanwhile") from taken
    audit.record(
        session, actor=actor, act="word_message", subject=("wording", f"{code}:{language}"),
        now=now, number=row.number,
    )  # fmt: skip
    return row


def versions(session: Session, *, code: str, language: str) -> list[Version]:
    """Every version of a message in a language, newest first."""
    found = session.execute(
        wide_select(Wording, Account.name)
        .join(Account, col(Account.id) == Wording.created_by, isouter=True)
        .where(Wording.code == code, Wording.language == language)
        .order_by(col(Wording.number).desc())
    )
    return [Version(wording, name or "") for wording, name in found]
