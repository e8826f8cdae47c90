"""The background job that computes a round, stage by stage, each visible to who waits for it.

It reads one snapshot, works on it without holding the database, and publishes the result in one
transaction. Whoever dies on the way leaves nothing behind: the next worker begins again and, as
the same input gives the same result, ends at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlmodel import Session, col, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.engine.outcome import settle
from matchmaker.engine.policy import Policy
from matchmaker.engine.reasons import join_reasons
from matchmaker.engine.result import Result
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take as take_arrays
from matchmaker.errors import Refusal
from matchmaker.jobs import ATTEMPTS, Clock, utc_now
from matchmaker.models import Job, Round, RoundState
from matchmaker.services import closer_look, marks, publication, snapshots
from matchmaker.services.marks import Held

# Stage → per cent done when it begins.
STAGES = {
    "waiting": 0,
    "reading": 5,
    "rules": 20,
    "scores": 30,
    "solving": 45,
    "explaining": 65,
    "checking": 85,
    "storing": 92,
}


class Superseded(Exception):
    """The round was cancelled, stopped or asked for anew: this computation is not wanted."""


@dataclass(frozen=True)
class Input:
    """What a computation works on."""

    snapshot: snapshots.Snapshot
    policy: Policy
    held: Held


def compute_round(factory: SessionFactory, job: Job, *, clock: Clock = utc_now) -> None:
    """Compute the round of a job and put it up for review, or record why it could not be."""
    round_id, version = str(job.params["round_id"]), int(job.params["version"])
    try:
        _compute(factory, round_id, version, clock)
    except Superseded:
        return
    except Refusal as refusal:
        _fail(factory, round_id, version, refusal.code, _plain(refusal.params))
    except Exception as fault:
        if job.attempts >= ATTEMPTS:
            _fail(factory, round_id, version, "computation_broke", {"fault": type(fault).__name__})
        raise


def _compute(factory: SessionFactory, round_id: str, version: int, clock: Clock) -> None:
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        report(factory, round_id, version, name)
        start = perf_counter()
        yield
        seconds[name] = round(perf_counter() - start, 4)

    with stage("reading"):
        given = read_input(factory, round_id)
        kept = snapshots.pack(given.snapshot.market, given.policy)
    with stage("rules"):
        arrays = take_arrays(given.snapshot.market, given.policy)
    with stage("scores"):
        pairs = score_pairs(arrays)
    with stage("solving"):
        result = Result(settle(arrays, pairs))
    with stage("explaining"):
        told = publication.explain(result)
    with stage("checking"):
        checked = publication.check(result)
    report(factory, round_id, version, "storing")
    start = perf_counter()
    with transaction(factory) as session:
        row = _wanted(session, round_id, version)
        publication.publish(
            session,
            row,
            snapshot=given.snapshot,
            held=given.held,
            told=told,
            checked=checked,
            kept=kept,
            now=clock(),
        )
        closer_look.begin(session, row, clock=clock)
        row.seconds = {**seconds, "storing": round(perf_counter() - start, 4)}
        session.add(row)


def read_input(factory: SessionFactory, round_id: str) -> Input:
    """Market and policy of a round as things stand now."""
    with factory() as session:
        session.connection(execution_options={"reading": True})  # nobody has to wait for it
        row = session.get_one(Round, round_id)
        held = marks.held(session, row)
        snapshot = snapshots.take(session, round_id=round_id, as_of=row.as_of)
    policy = replace(
        Policy.from_json(row.policy),
        pins=held.pins,
        bans=tuple(sorted({*held.bans, *snapshot.seated} - set(held.pins))),
    )
    return Input(snapshot, policy, held)


def report(factory: SessionFactory, round_id: str, version: int, stage: str) -> None:
    """Say in the round's row, for everybody to see, what is being done now."""
    with transaction(factory) as session:
        result = session.execute(
            update(Round)
            .where(
                col(Round.id) == round_id,
                col(Round.state) == RoundState.COMPUTING,
                col(Round.version) == version,
            )
            .values(stage=stage, progress=STAGES[stage])
        )
        assert isinstance(result, CursorResult)
        if result.rowcount != 1:
            raise Superseded


def _wanted(session: Session, round_id: str, version: int) -> Round:
    row = session.exec(select(Round).where(Round.id == round_id).with_for_update()).one()
    if row.state != RoundState.COMPUTING or row.version != version:
        raise Superseded
    return row


def _fail(
    factory: SessionFactory, round_id: str, version: int, code: str, params: dict[str, Any]
) -> None:
    try:
        with transaction(factory) as session:
            row = _wanted(session, round_id, version)
            row.state, row.failure = RoundState.FAILED, {"code": code, "params": params}
            row.version += 1
            session.add(row)
    except Superseded:
        return


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters as JSON; reasons become their text."""
    return {name: _plain_value(value) for name, value in params.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        if value and all(hasattr(each, "code") for each in value):
            return join_reasons(value)
        return [_plain_value(each) for each in value]
    return value
