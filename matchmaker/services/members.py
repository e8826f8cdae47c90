"""Who acts for a group: invitations by e-mail, leaving, and handing over the contact role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from matchmaker.models import Account, Group, GroupInvitation, GroupMember, MemberRole
from matchmaker.services import audit, notices
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, EmailText
from matchmaker.services.groups import find

OPEN_FOR = timedelta(days=14)
MOST_OPEN = 20  # invitations of one group that wait for an answer


class Invite(Command):
    """The address of somebody who shall act for the group."""

    email: EmailText


@dataclass(frozen=True)
class Member:
    """Somebody who acts for a group."""

    account_id: str
    name: str
    kana: str
    email: str
    contact: bool
    joined_at: datetime


@dataclass(frozen=True)
class Asked:
    """An invitation an account can answer."""

    id: str
    group_name: str
    inviter: str
    expires_at: datetime


def members_of(session: Session, *, actor: Actor, group_id: str) -> list[Member]:
    """Everybody who acts for the group, the contact first."""
    find(session, actor=actor, group_id=group_id)
    rows = session.exec(
        select(GroupMember, Account)
        .join(Account, col(Account.id) == col(GroupMember.account_id))
        .where(GroupMember.group_id == group_id)
        .order_by(col(GroupMember.role), col(GroupMember.joined_at))
    )
    return [
        Member(
            account.id, account.name, account.kana, account.email,
            row.role == MemberRole.CONTACT, row.joined_at,
        )
        for row, account in rows
    ]  # fmt: skip


def waiting_invitations(session: Session, *, group_id: str) -> Sequence[GroupInvitation]:
    """Invitations of a group that were neither answered nor taken back."""
    return session.exec(
        select(GroupInvitation)
        .where(GroupInvitation.group_id == group_id, col(GroupInvitation.ended_at).is_(None))
        .order_by(col(GroupInvitation.created_at))
    ).all()


def invite(
    session: Session, *, actor: Actor, now: datetime, group_id: str, command: Invite
) -> GroupInvitation:
    """Ask somebody by mail to act for the group. Only the contact (or a coordinator) may.

    The answer is the same whether or not the address has an account. Asking again while an
    invitation waits sends nothing new. Refused: ``already_member``, ``too_many_invitations``.
    """
    group = find(session, actor=actor, group_id=group_id)
    _require_contact(session, actor, group_id)
    email = command.email.casefold()
    if any(member.email == email for member in members_of(session, actor=actor, group_id=group_id)):
        raise Invalid([FieldError("email", "already_member")])
    waiting = waiting_invitations(session, group_id=group_id)
    known = next((row for row in waiting if row.email == email), None)
    if known is not None and known.expires_at > now:
        return known
    if known is not None:
        known.ended_at = now
        session.flush()
    elif len(waiting) >= MOST_OPEN:
        raise Conflict("too_many_invitations", max=MOST_OPEN)
    invitation = GroupInvitation(
        group_id=group_id, email=email, invited_by=actor.account_id,
        created_at=now, expires_at=now + OPEN_FOR,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    account = session.exec(select(Account).where(Account.email == email)).first()
    notices.tell_address(
        session, email=email, language=account.language if account else actor.language,
        code="group_invitation", dedupe_key=f"group_invitation:{invitation.id}", now=now,
        account_id=account.id if account else None,
        invitation_id=invitation.id, group=group.name, inviter=actor.name,
    )  # fmt: skip
    _record(session, actor, "member_invited", group_id, now, invitation=invitation.id)
    return invitation


def invitations_for(session: Session, *, actor: Actor, now: datetime) -> list[Asked]:
    """Invitations the account can answer, because its verified address was asked."""
    rows = session.exec(
        select(GroupInvitation, Group, Account)
        .join(Group, col(Group.id) == col(GroupInvitation.group_id))
        .outerjoin(Account, col(Account.id) == col(GroupInvitation.invited_by))
        .where(GroupInvitation.email == select(Account.email).where(
            Account.id == actor.account_id).scalar_subquery())
        .where(col(GroupInvitation.ended_at).is_(None), GroupInvitation.expires_at > now)
        .order_by(col(GroupInvitation.created_at))
    )  # fmt: skip
    return [
        Asked(row.id, group.name, inviter.name if inviter else "", row.expires_at)
        for row, group, inviter in rows
    ]


def answer(
    session: Session, *, actor: Actor, now: datetime, invitation_id: str, accept: bool
) -> str:
    """Say yes or no to an invitation; returns the group's id. Answering twice changes nothing.

    Refused: ``invitation_not_found`` for whoever does not hold the address, or when it is over.
    """
    invitation = session.exec(
        select(GroupInvitation).where(GroupInvitation.id == invitation_id).with_for_update()
    ).first()
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if invitation is None or account is None or account.email != invitation.email:
        raise NotFound("invitation_not_found")
    if invitation.accepted and invitation.group_id in actor.group_ids:
        return invitation.group_id
    if invitation.ended_at is not None or invitation.expires_at <= now:
        raise NotFound("invitation_not_found")
    invitation.ended_at, invitation.accepted = now, accept
    session.add(invitation)
    group_id = invitation.group_id
    if accept and session.get(GroupMember, (group_id, account.id)) is None:
        role = MemberRole.MEMBER if _contact_of(session, group_id) else MemberRole.CONTACT
        session.add(GroupMember(group_id=group_id, account_id=account.id, role=role, joined_at=now))
    act = "member_joined" if accept else "member_refused"
    _record(session, actor, act, group_id, now, invitation=invitation.id)
    return group_id


def take_back(session: Session, *, actor: Actor, now: datetime, invitation_id: str) -> str:
    """Take back an invitation that waits; returns the group's id."""
    invitation = session.get(GroupInvitation, invitation_id)
    if invitation is None:
        raise NotFound("invitation_not_found")
    find(session, actor=actor, group_id=invitation.group_id)
    _require_contact(session, actor, invitation.group_id)
    if invitation.ended_at is None:
        invitation.ended_at = now
        session.add(invitation)
        _record(session, actor, "invitation_taken_back", invitation.group_id, now)
    return invitation.group_id


