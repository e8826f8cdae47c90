"""The outbox: what must reach somebody, written with the act and sent by the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from matchmaker.db import SessionFactory, looking, transaction
from matchmaker.models import Account, Notice, NoticeState

LEASE = timedelta(minutes=2)
RETRY_AFTER = (60, 300, 1800, 7200, 21600)  # seconds after each failed attempt
Send = Callable[[Notice], None]


def tell(
    session: Session,
    *,
    to: Account,
    code: str,
    dedupe_key: str,
    now: datetime,
    **params: Any,
) -> None:
    """Queue message ``code`` for an account; the same ``dedupe_key`` is queued only once."""
    tell_address(
        session,
        email=to.email,
        language=to.language,
        account_id=to.id,
        code=code,
        dedupe_key=dedupe_key,
        now=now,
        **params,
    )


def tell_address(
    session: Session,
    *,
    email: str,
    language: str,
    code: str,
    dedupe_key: str,
    now: datetime,
    account_id: str | None = None,
    **params: Any,
) -> None:
    """Queue message ``code`` for an address; the same ``dedupe_key`` is queued only once."""
    if not email or session.exec(select(Notice.id).where(Notice.dedupe_key == dedupe_key)).first():
        return
    session.add(
        Notice(
            account_id=account_id,
            email=email,
            language=language,
            code=code,
            params=params,
            dedupe_key=dedupe_key,
            not_before=now,
            created_at=now,
        )
    )
    session.flush()


def lease_next(factory: SessionFactory, *, now: datetime) -> Notice | None:
    """Take the next due message for two minutes, so that no second worker sends it meanwhile."""
    due = (
        select(Notice)
        .where(Notice.state == NoticeState.WAITING, Notice.not_before <= now)
        .where(or_(col(Notice.leased_until).is_(None), col(Notice.leased_until) <= now))
        .order_by(col(Notice.not_before), col(Notice.id))
        .limit(1)
    )
    with looking(factory) as session:  # an empty outbox keeps no writer waiting
        if session.exec(due).first() is None:
            return None
    with transaction(factory) as session:
        notice = session.exec(due.with_for_update(skip_locked=True)).first()
        if notice is not None:
            notice.leased_until = now + LEASE
            notice.attempts += 1
            session.add(notice)
        return notice


def send_next(factory: SessionFactory, send: Send, *, now: datetime) -> bool:
    """Send one due message. True when there was one, whether or not it could be sent."""
    notice = lease_next(factory, now=now)
    if notice is None:
        return False
    error = ""
    try:
        send(notice)
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"[:400]
    with transaction(factory) as session:
        row = session.get_one(Notice, notice.id)
        row.leased_until = None
        row.error = error
        if not error:
            row.state, row.sent_at = NoticeState.SENT, now
        elif row.attempts > len(RETRY_AFTER):
            row.state = NoticeState.FAILED
        else:
            row.not_before = now + timedelta(seconds=RETRY_AFTER[row.attempts - 1])
        session.add(row)
    return True
