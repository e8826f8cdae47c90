"""Messages to a group: to everybody who acts for it, or to its contact's address on paper."""

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
    people = accounts_of(session, group.id)
    for person in people:
        notices.tell(
            session, to=person, code=code, dedupe_key=f"{code}:{key}:{person.id}", now=now,
            group_id=group.id, group=group.name, **params,
        )  # fmt: skip
    if people or not group.contact_email:
        return len(people)
    notices.tell_address(
        session, email=group.contact_email, language="ja", code=code,
        dedupe_key=f"{code}:{key}:{group.id}", now=now,
        group_id=group.id, group=group.name, **params,
    )  # fmt: skip
    return 1
