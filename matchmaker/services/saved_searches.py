"""Searches for needs that somebody keeps: saved from the list, looked at again, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import NoticeChoice, Pace, SavedSearch
from matchmaker.services import audit, notice_choices
from matchmaker.services.actors import Actor
from matchmaker.services.public_search import NeedSearch

MOST = 10
KIND = "new_needs"
_NOT_FILTERS = ("sort",)


def save(
    session: Session, *, actor: Actor, now: datetime, filters: Mapping[str, str], name: str
) -> SavedSearch:
    """Keep a search (``filters`` as in an address of the list, ``name`` in words) and ask for the
    weekly mail, unless the actor has chosen about it before. The same filters are kept once.

    Refused: ``sign_in_first``, ``search_empty`` without any filter, ``searches_full``.
    """
    if actor.account_id is None:
        raise Conflict("sign_in_first")
    wanted = {
        key: value
        for key, value in NeedSearch.read(filters).as_args().items()
        if key not in _NOT_FILTERS
    }
    if not wanted:
        raise Conflict("search_empty")
    kept = mine(session, actor=actor)
    known = next((row for row in kept if row.filters == wanted), None)
    if known is not None:
        return known
    if len(kept) >= MOST:
        raise Conflict("searches_full", max=MOST)
    row = SavedSearch(account_id=actor.account_id, name=name[:200], filters=wanted, created_at=now)
    session.add(row)
    session.flush()
    if session.get(NoticeChoice, (actor.account_id, KIND)) is None:
        notice_choices.choose(session, actor=actor, now=now, data={KIND: Pace.WEEKLY})
    audit.record(session, actor=actor, act="save_search", subject=("saved_search", row.id), now=now)
    return row


def mine(session: Session, *, actor: Actor) -> Sequence[SavedSearch]:
    """The actor's searches, newest first."""
    return session.exec(
        select(SavedSearch)
        .where(SavedSearch.account_id == actor.account_id)
        .order_by(col(SavedSearch.created_at).desc(), col(SavedSearch.id))
    ).all()


def delete(session: Session, *, actor: Actor, now: datetime, search_id: str) -> None:
    """Forget one of the actor's searches. Refused: ``search_not_found``."""
    row = session.get(SavedSearch, search_id)
    if row is None or row.account_id != actor.account_id:
        raise NotFound("search_not_found")
    session.delete(row)
    session.flush()
    audit.record(
        session, actor=actor, act="delete_search", subject=("saved_search", search_id), now=now
    )
