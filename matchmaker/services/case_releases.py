"""Who releases a case: everybody on the project agrees to one edition of it, and a coordinator then
puts it on the site. A release can be taken back at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from matchmaker.errors import Conflict, FieldError, Forbidden, Invalid
from matchmaker.models import Case, CaseRelease, CaseState, ProjectMember, Side
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.cases import (
    details_of,
    find,
    locked,
    record,
    refresh_search_text,
    releases,
    staying,
)
from matchmaker.services.commands import Code, Command, Flag, Version, validated
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim


class Yes(Command):
    """A release of the edition that was shown, with the name or without it."""

    edition: Version
    named: Flag = False


class Heard(Yes):
    """A release that a coordinator was told of: ``who`` is a member's id, or ``group``."""

    who: Code


def release(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> CaseRelease:
    """One side says yes to the edition shown (``Yes``); again to change whether a name stands.

    Refused: ``project_not_found``, ``case_not_found``, ``case_state`` unless releases are asked
    for or it is public, ``changed_meanwhile`` when another edition was shown, ``not_on_case`` to
    whoever left the project before its end, ``on_behalf_needed``.
    """
    _project, group, member = find(session, actor=actor, side=side, project_id=project_id)
    details = details_of(actor, group, side, on_behalf)
    if member is not None and member.left_on is not None:
        raise Forbidden("not_on_case")
    wanted = validated(Yes, data)
    return _release(session, actor, now, project_id, side, member, wanted, details)


def release_heard(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf,
) -> CaseRelease:
    """A coordinator notes a yes given by telephone or on paper (``Heard``). Refused: what
    ``release`` refuses; ``not_in_list`` beside ``who``; ``coordinators_only``."""
    require_coordinator(actor)
    wanted = validated(Heard, data)
    members = {member.id: member for member, _person in staying(session, project_id)}
    if wanted.who != "group" and wanted.who not in members:
        raise Invalid([FieldError("who", "not_in_list")])
    member = members.get(wanted.who)
    details = proxy_details(actor, None, on_behalf)
    side = Side.PROFESSIONAL if member else Side.GROUP
    return _release(session, actor, now, project_id, side, member, wanted, details)


def _release(
    session: Session,
    actor: Actor,
    now: datetime,
    project_id: str,
    side: Side,
    member: ProjectMember | None,
    wanted: Yes,
    details: dict[str, Any],
) -> CaseRelease:
    case = locked(session, project_id)
    if case.state not in (CaseState.ASKED, CaseState.PUBLISHED):
        raise Conflict("case_state")
    if wanted.edition != case.edition:
        raise Conflict("changed_meanwhile")
    row = _row(session, case, side, member) or CaseRelease(
        case_id=case.id, side=side, member_id=member.id if member else None, edition=0, given_at=now
    )
    row.edition, row.named, row.withdrawn_at = wanted.edition, wanted.named, None
    row.given_by, row.given_at = actor.account_id, now
    session.add(row)
    refresh_search_text(session, case)
    session.flush()
    record(session, actor, now, case, "release_case", {**details, "side": side,
                                                        "named": wanted.named})  # fmt: skip
    return row


def take_back(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    on_behalf: OnBehalf | None = None,
) -> Case:
    """Take one's release back: a public case leaves the site at once.

    Refused: ``project_not_found``, ``case_not_found``, ``on_behalf_needed``.
    """
    _project, group, member = find(session, actor=actor, side=side, project_id=project_id)
    details = details_of(actor, group, side, on_behalf)
    case = locked(session, project_id)
    row = _row(session, case, side, member)
    if row is None or row.withdrawn_at is not None:
        return case
    row.withdrawn_at, row.named = now, False
    session.add(row)
    if case.state == CaseState.PUBLISHED:
        case.state = CaseState.ASKED
    session.add(case)
    session.flush()
    record(session, actor, now, case, "take_back_case", {**details, "side": side})
    return case


def publish(
    session: Session, *, actor: Actor, now: datetime, project_id: str, version: int
) -> Case:
    """Put a case that everybody released on the site. Refused: ``coordinators_only``,
    ``case_not_found``, ``case_state``, ``changed_meanwhile``, ``case_not_released``."""
    require_coordinator(actor)
    case = locked(session, project_id)
    if case.state != CaseState.ASKED:
        raise Conflict("case_state")
    given = releases(session, case)
    awaited = {member.id for member, _person in staying(session, project_id)} | {None}
    if awaited - set(given):
        raise Conflict("case_not_released")
    claim(session, case, version)
    case.state, case.published_at = CaseState.PUBLISHED, case.published_at or now
    refresh_search_text(session, case)
    record(session, actor, now, case, "publish_case", {})
    return case


def withdraw(
    session: Session, *, actor: Actor, now: datetime, project_id: str, version: int
) -> Case:
    """A coordinator takes a case off the site, or stops asking. Refused: ``coordinators_only``,
    ``case_not_found``, ``case_state``, ``changed_meanwhile``."""
    require_coordinator(actor)
    case = locked(session, project_id)
    if case.state not in (CaseState.ASKED, CaseState.PUBLISHED):
        raise Conflict("case_state")
    claim(session, case, version)
    case.state = CaseState.WITHDRAWN
    session.add(case)
    record(session, actor, now, case, "withdraw_case", {})
    return case


def _row(
    session: Session, case: Case, side: Side, member: ProjectMember | None
) -> CaseRelease | None:
    wanted = select(CaseRelease).where(CaseRelease.case_id == case.id, CaseRelease.side == side)
    if member is not None:
        wanted = wanted.where(CaseRelease.member_id == member.id)
    return session.exec(wanted).first()
