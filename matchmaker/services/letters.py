"""Letters about offers: to whom, in which language, with which facts. Words are the site's.

A letter can be looked at before it is posted, so a coordinator sees what will go out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.models import Account, Group, GroupMember, Professional
from matchmaker.services import notices


@dataclass(frozen=True)
class Letter:
    """One message. ``email`` is empty for somebody who must be told another way."""

    name: str
    email: str
    language: str
    code: str
    key: str  # names the act and the reader: the same key is posted once
    params: dict[str, Any] = field(default_factory=dict)
    account_id: str | None = None


@dataclass(frozen=True)
class AddressBook:
    """Accounts by id, and the accounts of each group, its contact first."""

    accounts: dict[str, Account]
    groups: dict[str, list[Account]]


def address_book(
    session: Session, *, people: Iterable[Professional], groups: Iterable[Group]
) -> AddressBook:
    """The accounts behind professionals and groups, in two queries."""
    ids = {person.account_id for person in people if person.account_id}
    accounts = session.exec(select(Account).where(col(Account.id).in_(ids))).all() if ids else ()
    members = session.exec(
        select(GroupMember.group_id, Account)
        .join(Account, col(Account.id) == GroupMember.account_id)
        .where(col(GroupMember.group_id).in_({group.id for group in groups}))
        .order_by(col(GroupMember.role), col(Account.id))
    )
    by_group: dict[str, list[Account]] = {}
    for group_id, account in members:
        by_group.setdefault(group_id, []).append(account)
    return AddressBook({account.id: account for account in accounts}, by_group)


def to_professional(
    book: AddressBook, person: Professional, code: str, key: str, /, **params: Any
) -> Letter:
    """A letter to a professional: to their account, else to the address they left, or on paper."""
    account = book.accounts.get(person.account_id or "")
    email = account.email if account else person.email
    return Letter(
        name=person.name,
        email="" if person.on_paper else email,
        language=account.language if account else "ja",
        code=code,
        key=f"{code}:{key}:{person.id}",
        params={"name": person.name, **params},
        account_id=account.id if account else None,
    )


def to_group(
    book: AddressBook, group: Group, code: str, key: str, /, **params: Any
) -> list[Letter]:
    """Letters to everybody who acts for a group, else one to the address it left, or on paper."""
    members = [] if group.on_paper else book.groups.get(group.id)
    if not members:
        name = group.contact_name or group.name
        email = "" if group.on_paper else group.contact_email
        return [
            Letter(name, email, "ja", code, f"{code}:{key}:{group.id}",
                   {"name": name, **params})
        ]  # fmt: skip
    return [
        Letter(
            account.name,
            account.email,
            account.language,
            code,
            f"{code}:{key}:{account.id}",
            {"name": account.name, **params},
            account.id,
        )
        for account in members
    ]


def post(session: Session, letters: Iterable[Letter], *, now: datetime) -> None:
    """Put letters into the outbox; those without an address wait to be printed."""
    for letter in letters:
        notices.tell_address(
            session,
            email=letter.email,
            language=letter.language,
            code=letter.code,
            dedupe_key=letter.key,
            now=now,
            account_id=letter.account_id,
            **letter.params,
        )
