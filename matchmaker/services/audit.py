"""The record of who did what: added in the same transaction as the act, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from matchmaker.models import AuditEntry, AuditHead
from matchmaker.services.actors import Actor

GENESIS = "0" * 64


def record(
    session: Session,
    *,
    actor: Actor,
    act: str,
    subject: tuple[str, str],
    now: datetime,
    **details: Any,
) -> AuditEntry:
    """Add one entry about ``subject`` (type, id). ``details`` hold codes and ids, no free text."""
    head = session.exec(select(AuditHead).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(id=1, hash=GENESIS)
        session.add(head)
    entry = AuditEntry(
        at=now,
        actor_id=actor.account_id,
        act=act,
        subject_type=subject[0],
        subject_id=subject[1],
        details=details,
        previous=head.hash,
        hash="",
    )
    entry.hash = head.hash = _digest(entry)
    session.add(entry)
    session.flush()
    return entry


def _digest(entry: AuditEntry) -> str:
    document = json.dumps(
        [
            entry.previous,
            entry.at.isoformat(),
            entry.actor_id,
            entry.act,
            entry.subject_type,
            entry.subject_id,
            entry.details,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(document.encode()).hexdigest()


def broken_links(session: Session) -> Iterator[int]:
    """Ids of entries whose hash or whose link to the one before does not hold."""
    previous = GENESIS
    for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id)):  # type: ignore[arg-type]
        if entry.previous != previous or entry.hash != _digest(entry):
            yield entry.id or 0
        previous = entry.hash
