"""What a computed round tells besides, worked out by itself while it is already being reviewed:
how sure each proposal is, and what would open a seat to each of those who wait.

Both solve the round many times over, so they follow the computation as jobs of their own. A round
that was worked out anew meanwhile is left alone; whoever repeats a part writes the same again.
What is too much for everybody in a large round can be asked about one by one (``closer_asks``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from matchmaker.db import SessionFactory, looking, transaction
from matchmaker.engine.answers.openings import Openings
from matchmaker.engine.answers.sure import Sureness, sure
from matchmaker.engine.outcome import Outcome
from matchmaker.jobs import Clock, Handler, enqueue, utc_now
from matchmaker.models import Job, Professional, Proposal, Round, RoundPerson, RoundState
from matchmaker.services import results

SURE, OPENINGS = "how_sure", "openings"
MOST_PAIRS = 50_000  # of a larger round nothing is worked out by itself
MOST_TRIED = 10_000  # and of one with more allowed pairs than this, nothing for those who wait
REVIEWED = (RoundState.READY, RoundState.FAILED)
MOST_WAITING, AT_ONCE = 300, 25  # those who wait longest, and how many a job looks at


def begin(session: Session, row: Round, *, clock: Clock) -> None:
    """Queue the closer look at a round that was just computed."""
    _enqueue(session, SURE, row, clock)


def how_sure(factory: SessionFactory, job: Job, *, clock: Clock = utc_now) -> None:
    """Work out how sure each proposal is, then go on to those who wait."""
    row = wanted(factory, job)
    outcome = _outcome(row)
    if row is None or outcome is None:
        return
    told = {(each.person_id, each.role_id): kept(outcome, each) for each in sure(outcome)}
    with transaction(factory) as session:
        if not still(session, row):
            return
        proposals = session.exec(select(Proposal).where(Proposal.round_id == row.id))
        for each in proposals.all():
            each.sure = told.get((each.professional_id, each.role_id), {})
            session.add(each)
        if len(outcome.pairs.score) <= MOST_TRIED:
            _enqueue(session, OPENINGS, row, clock)


def openings(factory: SessionFactory, job: Job, *, clock: Clock = utc_now) -> None:
    """Work out what would open a seat to the next few who wait, longest first."""
    row, first = wanted(factory, job), int(job.params["first"])
    outcome = _outcome(row)
    if row is None or outcome is None:
        return
    with looking(factory) as session:
        people = _waiting(session, row, first)
    found = Openings(outcome)
    told = {each: [str(change) for change in found.of(each)] for each in people}
    with transaction(factory) as session:
        if not people or not still(session, row):
            return
        store(session, row, told)
        if first + AT_ONCE < MOST_WAITING:
            _enqueue(session, OPENINGS, row, clock, first + AT_ONCE)


HANDLERS: Mapping[str, Handler] = {SURE: how_sure, OPENINGS: openings}


def _enqueue(session: Session, kind: str, row: Round, clock: Clock, first: int = 0) -> None:
    key = f"{kind}:{row.id}:{row.runs}:{first}"
    enqueue(session, kind, now=clock(), dedupe_key=key, round_id=row.id, run=row.runs, first=first)


def wanted(factory: SessionFactory, job: Job) -> Round | None:
    """The round as the job's computation left it; None when there was another since, or when
    nobody reviews it any more."""
    with looking(factory) as session:
        row = session.get(Round, str(job.params["round_id"]))
        if row is None or row.runs != int(job.params["run"]) or row.state not in REVIEWED:
            return None
        session.expunge(row)
        return row


def _outcome(row: Round | None) -> Outcome | None:
    """The solved round, unless it is too large for many more solutions."""
    outcome = results.result_of(row).outcome if row else None
    small = outcome and outcome.complete and len(outcome.pairs.score) <= MOST_PAIRS
    return outcome if small else None


def still(session: Session, row: Round) -> bool:
    """Whether the round is the one that was looked at, kept so until the transaction ends."""
    held = session.exec(select(Round.runs).where(Round.id == row.id).with_for_update()).first()
    return held == row.runs


def kept(outcome: Outcome, told: Sureness) -> dict[str, Any]:
    """What is kept of an answer: the quarters that break the pair, and the nearest breaks."""
    if (told.person_id, told.role_id) in outcome.snapshot.policy.pins:
        return {"fixed": True}
    return {
        "holds": told.holds,
        "breaks": [[each.feature, each.percent] for each in told.trials if not each.holds],
        "nearest": [[each.feature, each.change, each.weight] for each in told.nearest],
    }


def _waiting(session: Session, row: Round, first: int) -> list[str]:
    found = session.exec(
        select(RoundPerson.professional_id)
        .join(Professional, col(Professional.id) == RoundPerson.professional_id)
        .where(RoundPerson.round_id == row.id, col(RoundPerson.matched).is_(False))
        .order_by(
            col(Professional.waiting_since).is_(None),
            col(Professional.waiting_since),
            col(Professional.id),
        )
        .offset(first)
        .limit(AT_ONCE)
    )
    return list(found)


def store(session: Session, row: Round, told: Mapping[str, Iterable[str]]) -> None:
    """Keep what would open a seat to each person."""
    for person, changes in told.items():
        session.execute(
            update(RoundPerson)
            .where(col(RoundPerson.round_id) == row.id, col(RoundPerson.professional_id) == person)
            .values(openings={"changes": list(changes)})
        )
