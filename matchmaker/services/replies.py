"""Both sides answer an offer: yes, or not this time with a reason.

An offer is confirmed when both said yes; when every essential seat of the need is confirmed, the
project opens. A no, silence after the reply date, or a withdrawal frees the seat and opens the
need again for the next round. Whoever acts holds the need first, so two answers at once follow
one another and exactly one of them completes the team.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import (
    DecisionAct,
    Need,
    Professional,
    Proposal,
    ProposalState,
    Reply,
    Role,
    Side,
)
from matchmaker.services import endings, promises, teams
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import (
    Choice,
    CodeList,
    Command,
    Date,
    LongText,
    Version,
    validated,
)
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.versions import claim

# Why somebody says no. Codes; the site has the words.
PROFESSIONAL_REASONS = (
    "not_this_time",
    "not_until",
    "too_busy",
    "dates",
    "place",
    "content",
    "skills",
    "relation",
    "employer",
    "other",
)
GROUP_REASONS = (
    "not_this_time",
    "solved",
    "changed",
    "not_ready",
    "skills",
    "dates",
    "relation",
    "other",
)
WITHDRAW_REASONS = ("person_asked", "group_asked", "mistake", "circumstances", "other")


class Remark(Command):
    """Words for the coordinators that come with a reply of any kind."""

    note: Annotated[str, LongText(1000)] = ""


class Decline(Command):
    """A professional's no: a coded reason, from when on they can be asked again (``not_until`` says
    when), and words for the coordinators."""

    reason: Annotated[str, Choice(PROFESSIONAL_REASONS)]
    again_from: Date | None = None
    note: Annotated[str, LongText(1000)] = ""


class TeamDecline(Command):
    """A group's no to some or all of a team, with the reason."""

    proposal_ids: CodeList
    reason: Annotated[str, Choice(GROUP_REASONS)]
    note: Annotated[str, LongText(1000)] = ""


class Withdrawal(Command):
    """Why a coordinator takes an offer back."""

    version: Version
    reason: Annotated[str, Choice(WITHDRAW_REASONS)]
    note: Annotated[str, LongText(1000)] = ""


def accept_offer(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    proposal_id: str,
    on_behalf: OnBehalf | None = None,
) -> Proposal:
    """The professional says yes. Saying it twice is saying it once.

    Refused: ``proposal_not_found`` to others, ``offer_is_over`` with what became of it, and what
    ``promises.shortage`` finds: a yes is never more than capacity and weekly hours allow.
    """
    details = _speaks_as_professional(session, actor, proposal_id, on_behalf)
    need, proposal = _locked(session, proposal_id)
    if proposal.state == ProposalState.CONFIRMED or _said(proposal, Side.PROFESSIONAL, True):
        return proposal
    _require_offered(proposal, today)
    _require_room(session, need, [proposal])
    _reply(session, proposal, Side.PROFESSIONAL, now)
    endings.decide(
        session, actor, now, proposal, DecisionAct.ACCEPT, Side.PROFESSIONAL, details=details
    )
    _confirm(session, [proposal], now)
    teams.settle(session, actor=actor, now=now, today=today, need=need, confirmed=[proposal])
    return proposal


