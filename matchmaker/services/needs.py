"""The states of a need, as its group moves it: submit, take back to write, rest, withdraw.

draft → submitted → (returned) → open → in round → …; each change is one function here, or in
``checks`` where a coordinator makes it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.models import (
    Group,
    Need,
    NeedState,
    ProfileState,
    Project,
    Proposal,
    ProposalState,
)
from matchmaker.services import audit, seats
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, LongText, Version
from matchmaker.services.commitments import RUNNING
from matchmaker.services.directory import over
from matchmaker.services.need_drafts import find, missing_steps, roles_of
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim

# From where each act leads; whoever is elsewhere is refused with ``need_state``.
SUBMITTABLE = (NeedState.DRAFT, NeedState.RETURNED)
TAKEN_BACK_FROM = (NeedState.SUBMITTED, NeedState.OPEN, NeedState.PAUSED, NeedState.UNSTAFFED)
PAUSED_FROM = (NeedState.SUBMITTED, NeedState.OPEN, NeedState.UNSTAFFED)
WITHDRAWN_FROM = (
    NeedState.DRAFT,
    NeedState.SUBMITTED,
    NeedState.RETURNED,
    NeedState.OPEN,
    NeedState.PAUSED,
    NeedState.UNSTAFFED,
)
AHEAD = 28  # days it takes to find people and to meet


class Reason(Command):
    """Why a need rests or is withdrawn, for the group and the coordinators."""

    reason: Annotated[str, LongText(1000)]
    version: Version


def submit(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Hand a need to the coordinators. Handing it in twice is handing it in once.

    Refused: ``steps_missing`` with the first step, ``group_not_submitted`` while the group itself
    is a draft, ``need_state`` when the need is past that.
    """
    need = find(session, actor=actor, need_id=need_id)
    details = proxy_details(actor, need.group_id, on_behalf)
    if need.state == NeedState.SUBMITTED:
        return need
    require_state(need, SUBMITTABLE)
    if missing := missing_steps(need, roles_of(session, need.id)):
        raise Conflict("steps_missing", step=missing[0])
    group = session.get_one(Group, need.group_id)
    if group.state not in (ProfileState.SUBMITTED, ProfileState.VERIFIED):
        raise Conflict("group_not_submitted")
    claim(session, need, version)
    need.state, need.submitted_at = NeedState.SUBMITTED, now
    _record(session, actor, "need_submitted", need, now, details)
    return need


