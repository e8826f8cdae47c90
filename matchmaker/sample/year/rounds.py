"""A round from its computation to the last reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict
from matchmaker.jobs import run_next
from matchmaker.models import Proposal, ProposalState, Round
from matchmaker.sample.year.people import wish
from matchmaker.sample.year.world import World, words
from matchmaker.services import approvals, offers, replies, rounds
from matchmaker.services.computing import compute_round

REPLY_DAYS = 14
_PERSON = ((0.86, "yes"), (0.95, "no"), (1.0, ""))  # up to which chance; "" is silence
_GROUP = ((0.94, "yes"), (0.97, "no"), (1.0, ""))
_REJECTED = 0.08


def name_of(day: date) -> str:
    """A round bears the name of its month."""
    return f"{day.year}年{day.month}月の回"


def hold(world: World) -> None:
    """Wishes, a round of everything that is open, its review, and its letters a day later."""
    wish(world)

    def begin(session: Session, now: datetime) -> str:
        row = rounds.create(
            session,
            actor=world.coordinator,
            now=now,
            today=world.day,
            data={"name": name_of(world.day)},
        )
        rounds.request_computation(
            session, actor=world.coordinator, now=now, round_id=row.id, version=row.version
        )
        return row.id

    round_id = world.do(begin)
    if round_id is None:
        return
    _compute(world)
    world.at(world.day + timedelta(days=1), lambda: _review(world, round_id))
    world.at(world.day + timedelta(days=2), lambda: _send(world, round_id))


def _compute(world: World) -> None:
    clock = world.now
    run_next(world.factory, {rounds.COMPUTE: partial(compute_round, clock=clock)}, clock=clock)


def _review(world: World, round_id: str) -> None:
    """A review; where things changed overnight the round is worked out again before."""
    if _decide(world, round_id):
        return

    def again(session: Session, now: datetime) -> bool:
        version = session.get_one(Round, round_id).version
        rounds.request_computation(
            session, actor=world.coordinator, now=now, round_id=round_id, version=version
        )
        return True

    if world.do(again):
        _compute(world)
        _decide(world, round_id)


def _decide(world: World, round_id: str) -> bool:
    """The coordinator takes a few teams out and approves the others; False where it was refused."""
    rng = world.chance(f"review:{round_id}")

    def decide(session: Session, now: datetime) -> bool:
        seats = _proposals(session, round_id)
        out = {
            need for need in sorted({each.need_id for each in seats}) if rng.random() < _REJECTED
        }
        for each in seats:
            if each.need_id in out:
                data = {"version": each.version, "reason": "group_not_ready"}
                approvals.reject(
                    session, actor=world.coordinator, now=now, proposal_id=each.id, data=data
                )
        approvals.approve_all(session, actor=world.coordinator, now=now, round_id=round_id)
        return True

    return bool(world.do(decide))


def _send(world: World, round_id: str) -> None:
    """The letters go out; a team that lost somebody overnight is taken out of the round before."""
    reply_by = world.day + timedelta(days=REPLY_DAYS)

    def take_out(session: Session, now: datetime) -> None:
        plan = offers.plan(session, actor=world.coordinator, round_id=round_id, reply_by=reply_by)
        for seat in [seat for team in plan.incomplete for seat in team.seats]:
            data = {"version": seat.proposal.version, "reason": "other", "note": words("lost_one")}
            approvals.reject(
                session, actor=world.coordinator, now=now, proposal_id=seat.proposal.id, data=data
            )

    def send(session: Session, now: datetime) -> list[tuple[str, str, str]]:
        row = session.get_one(Round, round_id)
        plan = offers.plan(session, actor=world.coordinator, round_id=round_id, reply_by=reply_by)
        data = {"version": row.version, "shown": plan.digest, "reply_by": reply_by}
        offers.send_round(
            session, actor=world.coordinator, now=now, today=world.day, round_id=round_id, data=data
        )
        return [
            (each.id, each.need_id, each.professional_id)
            for each in _proposals(session, round_id)
            if each.state == ProposalState.OFFERED
        ]

    world.do(take_out)
    world.at(world.day + timedelta(days=REPLY_DAYS + 3), partial(_close, world, round_id))
    for proposal_id, need_id, person_id in world.do(send) or ():
        _await(world, proposal_id, need_id, person_id)


def _close(world: World, round_id: str) -> None:
    def close(session: Session, now: datetime) -> None:
        row = session.get_one(Round, round_id)
        offers.close_round(
            session, actor=world.coordinator, now=now, round_id=round_id, version=row.version
        )

    world.do(close)


def _proposals(session: Session, round_id: str) -> list[Proposal]:
    return list(
        session.exec(
            select(Proposal).where(Proposal.round_id == round_id).order_by(col(Proposal.id))
        )
    )


def _await(world: World, proposal_id: str, need_id: str, person_id: str) -> None:
    """Note when both sides answer, and what; silence ends with the reply date by itself."""
    rng = world.chance(f"replies:{proposal_id}")
    for side, odds, longest in ((_person_says, _PERSON, 9), (_group_says, _GROUP, 12)):
        drawn = rng.random()
        answer = next(said for limit, said in odds if drawn < limit)
        day = world.day + timedelta(days=rng.randint(1, longest))
        if answer:
            say = partial(side, world, proposal_id, need_id, person_id, answer)
            world.at(day, partial(_say, world, say))


def _say(world: World, say: Callable[[Session, datetime], Any]) -> None:
    world.do(say)


def _person_says(
    world: World,
    proposal_id: str,
    _need_id: str,
    person_id: str,
    answer: str,
    session: Session,
    now: datetime,
) -> None:
    given: dict[str, Any] = {
        "actor": world.people[person_id], "now": now, "today": world.day,
        "proposal_id": proposal_id,
    }  # fmt: skip
    if answer == "yes":
        try:
            replies.accept_offer(session, **given)
        except Conflict as refusal:
            if refusal.code == "offer_is_over":
                raise
            answer = "no"  # they have promised too much elsewhere since
    if answer == "no":
        reason = world.chance(f"why:{proposal_id}").choice(("too_busy", "dates", "content"))
        replies.decline_offer(session, **given, data={"reason": reason})


def _group_says(
    world: World,
    proposal_id: str,
    need_id: str,
    _person_id: str,
    answer: str,
    session: Session,
    now: datetime,
) -> None:
    need = replies.find_need(session, actor=world.coordinator, need_id=need_id)
    given: dict[str, Any] = {
        "now": now, "today": world.day, "need_id": need_id, **world.for_group(need.group_id),
    }  # fmt: skip
    if answer == "yes":
        replies.accept_team(session, **given, proposal_ids=[proposal_id])
    else:
        data = {"proposal_ids": [proposal_id], "reason": "changed"}
        replies.decline_team(session, **given, data=data)
