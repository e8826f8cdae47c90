"""A round from its beginning to the review: create, ask for the computation, stop, cancel.

The computation itself is in ``computing``, what it leaves in the tables in ``publication``, the
coordinator's decisions in ``approvals`` and ``marks``; sending is a step of its own, in ``offers``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import case, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.engine.policy import Policy
from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.jobs import enqueue
from matchmaker.models import (
    HELD,
    OPEN_ROUND,
    Account,
    Decision,
    DecisionAct,
    Group,
    Need,
    NeedState,
    Proposal,
    ProposalState,
    Round,
    RoundNeed,
    RoundState,
)
from matchmaker.services import audit, capacity, pledges, policies
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Codes, Command, Date, ShortText, Whole, validated
from matchmaker.services.versions import claim

REPLY_DAYS = 14
COMPUTE = "compute_round"
COMPUTABLE = (RoundState.DRAFT, RoundState.READY, RoundState.FAILED)


class NewRound(Command):
    """A name, and what differs from the policy in force. No needs: every open one; no limit: what
    the coordinators can accompany."""

    name: Annotated[str, ShortText(120, 1)]
    need_ids: Annotated[list[str], Codes(most=5_000)] = Field(default_factory=list)
    seed: Annotated[int, Whole(0, 999_999_999)] | None = None
    max_new_projects: Annotated[int, Whole(0, 10_000)] | None = None
    reply_by: Date | None = None


@dataclass(frozen=True)
class OpenNeed:
    """A need that can be put into a round."""

    need: Need
    group_name: str


@dataclass(frozen=True)
class RoundLine:
    """A round in the list. ``proposals``: live ones; ``approved``: those decided for."""

    round: Round
    needs: int
    proposals: int
    approved: int
    author: str


def find(session: Session, *, actor: Actor, round_id: str) -> Round:
    """A round for a coordinator, or refuse: ``coordinators_only``, ``round_not_found``."""
    require_coordinator(actor)
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound("round_not_found")
    return row


def find_computed(session: Session, *, actor: Actor, round_id: str) -> Round:
    """The same, refused (``round_not_computed``) as long as nothing came of it."""
    row = find(session, actor=actor, round_id=round_id)
    if not row.runs:
        raise Conflict("round_not_computed")
    return row


def lock_ready(session: Session, *, actor: Actor, round_id: str, alone: bool = False) -> Round:
    """The round, kept in review until this transaction ends; refused unless it is in review.

    Several may hold it at once, unless one asks for it ``alone`` because the round will change.
    """
    require_coordinator(actor)
    row = session.exec(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update(read=not alone)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("round_not_found")
    if row.state != RoundState.READY:
        raise Conflict("round_not_in_review", state=row.state)
    return row


def _available() -> tuple[Any, Any]:
    """The conditions of needs that are open and in no live round."""
    held = select(RoundNeed.need_id).where(col(RoundNeed.live))
    return Need.state == NeedState.OPEN, col(Need.id).not_in(held)


def open_need_count(session: Session) -> int:
    """How many needs could go into a round now."""
    return session.exec(select(func.count()).select_from(Need).where(*_available())).one()


_URGENT_FIRST = case({"urgent": 0, "important": 1}, value=col(Need.urgency), else_=2)


def open_needs(session: Session, *, most: int | None = None) -> list[OpenNeed]:
    """Needs that are open and in no live round: urgent first, then the longest waiting.

    With ``most`` only so many of them.
    """
    found = session.exec(
        select(Need, Group.name)
        .join(Group, col(Group.id) == Need.group_id)
        .where(*_available())
        .order_by(_URGENT_FIRST, col(Need.opened_at), col(Need.id))
        .limit(most)
    )
    return [OpenNeed(need, name) for need, name in found]


def create(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    data: Mapping[str, Any],
    pledged: bool = True,
) -> Round:
    """A draft round (``NewRound``) under the policy in force; nobody else sees anything of it.
    Confirmed pledges of companies go into it, unless not ``pledged``.

    Refused: ``coordinators_only``; ``Invalid``, also for needs that are not open or already in a
    live round (``need_not_open``), for no need at all (``no_open_needs``) and for a reply date
    that is not ahead (``in_the_past``).
    """
    require_coordinator(actor)
    wanted = validated(NewRound, data)
    needs = _chosen_needs(session, wanted)
    if wanted.reply_by is not None and wanted.reply_by <= today:
        raise Invalid([FieldError("reply_by", "in_the_past")])
    version = policies.current(session)
    policy = _policy(session, wanted, today)
    row = Round(
        name=wanted.name,
        policy=policy,
        policy_version=version.id if version else None,
        seed=policy["seed"],
        as_of=today,
        reply_by=wanted.reply_by or today + timedelta(days=REPLY_DAYS),
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add_all(RoundNeed(round_id=row.id, need_id=need_id) for need_id in needs)
    try:
        session.flush()
    except IntegrityError as taken:  # another round took a need at the same moment
        raise Conflict("changed_meanwhile") from taken
    if pledged:
        pledges.reserve(session, row=row, need_ids=needs, today=today)
    _record(session, actor, now, row, "create_round", needs=len(needs))
    return row


def policy_today(session: Session, *, today: date) -> Policy:
    """The policy of a round that would be begun today and in which nothing was chosen."""
    return Policy.from_json(_policy(session, NewRound(name="-"), today))


def _policy(session: Session, wanted: NewRound, today: date) -> dict[str, Any]:
    return {
        **policies.in_force(session).to_json(),
        "seed": int(today.strftime("%Y%m%d")) if wanted.seed is None else wanted.seed,
        "max_new_projects": _limit(session, wanted, today),
        "as_of": today.isoformat(),
    }


def _limit(session: Session, wanted: NewRound, today: date) -> int | None:
    """The limit that was chosen, else what the coordinators can accompany."""
    if wanted.max_new_projects is not None:
        return wanted.max_new_projects
    return capacity.capacity(session, on=today).free


def _chosen_needs(session: Session, wanted: NewRound) -> list[str]:
    available = list(
        session.exec(
            select(Need.id)
            .where(*_available())
            .order_by(_URGENT_FIRST, col(Need.opened_at), col(Need.id))
        )
    )
    if unknown := [need_id for need_id in wanted.need_ids if need_id not in available]:
        error = FieldError("need_ids", "need_not_open", {"count": len(unknown)})
        raise Invalid([error])
    if not available:
        raise Invalid([FieldError("need_ids", "no_open_needs")])
    return wanted.need_ids or available


def take_in(session: Session, *, row: Round, need_id: str) -> None:
    """Put one more open need into a round that is not sent; refused (``changed_meanwhile``) when
    another round has it."""
    if session.exec(select(Need.id).where(Need.id == need_id, *_available())).first() is None:
        raise Conflict("changed_meanwhile")
    session.add(RoundNeed(round_id=row.id, need_id=need_id))
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("changed_meanwhile") from taken


def request_computation(
    session: Session, *, actor: Actor, now: datetime, round_id: str, version: int
) -> Round:
    """Queue the computation of a draft, failed or reviewed round. Asking twice is asking once.

    Approved seats are kept (they become pins), rejected pairs are kept out (they become bans);
    what is merely proposed is proposed anew. Refused: ``round_not_found``, ``round_is_past``
    (sent, closed or cancelled), ``changed_meanwhile``.
    """
    row = find(session, actor=actor, round_id=round_id)
    if row.state == RoundState.COMPUTING:
        return row
    if row.state not in COMPUTABLE:
        raise Conflict("round_is_past", state=row.state)
    claim(session, row, version)
    row.state, row.stage, row.progress, row.failure = RoundState.COMPUTING, "waiting", 0, {}
    session.add(row)
    enqueue(
        session,
        COMPUTE,
        now=now,
        dedupe_key=f"{COMPUTE}:{row.id}:{row.version}",
        created_by=actor.account_id,
        round_id=row.id,
        version=row.version,
    )
    _record(session, actor, now, row, "compute_round")
    return row


def stop_computation(
    session: Session, *, actor: Actor, now: datetime, round_id: str, version: int
) -> Round:
    """Give up a running computation; the round is as it was before it was asked for."""
    row = find(session, actor=actor, round_id=round_id)
    if row.state != RoundState.COMPUTING:
        return row
    claim(session, row, version)
    row.state = RoundState.READY if row.runs else RoundState.DRAFT
    row.stage, row.progress = "", 0
    session.add(row)
    _record(session, actor, now, row, "stop_computation")
    return row


def cancel(session: Session, *, actor: Actor, now: datetime, round_id: str, version: int) -> Round:
    """Give up a round that was not sent: its needs are free for another, its proposals end."""
    row = find(session, actor=actor, round_id=round_id)
    if row.state == RoundState.CANCELLED:
        return row
    if row.state not in OPEN_ROUND:
        raise Conflict("round_is_past", state=row.state)
    claim(session, row, version)
    row.state, row.closed_at = RoundState.CANCELLED, now
    session.add(row)
    for need in session.exec(select(RoundNeed).where(RoundNeed.round_id == row.id)):
        need.live = False
        session.add(need)
    live = (ProposalState.PROPOSED, *HELD)
    for proposal in session.exec(
        select(Proposal).where(Proposal.round_id == row.id, col(Proposal.state).in_(live))
    ):
        end_proposal(session, proposal, actor, now, DecisionAct.WITHDRAW, "round_cancelled")
    _record(session, actor, now, row, "cancel_round")
    return row


_ENDS = {DecisionAct.WITHDRAW: ProposalState.WITHDRAWN, DecisionAct.REPLACE: ProposalState.REPLACED}


def end_proposal(
    session: Session,
    proposal: Proposal,
    actor: Actor,
    now: datetime,
    act: DecisionAct,
    reason: str,
) -> None:
    """Take a proposal out of the round (``WITHDRAW`` or ``REPLACE``), with a coded reason."""
    claim(session, proposal, proposal.version)
    proposal.state, proposal.state_reason = _ENDS[act], reason
    session.add(proposal)
    session.add(
        Decision(
            proposal_id=proposal.id,
            act=act,
            side="coordinator" if actor.account_id else "system",
            actor_id=actor.account_id,
            reason=reason,
            at=now,
        )
    )
    session.flush()


def listing(session: Session, *, actor: Actor) -> list[RoundLine]:
    """Every round, newest first, with its counts."""
    require_coordinator(actor)
    needs = select(func.count()).where(RoundNeed.round_id == Round.id).scalar_subquery()

    def proposals(*states: str) -> Any:
        return (
            select(func.count())
            .where(Proposal.round_id == Round.id, col(Proposal.state).in_(states))
            .scalar_subquery()
        )

    found = session.exec(
        wide_select(
            Round, needs, proposals(ProposalState.PROPOSED, *HELD), proposals(*HELD), Account.name
        )
        .join(Account, col(Account.id) == Round.created_by, isouter=True)
        .order_by(col(Round.created_at).desc(), col(Round.id))
    )
    return [RoundLine(row[0], row[1], row[2], row[3], row[4] or "") for row in found]


def policy_of(row: Round) -> Policy:
    """The policy a round was created under, without its marks."""
    return Policy.from_json(row.policy)


def _record(
    session: Session, actor: Actor, now: datetime, row: Round, act: str, **details: Any
) -> None:
    audit.record(session, actor=actor, act=act, subject=("round", row.id), now=now, **details)
