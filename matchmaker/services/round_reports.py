"""What the public reads about a round that was sent: counts, never a person, never a small cell.

Every breakdown is of one kind only and its parts add up to one total. A part of 1 to 4 is not told
(``None``), and neither is the smallest part of 5 or more, so that no subtraction brings it back;
where there is no such part, no part is told. A total of 1 to 4 is not told at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from statistics import median

from sqlmodel import Session, col, select

from matchmaker.engine.policy import Policy
from matchmaker.engine.reasons import parse_reasons
from matchmaker.errors import NotFound
from matchmaker.models import Group, Need, Proposal, Round, RoundNeed, RoundPerson, RoundState
from matchmaker.services import rounds

SMALL = 5
PUBLIC = (RoundState.SENT, RoundState.CLOSED)
HELPED, WITHOUT = "helped", "without"
URGENCIES = ("urgent", "important", "ordinary")


@dataclass(frozen=True)
class Counted:
    """A total and its parts; ``None``: too small to be told, or it would tell one that is."""

    total: int | None
    parts: Mapping[str, int | None]


@dataclass(frozen=True)
class RoundReport:
    """A sent round in public. ``why_not``: first reason of each need without a team → needs; no
    parts where the number of these needs is not told. ``days``: median days waited by the groups
    that were helped and by the others, where both are five or more. ``prices``: class of groups
    that was promised something → level → how much more there would be without the promise."""

    round_id: str
    sent_at: datetime | None
    policy: Policy
    policy_version: int | None
    proven: bool
    needs: Counted
    urgency: Counted
    groups: Counted
    kinds: Counted
    people: Counted
    why_not: Counted
    days: tuple[int, int] | None
    prices: Mapping[str, Mapping[str, int]]


def counted(parts: Mapping[str, int]) -> Counted:
    """``parts`` with every cell withheld that is small or would give a small one away."""
    total = sum(parts.values())
    small = {name for name, value in parts.items() if 0 < value < SMALL}
    if not small:
        return Counted(total, dict(parts))
    least = min((value for value in parts.values() if value >= SMALL), default=0)
    # All of the smallest: to choose one among equals by name would give the small part away.
    hidden = small | {name for name, value in parts.items() if value == least}
    hidden = hidden if least else set(parts)
    shown = {name: None if name in hidden else value for name, value in parts.items()}
    return Counted(total, shown) if total >= SMALL else Counted(None, dict.fromkeys(parts))


def listing(session: Session) -> list[Round]:
    """The rounds that have a public report, newest first."""
    return list(
        session.exec(
            select(Round)
            .where(col(Round.state).in_(PUBLIC))
            .order_by(col(Round.sent_at).desc(), col(Round.id))
        )
    )


def numbers(session: Session, *, zone: tzinfo) -> dict[str, int]:
    """Round with a public report → which of the rounds sent on its day it is, from 1."""
    found: dict[str, int] = {}
    sent: Counter[date] = Counter()
    for row in reversed(listing(session)):
        day = (row.sent_at or row.created_at).astimezone(zone).date()
        sent[day] += 1
        found[row.id] = sent[day]
    return found


def report(session: Session, *, round_id: str) -> RoundReport:
    """The public report of a sent round; before it is sent there is none (``round_not_found``)."""
    row = session.get(Round, round_id)
    if row is None or row.state not in PUBLIC:
        raise NotFound("round_not_found")
    found = session.exec(
        select(RoundNeed, Need, Group)
        .join(Need, col(Need.id) == RoundNeed.need_id)
        .join(Group, col(Group.id) == Need.group_id)
        .where(RoundNeed.round_id == row.id)
    ).all()
    offered = session.exec(
        select(Proposal.need_id, Proposal.professional_id).where(
            Proposal.round_id == row.id, col(Proposal.offered_at).is_not(None)
        )
    ).all()
    helped = {need for need, _person in offered}
    groups = {group.id: group for _told, _need, group in found}
    served = {group.id for told, _need, group in found if told.need_id in helped}
    needs = _split(need.id in helped for _told, need, _group in found)
    reasons = [told for told, need, _group in found if need.id not in helped]
    return RoundReport(
        round_id=row.id,
        sent_at=row.sent_at,
        policy=rounds.policy_of(row),
        policy_version=row.policy_version,
        proven=bool(row.proof.get("proven")),
        needs=needs,
        urgency=_count((need.urgency for _told, need, _group in found), URGENCIES),
        groups=_split(group in served for group in groups),
        kinds=_count((_kind(each) for each in groups.values()), ("neighbourhood", "other")),
        people=_people(session, row, {person for _need, person in offered}),
        why_not=_why_not(reasons, told=needs.parts[WITHOUT] is not None),
        days=_days(groups.values(), served, row.as_of),
        prices=row.measures.get("prices", {}),
    )


def _split(helped: Iterable[bool]) -> Counted:
    return _count((HELPED if each else WITHOUT for each in helped), (HELPED, WITHOUT))


def _count(found: Iterable[str], names: Iterable[str]) -> Counted:
    counts = Counter(found)
    return counted({name: counts[name] for name in names})


def _kind(group: Group) -> str:
    return "neighbourhood" if group.kind == "neighbourhood" else "other"


def _people(session: Session, row: Round, asked: set[str]) -> Counted:
    found = session.exec(
        select(RoundPerson.professional_id).where(RoundPerson.round_id == row.id)
    ).all()
    return _split(person in asked for person in {*found, *asked})


def _why_not(needs: Iterable[RoundNeed], *, told: bool) -> Counted:
    if not told:
        return Counted(None, {})
    codes = Counter(_first(need) for need in needs)
    return counted(dict(sorted(codes.items())))


def _first(need: RoundNeed) -> str:
    found = [reason for text in need.reasons for reason in parse_reasons(text)]
    return found[0].code if found else "other"


def _days(groups: Iterable[Group], served: set[str], as_of: date) -> tuple[int, int] | None:
    waited: dict[bool, list[int]] = {True: [], False: []}
    for group in groups:
        if group.waiting_since:
            waited[group.id in served].append((as_of - group.waiting_since).days)
    if min(len(days) for days in waited.values()) < SMALL:
        return None
    return round(median(waited[True])), round(median(waited[False]))