def remove(
    session: Session, *, actor: Actor, now: datetime, group_id: str, account_id: str
) -> None:
    """Take a member off the group: the contact may, and everybody may leave.

    Refused: ``contact_must_hand_over`` for the contact themselves. Removing twice is fine.
    """
    find(session, actor=actor, group_id=group_id)
    if account_id != actor.account_id:
        _require_contact(session, actor, group_id)
    member = session.get(GroupMember, (group_id, account_id))
    if member is None:
        return
    if member.role == MemberRole.CONTACT:
        raise Conflict("contact_must_hand_over")
    session.delete(member)
    _record(session, actor, "member_removed", group_id, now, account=account_id)


def hand_over(
    session: Session, *, actor: Actor, now: datetime, group_id: str, account_id: str
) -> None:
    """Make another member the contact. Refused when they are not (or no longer) a member."""
    find(session, actor=actor, group_id=group_id)
    _require_contact(session, actor, group_id)
    member = session.get(GroupMember, (group_id, account_id))
    if member is None:
        raise NotFound("member_not_found")
    if member.role == MemberRole.CONTACT:
        return
    # One statement after the other: the unique index allows one contact at any moment.
    mine = (col(GroupMember.group_id) == group_id, col(GroupMember.role) == MemberRole.CONTACT)
    session.exec(update(GroupMember).where(*mine).values(role=MemberRole.MEMBER))
    member.role = MemberRole.CONTACT
    session.add(member)
    session.flush()
    _record(session, actor, "contact_handed_over", group_id, now, account=account_id)


def _contact_of(session: Session, group_id: str) -> str | None:
    return session.exec(
        select(GroupMember.account_id).where(
            GroupMember.group_id == group_id, GroupMember.role == MemberRole.CONTACT
        )
    ).first()


def _require_contact(session: Session, actor: Actor, group_id: str) -> None:
    if not actor.coordinator and _contact_of(session, group_id) != actor.account_id:
        raise Forbidden("contact_only")


def _record(
    session: Session, actor: Actor, act: str, group_id: str, now: datetime, **details: str
) -> None:
    session.flush()
    audit.record(session, actor=actor, act=act, subject=("group", group_id), now=now, **details)
