"""Addresses that take no mail: seen while sending or told afterwards, and what is done about it.

A message that came back keeps its state until somebody has acted: the address was corrected, its
owner gets letters, it is tried again, or let be. So what waits is never forgotten or lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import Account, Group, GroupMember, Notice, NoticeState, Professional
from matchmaker.services import audit, details, notices, paper
from matchmaker.services.accounts import address
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, EmailText, validated
from matchmaker.services.notice_kinds import kind_of
from matchmaker.services.on_behalf import OnBehalf, proxy_details


class NewAddress(Command):
    """The right address, as somebody told it."""

    email: EmailText


@dataclass(frozen=True)
class Refusal:
    """Since when an address takes no mail, and what its server said."""

    email: str
    since: datetime
    said: str
    notice_id: str


@dataclass(frozen=True)
class Trouble:
    """An address that takes no mail, everybody behind it, and what did not arrive, oldest first.

    ``account``: who signs in with it, and so has to confirm another one themselves.
    """

    email: str
    notices: Sequence[Notice]
    account: Account | None
    people: Sequence[Professional]
    groups: Sequence[Group]

    @property
    def since(self) -> datetime:
        """When the first message came back."""
        return min(each.bounced_at or each.created_at for each in self.notices)

    @property
    def said(self) -> str:
        """What the server said last."""
        return self.notices[-1].error


def behind(session: Session, rows: Iterable[Professional | Group]) -> dict[str, Refusal]:
    """Id of a person or group → the address of theirs that takes no mail. Three queries at most."""
    emails: dict[str, set[str]] = {}
    owners: dict[str, list[str]] = {}
    for row in rows:
        known = row.email if isinstance(row, Professional) else row.contact_email
        emails.setdefault(row.id, set()).add(known)
        if isinstance(row, Professional) and row.account_id:
            owners.setdefault(row.account_id, []).append(row.id)
    led = select(GroupMember).where(col(GroupMember.group_id).in_(list(emails)))
    for member in session.exec(led):
        owners.setdefault(member.account_id, []).append(member.group_id)
    accounts = session.exec(select(Account).where(col(Account.id).in_(list(owners)))).all()
    for account in accounts:
        for owner in owners[account.id]:
            emails[owner].add(account.email)
    refused = _refusing(session, {each for found in emails.values() for each in found})
    return {
        owner: refused[email]
        for owner, found in emails.items()
        for email in sorted(found)
        if email in refused
    }


def _refusing(session: Session, emails: set[str]) -> dict[str, Refusal]:
    rows = session.exec(
        select(Notice)
        .where(Notice.state == NoticeState.BOUNCED, col(Notice.email).in_(emails - {""}))
        .order_by(col(Notice.bounced_at).desc(), col(Notice.id))
    )
    return {
        row.email: Refusal(row.email, row.bounced_at or row.created_at, row.error, row.id)
        for row in rows
    }


def trouble(session: Session, *, actor: Actor, notice_id: str) -> Trouble:
    """Everything about the address of a message that came back. Refused: ``coordinators_only``,
    ``mail_not_found`` also once it is settled."""
    require_coordinator(actor)
    first = session.get(Notice, notice_id)
    if first is None or first.state != NoticeState.BOUNCED:
        raise NotFound("mail_not_found")
    account = session.exec(select(Account).where(Account.email == address(first.email))).first()
    mine = account.id if account else None
    people = session.exec(
        select(Professional).where(
            (func.lower(Professional.email) == address(first.email))
            | (col(Professional.account_id) == mine)
        )
    ).all()
    led = select(GroupMember.group_id).where(GroupMember.account_id == mine)
    groups = session.exec(
        select(Group).where(
            (func.lower(Group.contact_email) == address(first.email)) | col(Group.id).in_(led)
        )
    ).all()
    came_back = session.exec(
        select(Notice)
        .where(Notice.state == NoticeState.BOUNCED, Notice.email == first.email)
        .order_by(col(Notice.bounced_at), col(Notice.id))
    ).all()
    return Trouble(first.email, came_back, account, people, groups)


def try_again(session: Session, *, actor: Actor, now: datetime, notice_id: str) -> int:
    """Send everything once more to the same address; returns how many messages."""
    found = trouble(session, actor=actor, notice_id=notice_id)
    for each in found.notices:
        notices.again(each, now=now)
        session.add(each)
    _record(session, actor, now, "mail_again", found)
    return len(found.notices)


def let_be(session: Session, *, actor: Actor, now: datetime, notice_id: str) -> int:
    """What came back need not arrive any more; returns how many messages."""
    found = trouble(session, actor=actor, notice_id=notice_id)
    for each in _with_collected(session, found.notices):
        each.state = NoticeState.DROPPED
        session.add(each)
    session.flush()
    _record(session, actor, now, "mail_let_be", found)
    return len(found.notices)


def to_paper(session: Session, *, actor: Actor, now: datetime, notice_id: str) -> int:
    """Everybody behind the address gets letters from now on, also what came back; returns how many
    letters wait. Refused: ``nobody_behind_address`` when it belongs to no person and no group."""
    found = trouble(session, actor=actor, notice_id=notice_id)
    if not found.people and not found.groups:
        raise Conflict("nobody_behind_address")
    for person in found.people:
        paper.switch(session, actor=actor, now=now, row=person, on=True)
    for group in found.groups:
        paper.switch(session, actor=actor, now=now, row=group, on=True)
    name = found.people[0].name if found.people else found.groups[0].contact_name
    letters = 0
    for each in _with_collected(session, found.notices):
        printable = kind_of(each.code) != "account"
        letters += printable
        each.state = NoticeState.PAPER if printable else NoticeState.DROPPED
        each.params = {"name": name, **each.params}
        session.add(each)
    session.flush()
    _record(session, actor, now, "mail_to_paper", found)
    return letters


def correct(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    notice_id: str,
    data: dict[str, Any],
    told: OnBehalf,
) -> Trouble:
    """Write to another address (``NewAddress``) from now on, as somebody told it.

    Of people and groups without an account the address is changed, and what came back goes there.
    Whoever signs in with it gets a link to the new one, and confirms it before anything follows.
    Refused: as ``trouble``; ``email_same``.
    """
    found = trouble(session, actor=actor, notice_id=notice_id)
    wanted = address(validated(NewAddress, data).email)
    if wanted == address(found.email):
        raise Invalid([FieldError("email", "email_same")])
    if found.account is not None:
        details.offer_new_email(session, account=found.account, email=wanted, now=now)
    else:
        _write_to(session, found, wanted, now)
    _record(session, actor, now, "mail_address", found, **proxy_details(actor, "", told))
    return found


def _write_to(session: Session, found: Trouble, email: str, now: datetime) -> None:
    for person in found.people:
        person.email, person.version = email, person.version + 1
        session.add(person)
    for group in found.groups:
        group.contact_email, group.version = email, group.version + 1
        session.add(group)
    session.flush()
    notices.readdress(session, old=found.email, new=email, now=now)


def _with_collected(session: Session, notices: Iterable[Notice]) -> list[Notice]:
    """The messages, and those that a mail among them carried."""
    found = list(notices)
    carried = select(Notice).where(
        Notice.state == NoticeState.COLLECTED,
        col(Notice.digest_id).in_([each.id for each in found]),
    )
    return [*found, *session.exec(carried)]


def _record(
    session: Session, actor: Actor, now: datetime, act: str, found: Trouble, **more: Any
) -> None:
    """In the history of everybody behind the address; else of its first message."""
    subjects = [("professional", each.id) for each in found.people]
    subjects += [("group", each.id) for each in found.groups]
    for subject in subjects or [("notice", found.notices[0].id)]:
        audit.record(
            session, actor=actor, act=act, subject=subject, now=now, count=len(found.notices),
            **more,
        )  # fmt: skip
