"""What somebody wants once a day or once a week, in one mail: put together in the morning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, and_, col, or_, select

from matchmaker.db import SessionFactory, looking, transaction
from matchmaker.models import Account, Notice, NoticeState, Pace
from matchmaker.services import notices

MORNING = time(7)
MONDAY = 0


def collect(factory: SessionFactory, *, now: datetime, zone: ZoneInfo) -> int:
    """Queue a mail for everybody for whom something was collected before this morning (weekly:
    before Monday morning); a morning that was missed is made up for. Returns how many mails."""
    with looking(factory) as session:
        waiting: dict[str, list[str]] = defaultdict(list)
        for account_id, notice_id in session.exec(
            select(Notice.account_id, Notice.id).where(*_due(now, zone))
        ):
            waiting[account_id or ""].append(notice_id)
    for account_id in sorted(waiting):
        with transaction(factory) as session:
            _gather(session, account_id, now, zone)
    return len(waiting)


def _due(now: datetime, zone: ZoneInfo) -> tuple[Any, ...]:
    here = now.astimezone(zone)
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    monday = day - timedelta(days=(day.weekday() - MONDAY) % 7)
    before = {
        pace: datetime.combine(on, MORNING, zone)
        for pace, on in ((Pace.DAILY, day), (Pace.WEEKLY, monday))
    }
    return (
        Notice.state == NoticeState.COLLECTED,
        Notice.digest_id == "",
        or_(
            *(
                and_(col(Notice.pace) == pace, col(Notice.created_at) < morning)
                for pace, morning in before.items()
            )
        ),
    )


def _gather(session: Session, account_id: str, now: datetime, zone: ZoneInfo) -> None:
    account = session.get(Account, account_id)
    rows = session.exec(
        select(Notice)
        .where(Notice.account_id == account_id, *_due(now, zone))
        .order_by(col(Notice.created_at), col(Notice.id))
        .with_for_update()
    ).all()
    if account is None or not rows:
        return
    notices.tell(
        session, to=account, code="digest", dedupe_key=f"digest:{rows[0].id}", now=now,
        name=account.name, count=len(rows),
    )  # fmt: skip
    made = session.exec(select(Notice.id).where(Notice.dedupe_key == f"digest:{rows[0].id}")).one()
    for row in rows:
        row.digest_id = made
        session.add(row)
    session.flush()


def contents(session: Session, digest_id: str) -> Sequence[Notice]:
    """The messages a collecting mail carries, oldest first."""
    return session.exec(
        select(Notice)
        .where(Notice.digest_id == digest_id)
        .order_by(col(Notice.created_at), col(Notice.id))
    ).all()
