"""A closer look that a coordinator asks for: how sure one seat is, what would open a seat to one
person who waits. For rounds so large that it is too much to work it out for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.engine.answers.openings import Openings
from matchmaker.engine.answers.sure import sure
from matchmaker.errors import Conflict, NotFound
from matchmaker.jobs import Clock, Handler, enqueue, utc_now
from matchmaker.models import Job, JobState, Proposal, Round, RoundPerson
from matchmaker.services import closer_look, results, rounds
from matchmaker.services.actors import Actor

SURE, OPENINGS = "how_sure_one", "openings_one"
KINDS = (*closer_look.HANDLERS, SURE, OPENINGS)
MOST_CELLS = 50_000_000  # people times seats: of a still larger round nothing at all is worked out


@dataclass(frozen=True)
class Look:
    """How far the closer look at a round has come. ``sure``, ``openings``: it is still being worked
    out for everybody. ``asked``: the keys (person, or person and role) that are being worked out
    one by one, ``failed`` those for which it could not be. ``large``: the round is too large to do
    it for every seat; ``tried``: the same of everybody who waits; ``huge``: even for one."""

    sure: bool
    openings: bool
    asked: frozenset[str]
    failed: frozenset[str]
    large: bool
    tried: bool
    huge: bool


def look(session: Session, row: Round) -> Look:
    """How far it has come for the round as it was last worked out."""
    found = session.exec(
        select(Job.kind, Job.dedupe_key, Job.state).where(
            col(Job.kind).in_(KINDS), Job.state != JobState.DONE, _of(row)
        )
    ).all()
    going = [(kind, key) for kind, key, state in found if state != JobState.FAILED]
    kinds = {kind for kind, _key in going}
    pairs = row.proof.get("pairs", 0)
    return Look(
        sure=closer_look.SURE in kinds,
        openings=not kinds.isdisjoint(closer_look.HANDLERS),
        asked=frozenset(_asked_about(key) for kind, key in going if kind in HANDLERS),
        failed=frozenset(
            _asked_about(key)
            for kind, key, state in found
            if kind in HANDLERS and state == JobState.FAILED
        ),
        large=pairs > closer_look.MOST_PAIRS,
        tried=pairs > closer_look.MOST_TRIED,
        huge=_huge(row),
    )


def ask_how_sure(session: Session, *, actor: Actor, now: datetime, proposal_id: str) -> Proposal:
    """Have it worked out how sure one seat is. Refused: ``proposal_not_found``,
    ``round_not_in_review``, ``round_too_large``."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound("proposal_not_found")
    row = _asked(session, actor, proposal.round_id)
    pair = {"person": proposal.professional_id, "role": proposal.role_id}
    _enqueue_one(session, SURE, row, now, **pair)
    return proposal


def ask_openings(
    session: Session, *, actor: Actor, now: datetime, round_id: str, professional_id: str
) -> None:
    """Have it worked out what would open a seat to one person who waits. Refused:
    ``person_not_waiting``, ``round_not_in_review``, ``round_too_large``."""
    row = _asked(session, actor, round_id)
    waiting = session.get(RoundPerson, (row.id, professional_id))
    if waiting is None or waiting.matched:
        raise NotFound("person_not_waiting")
    _enqueue_one(session, OPENINGS, row, now, person=professional_id)


def how_sure(factory: SessionFactory, job: Job, *, clock: Clock = utc_now) -> None:
    """Work out how sure the one seat is that somebody asked about."""
    row = closer_look.wanted(factory, job)
    if row is None:
        return
    outcome = results.result_of(row).outcome.whole
    person, role = str(job.params["person"]), str(job.params["role"])
    (told,) = sure(outcome, [(person, role)])
    with transaction(factory) as session:
        if closer_look.still(session, row):
            proposal = session.exec(
                select(Proposal).where(
                    Proposal.round_id == row.id,
                    Proposal.professional_id == person,
                    Proposal.role_id == role,
                )
            ).one()
            proposal.sure = closer_look.kept(outcome, told)
            session.add(proposal)


def openings(factory: SessionFactory, job: Job, *, clock: Clock = utc_now) -> None:
    """Work out what would open a seat to the one person whom somebody asked about."""
    row = closer_look.wanted(factory, job)
    if row is None:
        return
    person = str(job.params["person"])
    found = Openings(results.result_of(row).outcome).of(person)
    with transaction(factory) as session:
        if closer_look.still(session, row):
            closer_look.store(session, row, {person: map(str, found)})


HANDLERS: Mapping[str, Handler] = {SURE: how_sure, OPENINGS: openings}


def _asked(session: Session, actor: Actor, round_id: str) -> Round:
    row = rounds.find_computed(session, actor=actor, round_id=round_id)
    if row.state not in closer_look.REVIEWED:
        raise Conflict("round_not_in_review", state=row.state)
    if _huge(row):
        raise Conflict("round_too_large")
    return row


def _huge(row: Round) -> bool:
    measures = row.measures
    return int(measures["people"][1]) * int(measures["seats"][1]) > MOST_CELLS


def _enqueue_one(session: Session, kind: str, row: Round, now: datetime, **about: str) -> None:
    """Queue it once; what failed before is tried again."""
    key = f"{kind}:{row.id}:{row.runs}:{':'.join(about.values())}"
    job = enqueue(session, kind, now=now, dedupe_key=key, round_id=row.id, run=row.runs, **about)
    if job.state == JobState.FAILED:
        job.state, job.attempts, job.not_before = JobState.WAITING, 0, now
        session.add(job)


def _of(row: Round) -> ColumnElement[bool]:
    starts = [f"{kind}:{row.id}:{row.runs}:" for kind in KINDS]
    return or_(*(col(Job.dedupe_key).startswith(start, autoescape=True) for start in starts))


def _asked_about(key: str | None) -> str:
    """What is left of a job's key: the person, or the person and the role."""
    return (key or "").split(":", 3)[-1]
