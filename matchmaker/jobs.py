"""Durable background work: a table of jobs, leased to a worker, retried when a worker dies.

A job is queued in the same transaction as the act that needs it. A worker leases it; when the
worker dies, the lease ends and another takes over, so every handler must be safe to repeat.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from matchmaker.db import SessionFactory, looking, transaction
from matchmaker.errors import Refusal
from matchmaker.models import Job, JobState

LEASE = timedelta(minutes=5)
ATTEMPTS = 4
IDLE_SECONDS = 0.25

Handler = Callable[[SessionFactory, Job], None]
Clock = Callable[[], datetime]
Chore = Callable[[datetime], bool]  # does one small thing; True when there may be more

log = logging.getLogger("matchmaker.jobs")


def utc_now() -> datetime:
    """The wall clock; the only place that reads it besides web/db.py."""
    return datetime.now(UTC)


def enqueue(
    session: Session,
    kind: str,
    *,
    now: datetime,
    dedupe_key: str | None = None,
    created_by: str | None = None,
    **params: Any,
) -> Job:
    """Queue ``kind``; a job with the same ``dedupe_key`` that was queued before is returned."""
    if dedupe_key is not None:
        known = session.exec(select(Job).where(Job.dedupe_key == dedupe_key)).first()
        if known is not None:
            return known
    job = Job(
        kind=kind,
        params=params,
        dedupe_key=dedupe_key,
        created_by=created_by,
        not_before=now,
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def lease_next(factory: SessionFactory, kinds: list[str], *, now: datetime) -> Job | None:
    """Take the oldest due job of ``kinds``, or one whose worker let its lease run out.

    Looks before it locks: a worker with nothing to do keeps no writer waiting.
    """
    due = (
        select(Job)
        .where(col(Job.state).in_([JobState.WAITING, JobState.RUNNING]))
        .where(col(Job.kind).in_(kinds), Job.not_before <= now)
        .where(or_(col(Job.leased_until).is_(None), col(Job.leased_until) <= now))
        .order_by(col(Job.created_at), col(Job.id))
        .limit(1)
    )
    with looking(factory) as session:
        if session.exec(due).first() is None:
            return None
    with transaction(factory) as session:
        job = session.exec(due.with_for_update(skip_locked=True)).first()
        if job is not None:
            job.state, job.leased_until = JobState.RUNNING, now + LEASE
            job.attempts += 1
            session.add(job)
        return job


def run_next(
    factory: SessionFactory, handlers: Mapping[str, Handler], *, clock: Clock = utc_now
) -> bool:
    """Do one due job. True when there was one. A refusal ends the job; other faults retry it."""
    job = lease_next(factory, list(handlers), now=clock())
    if job is None:
        return False
    state, error, wait = JobState.DONE, "", timedelta(0)
    try:
        handlers[job.kind](factory, job)
    except Refusal as refusal:
        state, error = JobState.FAILED, str(refusal)
    except Exception as failure:
        log.exception("job %s (%s) failed", job.id, job.kind)
        error = f"{type(failure).__name__}: {failure}"
        state = JobState.WAITING if job.attempts < ATTEMPTS else JobState.FAILED
        wait = timedelta(seconds=5 * job.attempts**2)
    with transaction(factory) as session:
        row = session.get_one(Job, job.id)
        row.state, row.error, row.leased_until = state, error[:1000], None
        row.not_before = clock() + wait
        if state != JobState.WAITING:
            row.finished_at = clock()
        session.add(row)
    return True


class Worker:
    """Does jobs and chores one after another until told to stop."""

    def __init__(
        self,
        factory: SessionFactory,
        handlers: Mapping[str, Handler],
        chores: tuple[Chore, ...] = (),
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.factory, self.handlers, self.chores, self.clock = factory, handlers, chores, clock
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def work_off(self) -> None:
        """Do everything that is due now, then return (tests and ``work --once``)."""
        while self._step():
            pass

    def run(self) -> None:
        """Work until ``stop`` is called."""
        while not self._stop.is_set():
            try:
                busy = self._step()
            except Exception:
                log.exception("the worker stumbled; it goes on")
                busy = False
            if not busy:
                self._stop.wait(IDLE_SECONDS)

    def start(self) -> None:
        """Run in a thread of this process (the demo)."""
        self._thread = threading.Thread(target=self.run, name="matchmaker-worker", daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Ask the worker to stop after what it is doing."""
        self._stop.set()

    def stop(self) -> None:
        """Ask the worker to stop, and wait for it."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _step(self) -> bool:
        busy = run_next(self.factory, self.handlers, clock=self.clock)
        for chore in self.chores:
            busy = chore(self.clock()) or busy
        return busy
