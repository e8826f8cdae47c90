"""The weekly mail of new needs: those that suit somebody by the rules and scores of a round, and
those that their saved searches find. Nobody is written to when nothing is new.

A week ends on Monday morning; the mail of a week is written once, also when the worker was late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from matchmaker.db import SessionFactory, looking, transaction
from matchmaker.engine.scores import score_pairs
from matchmaker.engine.snapshot import take as arrays_of
from matchmaker.models import Account, Professional, ProfileState, SavedSearch, Wish
from matchmaker.services import directory, notices, policies, snapshots
from matchmaker.services.directory import NeedCard
from matchmaker.services.notice_choices import wanting
from matchmaker.services.public_search import NeedSearch
from matchmaker.services.saved_searches import KIND

MORNING = time(7)
WEEK = timedelta(days=7)
FITS = 4000  # of 10,000: from here on a pair "fits" in the words of the site
MOST_SUITED, MOST_FOUND = 5, 10


@dataclass(frozen=True)
class Letter:
    """What one account is told: needs that suit, and by saved search."""

    account: Account
    suited: tuple[tuple[NeedCard, int], ...]
    found: tuple[tuple[SavedSearch, tuple[NeedCard, ...]], ...]


def week_end(now: datetime, zone: ZoneInfo) -> datetime:
    """The last Monday morning that has passed."""
    here = now.astimezone(zone)
    monday = here.date() - timedelta(days=here.weekday())
    end = datetime.combine(monday, MORNING, zone)
    return end if end <= here else end - WEEK


def tell(factory: SessionFactory, *, now: datetime, zone: ZoneInfo) -> int:
    """Queue the mails of the week that ended last; returns how many letters it has."""
    end = week_end(now, zone)
    with looking(factory) as session:
        written = letters(session, since=end - WEEK, until=end)
    for letter in written:
        with transaction(factory) as session:
            notices.tell(
                session, to=letter.account, code=KIND, now=now,
                dedupe_key=f"{KIND}:{end.date()}:{letter.account.id}", **_params(letter),
            )  # fmt: skip
    return len(written)


def letters(session: Session, *, since: datetime, until: datetime) -> list[Letter]:
    """The letters about needs that opened between two moments and are open still."""
    readers = wanting(session, KIND)
    cards = {
        card.need.id: card
        for card in directory.all_open_needs(
            session, search=NeedSearch(sort="newest"), on=until.date()
        )
        if card.need.opened_at and since <= card.need.opened_at < until
    }
    if not readers or not cards:
        return []
    people = _people(session, readers)
    scores = _scores(session, cards, people.values(), until)
    written = []
    for account in readers:
        person = people.get(account.id)
        best = scores.get(person.id, {}) if person else {}
        suited = sorted(best.items(), key=lambda each: (-each[1], each[0]))[:MOST_SUITED]
        found = _found(session, account, cards, until.date())
        if suited or found:
            written.append(
                Letter(account, tuple((cards[need], score) for need, score in suited), found)
            )
    return written


def _people(session: Session, readers: Sequence[Account]) -> dict[str, Professional]:
    """Account → its professional, where a coordinator has checked the profile."""
    rows = session.exec(
        select(Professional).where(
            col(Professional.account_id).in_([account.id for account in readers]),
            Professional.state == ProfileState.VERIFIED,
        )
    )
    return {row.account_id or "": row for row in rows}


def _scores(
    session: Session,
    cards: Mapping[str, NeedCard],
    people: Iterable[Professional],
    until: datetime,
) -> dict[str, dict[str, int]]:
    """Professional → need → score of their best role in it, as a round would count it; without
    needs they have wished for or do not want."""
    wanted = {person.id for person in people}
    if not wanted:
        return {}
    market = snapshots.take(session, need_ids=list(cards), as_of=until.date()).market
    arrays = arrays_of(market, policies.in_force(session))
    pairs = score_pairs(arrays)
    roles = {at: role for role, at in arrays.role_at.items()}
    needs = {role.id: role.need_id for role in market.roles}
    said = set(
        session.exec(
            select(Wish.professional_id, Wish.need_id).where(col(Wish.professional_id).in_(wanted))
        )
    )
    found: dict[str, dict[str, int]] = {}
    by_place = {at: person for person, at in arrays.person_at.items() if person in wanted}
    for at, role, score in zip(
        pairs.person.tolist(), pairs.role.tolist(), pairs.score.tolist(), strict=True
    ):
        person = by_place.get(at)
        if person is None or score < FITS:
            continue
        need = needs[roles[role]]
        if (person, need) not in said:
            best = found.setdefault(person, {})
            best[need] = max(score, best.get(need, 0))
    return found


def _found(
    session: Session, account: Account, cards: Mapping[str, NeedCard], on: date
) -> tuple[tuple[SavedSearch, tuple[NeedCard, ...]], ...]:
    """Each saved search with the needs that are newer than it; empty ones left out."""
    searches = session.exec(
        select(SavedSearch)
        .where(SavedSearch.account_id == account.id)
        .order_by(col(SavedSearch.created_at), col(SavedSearch.id))
    )
    hits = []
    for search in searches:
        wanted = NeedSearch.read({**search.filters, "sort": "newest"})
        new = [
            cards[card.need.id]
            for card in directory.all_open_needs(session, search=wanted, on=on)
            if card.need.id in cards
            and card.need.opened_at
            and card.need.opened_at > search.created_at
        ]
        if new:
            hits.append((search, tuple(new[:MOST_FOUND])))
    return tuple(hits)


def _params(letter: Letter) -> dict[str, Any]:
    return {
        "name": letter.account.name,
        "suited": [{**_told(card), "score": score} for card, score in letter.suited],
        "found": [
            {"search": search.name, "needs": [_told(card) for card in cards]}
            for search, cards in letter.found
        ],
    }


def _told(card: NeedCard) -> dict[str, str]:
    return {"id": card.need.id, "title": card.need.title, "group": card.group_name}