def take_back(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Take a need back to write on it; it is checked again before it opens again."""
    need = find(session, actor=actor, need_id=need_id)
    details = proxy_details(actor, need.group_id, on_behalf)
    if need.state in SUBMITTABLE:
        return need
    require_state(need, TAKEN_BACK_FROM)
    claim(session, need, version)
    leave_rounds(session, need, now=now)
    need.state, need.state_note = NeedState.DRAFT, ""
    _record(session, actor, "need_taken_back", need, now, details)
    return need


def pause(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    command: Reason,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Let a need rest, with the reason; it takes part in no round until it is resumed."""
    need = find(session, actor=actor, need_id=need_id)
    details = {} if actor.coordinator else proxy_details(actor, need.group_id, on_behalf)
    if need.state == NeedState.PAUSED:
        return need
    require_state(need, PAUSED_FROM)
    claim(session, need, command.version)
    leave_rounds(session, need, now=now)
    need.state, need.state_note = NeedState.PAUSED, command.reason
    _record(session, actor, "need_paused", need, now, details)
    return need


def resume(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """End a rest: an opened need is open again, another waits for its check again."""
    need = find(session, actor=actor, need_id=need_id)
    details = {} if actor.coordinator else proxy_details(actor, need.group_id, on_behalf)
    if need.state in (NeedState.OPEN, NeedState.SUBMITTED):
        return need
    require_state(need, (NeedState.PAUSED,))
    claim(session, need, version)
    need.state = NeedState.OPEN if need.opened_at else NeedState.SUBMITTED
    need.state_note = ""
    _record(session, actor, "need_resumed", need, now, details)
    return need


def withdraw(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    need_id: str,
    command: Reason,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Withdraw a need for good, with the reason; proposals nobody was told of go with it.

    Refused: ``need_in_round`` once people were asked, so that nobody is left without an answer.
    """
    need = find(session, actor=actor, need_id=need_id)
    details = proxy_details(actor, need.group_id, on_behalf)
    if need.state == NeedState.WITHDRAWN:
        return need
    if need.state in (NeedState.IN_ROUND, NeedState.STAFFED, NeedState.IN_PROGRESS):
        raise Conflict("need_in_round")
    require_state(need, WITHDRAWN_FROM)
    claim(session, need, command.version)
    leave_rounds(session, need, now=now)
    need.state, need.state_note = NeedState.WITHDRAWN, command.reason
    _record(session, actor, "need_withdrawn", need, now, details)
    return need


def renew(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    need_id: str,
    version: int,
    on_behalf: OnBehalf | None = None,
) -> Need:
    """Offer a need whose dates are over again, as long as before, from ``AHEAD`` days on.

    Refused: ``need_not_over`` while its last day has not passed, ``need_in_round`` when people were
    asked, who agreed to the old dates.
    """
    need = find(session, actor=actor, need_id=need_id)
    details = proxy_details(actor, need.group_id, on_behalf)
    require_state(need, (NeedState.PAUSED, NeedState.OPEN, NeedState.UNSTAFFED))
    if not over(need, today):
        raise Conflict("need_not_over")
    claim(session, need, version)
    leave_rounds(session, need, now=now)
    need.starts_on, need.ends_on = renewed_dates(need, today)
    need.state = NeedState.OPEN if need.opened_at else NeedState.SUBMITTED
    need.state_note = ""
    details |= {"starts_on": need.starts_on.isoformat(), "ends_on": need.ends_on.isoformat()}
    _record(session, actor, "need_renewed", need, now, details)
    return need


def renewed_dates(need: Need, today: date) -> tuple[date, date]:
    """The first and last day of a need that is offered again: as long as it was, at least a day."""
    first = today + timedelta(days=AHEAD)
    if need.starts_on and need.ends_on:
        return first, first + (need.ends_on - need.starts_on)
    return first, first + timedelta(weeks=need.weeks or 1) - timedelta(days=1)


def leave_rounds(session: Session, need: Need, *, now: datetime) -> None:
    """Take a need out of rounds that nobody was told of yet. Refused (``need_in_round``) when
    people were asked: then a coordinator must speak with them first.
    """
    running = select(Project.id).where(Project.need_id == need.id, col(Project.state).in_(RUNNING))
    if session.exec(running).first():  # a seat of it is being filled again
        raise Conflict("project_is_open")
    proposals = session.exec(
        select(Proposal).where(Proposal.need_id == need.id).with_for_update()
    ).all()
    if any(row.state in (ProposalState.OFFERED, ProposalState.CONFIRMED) for row in proposals):
        raise Conflict("need_in_round")
    for row in proposals:
        if row.state in (ProposalState.PROPOSED, ProposalState.APPROVED):
            row.state, row.state_reason = ProposalState.WITHDRAWN, "need_withdrawn"
            row.version += 1
            session.add(row)
    seats.release(session, need.id)


def require_state(need: Need, allowed: tuple[NeedState, ...]) -> None:
    """Refuse (``need_state``) a need that is in none of ``allowed``."""
    if need.state not in allowed:
        raise Conflict("need_state", state=need.state)


def _record(
    session: Session, actor: Actor, act: str, need: Need, now: datetime, details: dict[str, str]
) -> None:
    session.add(need)
    audit.record(session, actor=actor, act=act, subject=("need", need.id), now=now, **details)
