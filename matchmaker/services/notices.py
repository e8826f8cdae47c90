"""The outbox: what must reach somebody, written with the act and sent by the worker.

Whoever takes no mail gets it on paper; what its reader wants together with others is collected.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select, update

from matchmaker.db import SessionFactory, looking, transaction
from matchmaker.models import Account, Notice, NoticeState, Pace
from matchmaker.services.notice_choices import pace_of
from matchmaker.services.notice_kinds import KINDS, WAITED_FOR, kind_of

LEASE = timedelta(minutes=2)
RETRY_AFTER = (60, 300, 1800, 7200, 21600)  # seconds after each failed attempt
# Messages whose words are forgotten once they are sent, and what is kept to count them by.
PASSING = {"group_letter": ("group_id", "sender")}
Send = Callable[[Notice], None]


class Bounced(Exception):
    """The address does not take the message, and will not when it is tried again."""


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
    """Queue message ``code`` for an address; the same ``dedupe_key`` is queued only once.

    Without an address it waits to be printed. What the account wants less often is collected, what
    it does not want is not written at all.
    """
    if session.exec(select(Notice.id).where(Notice.dedupe_key == dedupe_key)).first():
        return
    pace = pace_of(session, account_id=account_id, code=code) if email else Pace.AT_ONCE
    if pace == Pace.NEVER:
        return
    session.add(
        Notice(
            account_id=account_id,
            email=email,
            language=language,
            code=code,
            params=params,
            dedupe_key=dedupe_key,
            state=_first_state(email, code, pace),
            pace=pace,
            not_before=now,
            created_at=now,
        )
    )
    session.flush()


def _first_state(email: str, code: str, pace: Pace) -> NoticeState:
    if not email:
        return NoticeState.PAPER
    collected = pace != Pace.AT_ONCE and not KINDS[kind_of(code)].periodic
    return NoticeState.COLLECTED if collected else NoticeState.WAITING


def lease_next(factory: SessionFactory, *, now: datetime) -> Notice | None:
    """Take the next due message for two minutes, so that no second worker sends it meanwhile:
    what somebody waits for at a page before the rest, then the oldest."""
    due = (
        select(Notice)
        .where(Notice.state == NoticeState.WAITING, Notice.not_before <= now)
        .where(or_(col(Notice.leased_until).is_(None), col(Notice.leased_until) <= now))
        .order_by(col(Notice.code).not_in(WAITED_FOR), col(Notice.not_before), col(Notice.id))
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
    error, state = "", NoticeState.SENT
    try:
        send(notice)
    except Bounced as refused:
        error, state = str(refused)[:400], NoticeState.BOUNCED
    except Exception as failure:
        error, state = f"{type(failure).__name__}: {failure}"[:400], NoticeState.FAILED
    with transaction(factory) as session:
        row = session.get_one(Notice, notice.id)
        if state == NoticeState.SENT or row.attempts == notice.attempts:
            _settle(row, state, error, now)
            session.add(row)
        if state == NoticeState.SENT:
            _went_along(session, row, now)
    return True


def _settle(row: Notice, state: NoticeState, error: str, now: datetime) -> None:
    """What became of an attempt; a failure is tried again after a pause, several times."""
    row.leased_until, row.error = None, error
    if state == NoticeState.FAILED and row.attempts <= len(RETRY_AFTER):
        row.not_before = now + timedelta(seconds=RETRY_AFTER[row.attempts - 1])
        return
    row.state = state
    if state == NoticeState.SENT and row.code in PASSING:  # a stranger's words are not kept
        row.params = {name: row.params.get(name, "") for name in PASSING[row.code]}
    row.sent_at = now if state == NoticeState.SENT else None
    row.bounced_at = now if state == NoticeState.BOUNCED else None


def _went_along(session: Session, row: Notice, now: datetime) -> None:
    """The messages that a collecting mail carried have gone out with it."""
    session.execute(
        update(Notice)
        .where(col(Notice.digest_id) == row.id, col(Notice.state) == NoticeState.COLLECTED)
        .values(state=NoticeState.SENT, sent_at=now)
    )


def readdress(session: Session, *, old: str, new: str, now: datetime) -> None:
    """What came back from an address that is no longer used goes to the new one."""
    for row in session.exec(
        select(Notice).where(Notice.state == NoticeState.BOUNCED, Notice.email == old)
    ):
        again(row, now=now)
        row.email = new
        session.add(row)
    session.flush()


def again(row: Notice, *, now: datetime) -> None:
    """Let a message be tried from the beginning."""
    row.state, row.attempts, row.error = NoticeState.WAITING, 0, ""
    row.not_before, row.bounced_at = now, None
