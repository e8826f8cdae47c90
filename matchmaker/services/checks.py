"""What coordinators check: people, groups and needs. Each is opened or returned with a comment.

The text stays the writer's own: a coordinator asks for a change, and never makes it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from sqlmodel import Session

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import (
    Group,
    Need,
    NeedState,
    Professional,
    ProfileState,
)
from matchmaker.services import audit, letters
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, LongText, Version
from matchmaker.services.group_notices import tell_group
from matchmaker.services.needs import require_state
from matchmaker.services.versions import claim

Profile = Professional | Group
Row = TypeVar("Row", Professional, Group)
_KINDS: dict[type[Any], str] = {Professional: "professional", Group: "group"}


class Comment(Command):
    """What has to change, or why something rests: sent to whom it concerns."""

    comment: Annotated[str, LongText(2000, 5)]
    version: Version


def verify_professional(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    professional_id: str,
    version: int,
) -> Professional:
    """Accept a person's profile; from now on rounds may propose them. ``today`` starts the wait."""
    person = _profile(session, actor, Professional, professional_id)
    return _verify(session, actor, person, now, today, version)


def verify_group(
    session: Session, *, actor: Actor, now: datetime, today: date, group_id: str, version: int
) -> Group:
    """Accept a group; its needs can be opened and it may stand in the directory."""
    group = _profile(session, actor, Group, group_id)
    return _verify(session, actor, group, now, today, version)


def return_professional(
    session: Session, *, actor: Actor, now: datetime, professional_id: str, command: Comment
) -> Professional:
    """Ask a person to change their profile; they see the comment and hand it in again."""
    person = _profile(session, actor, Professional, professional_id)
    return _return(session, actor, person, now, command)


def return_group(
    session: Session, *, actor: Actor, now: datetime, group_id: str, command: Comment
) -> Group:
    """Ask a group to change its registration; it sees the comment and hands it in again."""
    group = _profile(session, actor, Group, group_id)
    return _return(session, actor, group, now, command)


def pause_profile(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    kind: type[Row],
    profile_id: str,
    command: Comment,
) -> Row:
    """Let a checked person or group rest: no round proposes them. The comment says why."""
    row = _profile(session, actor, kind, profile_id)
    if row.state == ProfileState.PAUSED:
        return row
    _require(row, ProfileState.VERIFIED)
    claim(session, row, command.version)
    row.state, row.returned_comment = ProfileState.PAUSED, command.comment
    _record(session, actor, "paused", row, now)
    return row


def resume_profile(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    kind: type[Row],
    profile_id: str,
    version: int,
) -> Row:
    """End the rest of a person or a group that was checked before."""
    row = _profile(session, actor, kind, profile_id)
    if row.state == ProfileState.VERIFIED:
        return row
    _require(row, ProfileState.PAUSED)
    claim(session, row, version)
    row.state, row.returned_comment = ProfileState.VERIFIED, ""
    _record(session, actor, "resumed", row, now)
    return row


def open_need(
    session: Session, *, actor: Actor, now: datetime, today: date, need_id: str, version: int
) -> Need:
    """Open a checked need: it is public and takes part in the next round.

    Refused: ``group_not_verified``, ``need_state``. The group's wait starts with its first need.
    """
    need = _need(session, actor, need_id)
    if need.state == NeedState.OPEN:
        return need
    require_state(need, (NeedState.SUBMITTED,))
    group = session.get_one(Group, need.group_id)
    if group.state != ProfileState.VERIFIED:
        raise Conflict("group_not_verified")
    claim(session, need, version)
    need.state, need.returned_comment = NeedState.OPEN, ""
    need.opened_at = need.opened_at or now
    if group.waiting_since is None:
        group.waiting_since = today
        session.add(group)
    session.add(need)
    _record_need(session, actor, "need_opened", need, now)
    tell_group(
        session, group=group, code="need_opened", key=f"{need.id}:{need.version}", now=now,
        need_id=need.id, title=need.title,
    )  # fmt: skip
    return need


def return_need(
    session: Session, *, actor: Actor, now: datetime, need_id: str, command: Comment
) -> Need:
    """Ask the group to change a need, with the comment it will read."""
    need = _need(session, actor, need_id)
    if need.state == NeedState.RETURNED:
        return need
    require_state(need, (NeedState.SUBMITTED,))
    claim(session, need, command.version)
    need.state, need.returned_comment = NeedState.RETURNED, command.comment
    session.add(need)
    _record_need(session, actor, "need_returned", need, now)
    tell_group(
        session, group=session.get_one(Group, need.group_id), code="need_returned",
        key=f"{need.id}:{need.version}", now=now,
        need_id=need.id, title=need.title, comment=command.comment,
    )  # fmt: skip
    return need


def _profile(session: Session, actor: Actor, kind: type[Row], profile_id: str) -> Row:
    require_coordinator(actor)
    row = session.get(kind, profile_id)
    if row is None:
        raise NotFound(f"{_KINDS[kind]}_not_found")
    return row


def _need(session: Session, actor: Actor, need_id: str) -> Need:
    require_coordinator(actor)
    need = session.get(Need, need_id)
    if need is None or need.state == NeedState.DRAFT:
        raise NotFound("need_not_found")
    return need


def _require(row: Profile, *allowed: str) -> None:
    if row.state not in allowed:
        raise Conflict("profile_state", state=row.state)


def _verify(
    session: Session, actor: Actor, row: Row, now: datetime, today: date, version: int
) -> Row:
    if row.state == ProfileState.VERIFIED:
        return row
    _require(row, ProfileState.SUBMITTED)
    claim(session, row, version)
    row.state, row.returned_comment, row.verified_at = ProfileState.VERIFIED, "", now
    if isinstance(row, Professional) and row.waiting_since is None:
        row.waiting_since = today
    _record(session, actor, "verified", row, now)
    _tell(session, row, "verified", now)
    return row


def _return(session: Session, actor: Actor, row: Row, now: datetime, command: Comment) -> Row:
    if row.state == ProfileState.RETURNED:
        return row
    _require(row, ProfileState.SUBMITTED)
    claim(session, row, command.version)
    row.state, row.returned_comment = ProfileState.RETURNED, command.comment
    _record(session, actor, "returned", row, now)
    _tell(session, row, "returned", now, comment=command.comment)
    return row


def _tell(session: Session, row: Profile, act: str, now: datetime, **params: str) -> None:
    key = f"{row.id}:{row.version}"
    if isinstance(row, Group):
        tell_group(session, group=row, code=f"group_{act}", key=key, now=now, **params)
        return
    book = letters.address_book(session, people=[row], groups=())
    letters.post(
        session, [letters.to_professional(book, row, f"profile_{act}", key, **params)], now=now
    )


def _record(session: Session, actor: Actor, act: str, row: Profile, now: datetime) -> None:
    kind = _KINDS[type(row)]
    session.add(row)
    audit.record(session, actor=actor, act=f"{kind}_{act}", subject=(kind, row.id), now=now)


def _record_need(session: Session, actor: Actor, act: str, need: Need, now: datetime) -> None:
    audit.record(session, actor=actor, act=act, subject=("need", need.id), now=now)
