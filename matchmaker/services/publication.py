"""A computed round goes into the tables, whole: proposals, open needs, who waits, the proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from matchmaker import __version__
from matchmaker.engine.answers.fair import promise_prices, served_counts, worst_served
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.reasons import Reason
from matchmaker.engine.result import Proposal as Proposed
from matchmaker.engine.result import Result, Waiting
from matchmaker.engine.unstaffed import blocking_role, unstaffed_reasons
from matchmaker.models import (
    Decision,
    DecisionAct,
    Proposal,
    ProposalState,
    Round,
    RoundNeed,
    RoundPerson,
    RoundState,
)
from matchmaker.services import capacity, indicators
from matchmaker.services.actors import SYSTEM
from matchmaker.services.marks import Held
from matchmaker.services.rounds import end_proposal
from matchmaker.services.snapshots import Snapshot, fingerprint

CHANGES = 3  # smallest changes kept for a need without a team
Pair = tuple[str, str]


@dataclass(frozen=True)
class OpenNeed:
    """A need without a team: the role that blocks it, why, and what would help."""

    need_id: str
    role_id: str
    reasons: tuple[Reason, ...]
    changes: tuple[Reason, ...]


@dataclass(frozen=True)
class Told:
    """A result with everything that is said about it."""

    result: Result
    proposals: tuple[Proposed, ...]
    unstaffed: tuple[OpenNeed, ...]
    waiting: Sequence[Waiting]
    prices: dict[str, dict[str, int]]  # class of groups → level → what is lost for its promise
    limit: dict[str, Any] | None  # of new projects, and the needs that would have a team without it


def explain(result: Result) -> Told:
    """Work out every reason of a result."""
    open_needs = np.flatnonzero(~result.outcome.solution.staffed).tolist()
    unstaffed = tuple(_open_need(result, need) for need in open_needs)
    prices = {
        name: {level: -loss for level, loss in (price.loss or {}).items() if loss}
        for name, price in promise_prices(result.outcome).items()
    }
    return Told(result, result.proposals, unstaffed, result.waiting, prices, _limit(result))


def _limit(result: Result) -> dict[str, Any] | None:
    """What the limit of new projects cost: the round is solved again without it."""
    most = result.policy.max_new_projects
    if most is None:
        return None
    other = result.what_if(replace(result.policy, max_new_projects=None))
    return {"most": most, "staffed": list(other.staffed), "unstaffed": list(other.unstaffed)}


def _open_need(result: Result, need: int) -> OpenNeed:
    outcome = result.outcome
    need_id, role = outcome.need_id(need), blocking_role(outcome, need)
    return OpenNeed(
        need_id,
        "" if role is None else outcome.role_id(role),
        unstaffed_reasons(outcome, need),
        result.changes(need_id, CHANGES),
    )


def check(result: Result) -> dict[str, Any]:
    """The verdict of the independent checker, bounds, gaps and tie values, as kept in a round."""
    report = result.check()
    return {
        "proven": result.proof.proven and not report.violations,
        "bounds": result.proof.bounds,
        "gaps": result.proof.gaps,
        "ties": result.ties,
        "proofs": report.proofs,
        "violations": [[fault.code, str(fault.params)] for fault in report.violations],
        "worst_fit_price": result.outcome.solution.worst_fit_price,
        "pairs": len(result.outcome.pairs.score),
        "price_gap": result.proof.prices.gap,
    }


def publish(
    session: Session,
    row: Round,
    *,
    snapshot: Snapshot,
    held: Held,
    told: Told,
    checked: dict[str, Any],
    kept: bytes,
    now: datetime,
) -> None:
    """Replace what the round proposed by ``told``; approved seats and rejections stay."""
    before = _live(session, row)
    changed = _changes(row, before, told)
    _store_proposals(session, row, before, snapshot, held, told, now)
    _store_needs(session, row, told)
    _store_people(session, row, told)
    row.levels = dict(told.result.levels)
    row.proof = checked
    row.measures = {**_measures(session, row, told), "changed": changed}
    if not row.runs:
        row.first = _kept_of_first(row, told, now)
    row.engine_version = __version__
    row.snapshot, row.inputs_hash = kept, fingerprint(kept)
    row.state, row.stage, row.progress = RoundState.READY, "", 100
    row.runs, row.computed_at = row.runs + 1, now
    row.version += 1
    session.add(row)


def _live(session: Session, row: Round) -> dict[Pair, Proposal]:
    found = session.exec(
        select(Proposal).where(
            Proposal.round_id == row.id,
            col(Proposal.state).in_([ProposalState.PROPOSED, ProposalState.APPROVED]),
        )
    )
    return {(each.professional_id, each.role_id): each for each in found}


def _store_proposals(
    session: Session,
    row: Round,
    before: dict[Pair, Proposal],
    snapshot: Snapshot,
    held: Held,
    told: Told,
    now: datetime,
) -> None:
    wanted = {(each.professional_id, each.role_id): each for each in told.proposals}
    gone = [each for pair, each in before.items() if pair not in wanted]
    _take_away(session, gone, now)
    free = {role: list(seats) for role, seats in snapshot.free_seats.items()}
    for pair, each in before.items():
        if pair in wanted:
            free[each.role_id].remove(each.seat)
    for pair, proposed in wanted.items():
        stored = before.get(pair) or Proposal(
            round_id=row.id,
            need_id=proposed.need_id,
            role_id=proposed.role_id,
            professional_id=proposed.professional_id,
            seat=free[proposed.role_id].pop(0),
            score=0,
            reply_by=row.reply_by,
            created_at=now,
        )
        _fill(stored, proposed, pinned=pair in held.marked)
        stored.sure = {}
        session.add(stored)
    session.flush()


def _take_away(session: Session, gone: Iterable[Proposal], now: datetime) -> None:
    """A seat that is no longer proposed disappears; one that was decided about stays on record."""
    gone = list(gone)
    ids = [each.id for each in gone]
    decided = set(
        session.exec(select(Decision.proposal_id).where(col(Decision.proposal_id).in_(ids)))
    )
    for each in gone:
        if each.id in decided:
            end_proposal(session, each, SYSTEM, now, DecisionAct.REPLACE, "recomputed")
        else:
            session.delete(each)
    session.flush()


def _fill(stored: Proposal, proposed: Proposed, *, pinned: bool) -> None:
    values = {
        "score": proposed.score,
        "contributions": proposed.contributions,
        "strengths": [str(each) for each in proposed.strengths if pinned or each.code != "pinned"],
        "gaps": [str(each) for each in proposed.gaps],
        "pinned": pinned,
    }
    if all(getattr(stored, name) == value for name, value in values.items()):
        return
    if stored.score:  # known before: whoever looks at the old numbers is told
        stored.version += 1
    for name, value in values.items():
        setattr(stored, name, value)


def _store_needs(session: Session, row: Round, told: Told) -> None:
    staffed = {each.need_id for each in told.proposals}
    unstaffed = {each.need_id: each for each in told.unstaffed}
    for need in session.exec(select(RoundNeed).where(RoundNeed.round_id == row.id)):
        reasons = unstaffed.get(need.need_id)
        need.live = need.need_id in staffed or reasons is not None  # others are open no more
        need.staffed = need.need_id in staffed
        need.blocking_role = (reasons.role_id or None) if reasons else None
        need.reasons = [str(each) for each in reasons.reasons] if reasons else []
        need.smallest_change = (
            {"changes": [str(each) for each in reasons.changes]} if reasons else {}
        )
        session.add(need)


def _store_people(session: Session, row: Round, told: Told) -> None:
    session.execute(delete(RoundPerson).where(col(RoundPerson.round_id) == row.id))
    reasons = {each.professional_id: each.reasons for each in told.waiting}
    people = [
        {
            "round_id": row.id,
            "professional_id": person.id,
            "matched": person.id not in reasons,
            "reasons": [str(each) for each in reasons.get(person.id, ())],
            "openings": {},
        }
        for person in told.result.market.professionals
    ]
    if people:
        session.execute(insert(RoundPerson), people)


def _changes(row: Round, before: dict[Pair, Proposal], told: Told) -> dict[str, Any]:
    """What is different from the computation before; empty the first time."""
    if not row.runs:
        return {}
    now = {(each.professional_id, each.role_id): each.need_id for each in told.proposals}
    old_needs = {each.need_id for each in before.values()}
    new_needs = set(now.values())
    return {
        "added": sorted(list(pair) for pair in set(now) - set(before)),
        "removed": sorted(list(pair) for pair in set(before) - set(now)),
        "staffed": sorted(new_needs - old_needs),
        "unstaffed": sorted(old_needs - new_needs),
        "levels": dict(row.levels),
    }


def _measures(session: Session, row: Round, told: Told) -> dict[str, Any]:
    market, levels = told.result.market, told.result.levels
    urgency = [need.urgency for need in market.needs]
    matched = {each.professional_id for each in told.proposals}
    return {
        "groups": [levels["groups_served"], len(market.groups)],
        "needs": [levels["needs_staffed"], len(market.needs)],
        "urgent": [levels["urgent_staffed"], urgency.count("urgent")],
        "important": [levels["important_staffed"], urgency.count("important")],
        "people": [len(matched), len(market.professionals) - len(market.unverified)],
        "seats": [len(told.proposals), sum(role.seats for role in market.roles)],
        "employers": _employers(session, row, told),
        "prices": told.prices,
        "fairness": _fairness(told.result.outcome),
        "limit": told.limit
        and {**told.limit, "said": capacity.capacity(session, on=row.as_of).free},
    }


def _fairness(outcome: Outcome) -> dict[str, Any]:
    """Class of groups → [served, in the round]; the lowest fit of a need; the days that groups with
    and without a team have waited on average."""
    wait, groups = outcome.problem.group_wait, outcome.problem.need_group
    served = np.unique(groups[outcome.solution.staffed])
    left = np.setdiff1d(groups, served)
    return {
        "served": {name: list(each) for name, each in served_counts(outcome).items()},
        "worst_fit": worst_served(outcome)[1],
        "days": [round(float(wait[each].mean())) if len(each) else 0 for each in (served, left)],
    }


def _kept_of_first(row: Round, told: Told, now: datetime) -> dict[str, Any]:
    """What the first computation came to, before anybody changed anything."""
    return {
        "at": now.isoformat(),
        "levels": row.levels,
        "measures": {name: each for name, each in row.measures.items() if name != "changed"},
        "pairs": sorted([each.professional_id, each.role_id] for each in told.proposals),
    }


def _employers(session: Session, row: Round, told: Told) -> list[int]:
    """Distinct employers of pro bono workers now, and with this round, as the city counts them."""
    people = {each.professional_id for each in told.proposals}
    now = indicators.employers_now(session, on=row.as_of)[1]
    return [now, indicators.employers_through(session, on=row.as_of, people=people)]
