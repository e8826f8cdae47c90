"""Messages to a group: to everybody who acts for it, or to its contact, by mail or on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import Account, Group, GroupMember
from matchmaker.services import notices


def accounts_of(session: Session, group_id: str) -> Sequence[Account]:
    """The accounts that act for a group, its contact first."""
    return session.exec(
        select(Account)
        .join(GroupMember, col(GroupMember.account_id) == col(Account.id))
        .where(GroupMember.group_id == group_id)
        .order_by(col(GroupMember.role), col(Account.id))
    ).all()


def tell_group(
    session: Session, *, group: Group, code: str, key: str, now: datetime, **params: Any
) -> int:
    """Queue message ``code`` for everybody in the group; returns how many can be reached by mail.

    ``key`` names the act, so that repeating it sends nothing twice.
    """
    facts = {"group_id": group.id, "group": group.name, **params}
    people = () if group.on_paper else accounts_of(session, group.id)
    for person in people:
        notices.tell(
            session, to=person, code=code, dedupe_key=f"{code}:{key}:{person.id}", now=now, **facts
        )
    if people:
        return len(people)
    email = "" if group.on_paper else group.contact_email
    named = {} if email else {"name": group.contact_name or group.name}
    notices.tell_address(
        session, email=email, language="ja", code=code, dedupe_key=f"{code}:{key}:{group.id}",
        now=now, **named, **facts,
    )  # fmt: skip
    return 1 if email else 0