def decline_offer(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    proposal_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Proposal:
    """The professional says no (``Decline``), also after a yes while the group has not answered.
    With ``again_from`` they count as available from that day on, so no round proposes them before.

    Refused: ``proposal_not_found``, ``offer_is_over``; ``Invalid`` for a day that is not ahead
    (``in_the_past``) or after the last one they are available (``after_end``), and for
    ``not_until`` without a day (``missing``).
    """
    details = _speaks_as_professional(session, actor, proposal_id, on_behalf)
    wanted = validated(Decline, data)
    if wanted.reason == "not_until" and wanted.again_from is None:
        raise Invalid([FieldError("again_from", "missing")])
    need, proposal = _locked(session, proposal_id)
    if proposal.state == ProposalState.DECLINED and _said(proposal, Side.PROFESSIONAL, False):
        return proposal
    _require_offered(proposal, None)
    if wanted.again_from is not None:
        _available_from(session, proposal.professional_id, wanted.again_from, today)
    proposal.professional_reply, proposal.professional_replied_at = Reply.DECLINED, now
    endings.decline(
        session, actor, now, proposal, Side.PROFESSIONAL, wanted.reason, wanted.note, details
    )
    teams.settle(session, actor=actor, now=now, today=today, need=need, ended=[proposal])
    return proposal


def _available_from(session: Session, professional_id: str, day: date, today: date) -> None:
    person = session.get_one(Professional, professional_id)
    if day <= today:
        raise Invalid([FieldError("again_from", "in_the_past")])
    if person.available_until is not None and day > person.available_until:
        raise Invalid([FieldError("again_from", "after_end")])
    person.available_from = max(day, person.available_from or day)
    session.add(person)


def accept_team(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    need_id: str,
    proposal_ids: list[str],
    on_behalf: OnBehalf | None = None,
) -> list[Proposal]:
    """The group says yes to these people of a proposed team. Repeating it changes nothing.

    Refused: ``need_not_found`` to others, ``proposal_not_found``, ``offer_is_over`` when one of
    them is no longer offered, and what ``promises.shortage`` finds for who said yes before.
    """
    details = _speaks_for_group(session, actor, need_id, on_behalf)
    need, chosen = _locked_team(session, need_id, proposal_ids)
    fresh = [
        each
        for each in chosen
        if each.state != ProposalState.CONFIRMED and not _said(each, Side.GROUP, True)
    ]
    for each in fresh:
        _require_offered(each, today)
    both = [each for each in fresh if each.professional_reply == Reply.ACCEPTED]
    _require_room(session, need, both)
    for each in fresh:
        _reply(session, each, Side.GROUP, now)
    for each in fresh:
        endings.decide(session, actor, now, each, DecisionAct.ACCEPT, Side.GROUP, details=details)
    _confirm(session, both, now)
    teams.settle(session, actor=actor, now=now, today=today, need=need, confirmed=both)
    return chosen


def decline_team(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    need_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> list[Proposal]:
    """The group says no to some or all of a proposed team (``TeamDecline``); refused as above."""
    details = _speaks_for_group(session, actor, need_id, on_behalf)
    wanted = validated(TeamDecline, data)
    need, chosen = _locked_team(session, need_id, wanted.proposal_ids)
    fresh = [
        each
        for each in chosen
        if not (each.state == ProposalState.DECLINED and _said(each, Side.GROUP, False))
    ]
    for each in fresh:
        _require_offered(each, None)
    for each in fresh:
        each.group_reply, each.group_replied_at = Reply.DECLINED, now
        endings.decline(session, actor, now, each, Side.GROUP, wanted.reason, wanted.note, details)
    teams.settle(session, actor=actor, now=now, today=today, need=need, ended=fresh)
    return chosen


def withdraw(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    proposal_id: str,
    data: Mapping[str, Any],
) -> Proposal:
    """A coordinator takes an offer back (``Withdrawal``), also a confirmed one whose team is not
    complete. Both sides are told; the reason stays with the coordinators.

    Refused: ``changed_meanwhile`` when somebody replied since the page was loaded,
    ``project_is_open`` once the work was agreed, ``offer_is_over``.
    """
    require_coordinator(actor)
    wanted = validated(Withdrawal, data)
    need, proposal = _locked(session, proposal_id)
    if proposal.state == ProposalState.WITHDRAWN:
        return proposal
    if proposal.state == ProposalState.CONFIRMED and teams.is_member(session, proposal):
        raise Conflict("project_is_open")
    if proposal.state not in (ProposalState.OFFERED, ProposalState.CONFIRMED):
        raise Conflict("offer_is_over", state=proposal.state)
    claim(session, proposal, wanted.version)
    proposal.state = ProposalState.WITHDRAWN
    proposal.state_reason, proposal.state_note = wanted.reason, wanted.note
    endings.decide(
        session, actor, now, proposal, DecisionAct.WITHDRAW, "coordinator",
        reason=wanted.reason, note=wanted.note,
    )  # fmt: skip
    teams.settle(session, actor=actor, now=now, today=today, need=need, ended=[proposal])
    return proposal


def find_offer(session: Session, *, actor: Actor, proposal_id: str) -> Proposal:
    """An offer that was sent to the actor, or any for a coordinator; else ``proposal_not_found``.

    What was never sent does not exist for anyone outside.
    """
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or proposal.offered_at is None:
        raise NotFound("proposal_not_found")
    if actor.professional_id != proposal.professional_id and not actor.coordinator:
        raise NotFound("proposal_not_found")
    return proposal


def find_need(session: Session, *, actor: Actor, need_id: str) -> Need:
    """A need of the actor's group, or any for a coordinator; else ``need_not_found``."""
    need = session.get(Need, need_id)
    if need is None or not (need.group_id in actor.group_ids or actor.coordinator):
        raise NotFound("need_not_found")
    return need


def _speaks_as_professional(
    session: Session, actor: Actor, proposal_id: str, on_behalf: OnBehalf | None
) -> dict[str, Any]:
    proposal = find_offer(session, actor=actor, proposal_id=proposal_id)
    if actor.professional_id == proposal.professional_id:
        return {}
    return proxy_details(actor, "", on_behalf)


def _speaks_for_group(
    session: Session, actor: Actor, need_id: str, on_behalf: OnBehalf | None
) -> dict[str, Any]:
    need = find_need(session, actor=actor, need_id=need_id)
    return proxy_details(actor, need.group_id, on_behalf)


def lock_need(session: Session, need_id: str) -> Need:
    """The need, held until the transaction ends: everything about its team waits in line here."""
    return session.exec(
        select(Need)
        .where(Need.id == need_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _locked(session: Session, proposal_id: str) -> tuple[Need, Proposal]:
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound("proposal_not_found")
    need = lock_need(session, proposal.need_id)
    session.refresh(proposal)
    return need, proposal


def _locked_team(
    session: Session, need_id: str, proposal_ids: list[str]
) -> tuple[Need, list[Proposal]]:
    need = lock_need(session, need_id)
    found = session.exec(
        select(Proposal)
        .where(
            col(Proposal.id).in_(proposal_ids),
            Proposal.need_id == need_id,
            col(Proposal.offered_at).is_not(None),
        )
        .order_by(col(Proposal.id))
        .execution_options(populate_existing=True)
    ).all()
    if not proposal_ids or {each.id for each in found} != set(proposal_ids):
        raise NotFound("proposal_not_found")
    return need, list(found)


def _said(proposal: Proposal, side: Side, accepted: bool) -> bool:
    said = proposal.group_reply if side == Side.GROUP else proposal.professional_reply
    return said == (Reply.ACCEPTED if accepted else Reply.DECLINED)


def _require_offered(proposal: Proposal, today: date | None) -> None:
    if proposal.state != ProposalState.OFFERED:
        raise Conflict("offer_is_over", state=proposal.state)
    if today is not None and proposal.reply_by is not None and proposal.reply_by < today:
        raise Conflict("offer_is_over", state=ProposalState.EXPIRED)


def _require_room(session: Session, need: Need, proposals: list[Proposal]) -> None:
    if not proposals:
        return
    # Everybody on the team: the project that may open now touches them all.
    team = select(Proposal.professional_id).where(
        Proposal.need_id == need.id, col(Proposal.state).in_(teams.WAITING)
    )
    people = promises.lock_people(session, set(session.exec(team)))
    for each in proposals:
        asked = promises.asked_minutes(need, session.get_one(Role, each.role_id))
        promises.require_room(session, people[each.professional_id], each, asked)


def _reply(session: Session, proposal: Proposal, side: Side, now: datetime) -> None:
    claim(session, proposal, proposal.version)
    if side == Side.GROUP:
        proposal.group_reply, proposal.group_replied_at = Reply.ACCEPTED, now
    else:
        proposal.professional_reply, proposal.professional_replied_at = Reply.ACCEPTED, now
    session.add(proposal)
    session.flush()


def _confirm(session: Session, proposals: list[Proposal], now: datetime) -> None:
    for each in proposals:
        if each.professional_reply == each.group_reply == Reply.ACCEPTED:
            each.state, each.confirmed_at = ProposalState.CONFIRMED, now
            session.add(each)
    session.flush()
