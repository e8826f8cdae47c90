"""Whether this installation can serve: the database answers and has the version of the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from matchmaker import schema
from matchmaker.models import Job, JobState, Notice, NoticeState

LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Readiness:
    """``database`` and ``schema`` must hold to serve; ``worker`` says whether work is done."""

    database: bool
    schema: bool
    worker: bool

    @property
    def ready(self) -> bool:
        """Whether requests should come here."""
        return self.database and self.schema


def readiness(session: Session, *, now: datetime) -> Readiness:
    """How things stand; a database that does not answer is said, not raised."""
    try:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        late = _late(session, now - LATE)
    except DBAPIError:
        return Readiness(database=False, schema=False, worker=False)
    return Readiness(database=True, schema=list(found) == [schema.head()], worker=not late)


def _late(session: Session, since: datetime) -> bool:
    """Whether something due has been waiting for so long that no worker can be running."""
    jobs = select(func.count()).select_from(Job)
    notices = select(func.count()).select_from(Notice)
    waiting = session.exec(
        jobs.where(col(Job.state) == JobState.WAITING, col(Job.not_before) < since)
    ).one()
    waiting += session.exec(
        notices.where(col(Notice.state) == NoticeState.WAITING, col(Notice.not_before) < since)
    ).one()
    return waiting > 0
