"""A letter from anybody to a group, through the site: the group's address stays with the site.

Nobody needs an account to write, so there are limits: a few letters a day from one address, and no
more than a group can read. What was written is forgotten here once it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import Group, Notice
from matchmaker.services import group_directory, letters
from matchmaker.services.commands import Command, EmailText, LongText, ShortText, validated

CODE = "group_letter"
A_DAY = timedelta(days=1)
FROM_ONE, TO_ONE, IN_ALL = 3, 10, 200  # letters a day
MOST_LINKS = 2
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class ToGroup(Command):
    """Who writes, where an answer reaches them, and what they write."""

    name: Annotated[str, ShortText(80, 1)]
    email: EmailText
    text: Annotated[str, LongText(2000, 10)]


def write(session: Session, *, now: datetime, group_id: str, data: Mapping[str, Any]) -> Group:
    """Send a letter (``ToGroup``) to a group that takes letters; the same one twice goes once.

    Refused: ``group_not_found``, ``group_takes_no_letters``, ``too_many_letters``; beside ``text``
    ``too_many_links``.
    """
    group = group_directory.public_group(session, group_id=group_id, on=now.date()).group
    if not group_directory.takes_letters(session, group):
        raise Conflict("group_takes_no_letters")
    wanted = validated(ToGroup, data)
    if len(_LINK.findall(wanted.text)) > MOST_LINKS:
        raise Invalid([FieldError("text", "too_many_links", {"max": MOST_LINKS})])
    key = sha256(f"{group_id}\n{wanted.email}\n{wanted.text}".encode()).hexdigest()[:24]
    _keep_limits(session, now, group_id, wanted.email, key)
    book = letters.address_book(session, people=(), groups=[group])
    written = letters.to_group(
        book, group, CODE, key, group=group.name, group_id=group.id, author=wanted.name,
        reply_to=wanted.email, text=wanted.text, sender=_mark(wanted.email),
    )  # fmt: skip
    letters.post(session, written, now=now)
    return group


def _mark(email: str) -> str:
    """What is kept of a sender's address to count by, once the rest is forgotten."""
    return sha256(email.casefold().encode()).hexdigest()[:24]


def _keep_limits(session: Session, now: datetime, group_id: str, email: str, key: str) -> None:
    """Refuse (``too_many_letters``) more than a day takes. A letter to several members is one."""
    rows = session.exec(
        select(Notice.dedupe_key, Notice.params).where(
            Notice.code == CODE, col(Notice.created_at) > now - A_DAY
        )
    )
    mark = _mark(email)
    sent = {name.split(":")[1]: params for name, params in rows}
    if key in sent:
        return
    to_group = sum(params.get("group_id") == group_id for params in sent.values())
    from_one = sum(params.get("sender") == mark for params in sent.values())
    if to_group >= TO_ONE or from_one >= FROM_ONE or len(sent) >= IN_ALL:
        raise Conflict("too_many_letters")
