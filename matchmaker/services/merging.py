"""Two records of the same person, group or employer become one; nothing that hangs on them is lost.

The earlier record stays, the other one's id leads to it for ever. Where the two differ somebody
chooses; where both hold what only one may hold, the stronger stays and the weaker is ended with its
reason, and what cannot be decided here (two seats of one need, two places on one project) is named
and refused until it is settled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    HELD,
    Account,
    Company,
    Group,
    MergedRecord,
    Need,
    Professional,
    Project,
    ProjectMember,
    Proposal,
    ProposalState,
    Round,
    RoundNeed,
    RoundPerson,
    RoundState,
    Wish,
)
from matchmaker.services import audit, rounds
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, Version, validated
from matchmaker.services.duplicates import both
from matchmaker.services.groups import refresh_search_text
from matchmaker.services.likeness import in_common
from matchmaker.services.merge_before import settle_before
from matchmaker.services.merge_names import lead_names
from matchmaker.services.merge_parts import (
    KEPT,
    OTHER,
    PARTS,
    Difference,
    differences,
    settle_dates,
    take_over,
)
from matchmaker.services.merge_rows import counted, lead_over
from matchmaker.services.need_drafts import refresh_search_texts
from matchmaker.services.versions import claim
from matchmaker.text import search_key

LIVE = (ProposalState.PROPOSED, *HELD)
MOST_WISHES = 5


@dataclass(frozen=True)
class Hindrance:
    """What has to be settled first: a code, and what it is about."""

    code: str
    title: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two records side by side. ``moves``: what hangs on the one that goes, by table."""

    kind: str
    kept: Any
    other: Any
    why: tuple[str, ...]
    differences: tuple[Difference, ...]
    moves: Counter[str]
    again: Sequence[Round]  # rounds under review that will be worked out again
    hindrances: tuple[Hindrance, ...]
    names: dict[str, str]  # of the employers, accounts and needs that the differences name


class Versions(Command):
    """The versions of both records that were compared; a company has none."""

    kept_version: Version
    other_version: Version


def compare(
    session: Session, *, actor: Actor, kind: str, first_id: str, second_id: str
) -> Comparison:
    """What one must know before two records become one.

    Refused: ``coordinators_only``, a record there is not.
    """
    require_coordinator(actor)
    kept, other = _in_order(*both(session, kind, first_id, second_id))
    found = differences(session, kept, other)
    return Comparison(
        kind, kept, other, in_common(kept, other), found,
        counted(session, type(other).__table__, other.id), _rounds_with(session, other),
        tuple(_hindrances(session, kept, other)), _names(session, kept, other, found),
    )  # fmt: skip


def merge(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    first_id: str,
    second_id: str,
    data: Mapping[str, Any],
) -> Any:
    """Make two records one; returns the one that stays. ``data``: ``Versions``, and for the name of
    every difference ``kept`` or ``other``.

    Rounds under review in which the other one took part are worked out again. Refused:
    ``coordinators_only``, a record there is not, ``changed_meanwhile``, each code of a hindrance;
    ``Invalid`` (``not_chosen``) beside each difference without an answer.
    """
    require_coordinator(actor)
    kept, other = _in_order(*both(session, kind, first_id, second_id))
    seen = validated(Versions, data)
    if hasattr(kept, "version"):
        claim(session, kept, seen.kept_version)
        claim(session, other, seen.other_version)
    chosen = _choices(differences(session, kept, other), data)
    for hindrance in _hindrances(session, kept, other):
        raise Conflict(hindrance.code, title=hindrance.title)
    again = _rounds_with(session, other)
    settle_before(session, actor, now, kept, other, chosen)
    _take_answers(session, kept, other, chosen)
    moved = lead_over(session, type(other).__table__, other.id, kept.id)
    lead_names(session, kind, other.id, kept.id)
    session.execute(delete(type(other)).where(type(other).id == other.id))
    session.expunge(other)
    session.expire_all()
    _tidy(session, kept)
    session.add(
        MergedRecord(
            kind=kind, old_id=other.id, kept_id=kept.id, merged_by=actor.account_id, merged_at=now
        )
    )
    taken = sorted(name for name, answer in chosen.items() if answer == OTHER)
    audit.record(
        session, actor=actor, act="merged", subject=(kind, kept.id), now=now, old_id=other.id,
        taken=taken, moved=dict(moved),
    )  # fmt: skip
    for row in again:
        rounds.request_computation(
            session, actor=actor, now=now, round_id=row.id, version=row.version
        )
    return kept


def kept_id(session: Session, kind: str, old_id: str) -> str | None:
    """Where a merged record's old id leads to; None for an id that was not merged."""
    found = session.get(MergedRecord, (kind, old_id))
    return found.kept_id if found else None


def absorbed(session: Session, kind: str, record_id: str) -> list[str]:
    """Ids that were merged into a record."""
    found = select(MergedRecord.old_id).where(
        MergedRecord.kind == kind, MergedRecord.kept_id == record_id
    )
    return list(session.exec(found.order_by(col(MergedRecord.old_id))))


def _names(session: Session, kept: Any, other: Any, found: Sequence[Difference]) -> dict[str, str]:
    ids = {
        getattr(row, name, None) for row in (kept, other) for name in ("company_id", "account_id")
    }
    ids |= {value for each in found for value in (each.about, each.kept, each.other)
            if isinstance(value, str)}  # fmt: skip
    return {
        row_id: name
        for table, column in ((Company, Company.name), (Account, Account.email), (Need, Need.title))
        for row_id, name in session.exec(select(table.id, column).where(col(table.id).in_(ids)))
    }


def _in_order(one: Any, two: Any) -> tuple[Any, Any]:
    """The record that stays, and the one that goes: with an account before without, then the
    earlier, then the lower id."""

    def rank(row: Any) -> tuple[Any, ...]:
        return (not getattr(row, "account_id", None), row.created_at, row.id)

    first, second = sorted((one, two), key=rank)
    return first, second


def _choices(found: Sequence[Difference], data: Mapping[str, Any]) -> dict[str, str]:
    chosen = {each.name: data.get(each.name) for each in found}
    errors = [FieldError(name, "not_chosen") for name, answer in chosen.items()
              if answer not in (KEPT, OTHER)]  # fmt: skip
    if errors:
        raise Invalid(errors)
    return {name: str(answer) for name, answer in chosen.items()}


def _hindrances(session: Session, kept: Any, other: Any) -> Any:
    computing = select(Round.name).where(Round.state == RoundState.COMPUTING)
    for name in session.exec(computing) if not isinstance(kept, Company) else ():
        yield Hindrance("round_computes_now", name)
    if isinstance(kept, Professional):
        for title in _shared(session, kept, other, Proposal.need_id, Need, *_held()):
            yield Hindrance("both_hold_seats", title)
        active = col(ProjectMember.left_on).is_(None)
        for title in _shared(session, kept, other, ProjectMember.project_id, Project, active):
            yield Hindrance("both_on_project", title)
    if isinstance(kept, Company) and kept.corporate_number and other.corporate_number:
        yield Hindrance("two_corporate_numbers")


def _held() -> tuple[Any, ...]:
    return (col(Proposal.state).in_(HELD),)


def _shared(
    session: Session, kept: Any, other: Any, column: Any, table: Any, *conditions: Any
) -> list[str]:
    """Titles of what both are part of."""
    rows = column.class_
    mine, theirs = (
        select(column).where(rows.professional_id == each.id, *conditions) for each in (kept, other)
    )
    found = select(table.title).where(table.id.in_(mine), table.id.in_(theirs))
    return list(session.exec(found.order_by(table.title)))


def _rounds_with(session: Session, other: Any) -> Sequence[Round]:
    """Rounds under review in which the record that goes takes part."""
    ready = select(Round).where(Round.state == RoundState.READY)
    if isinstance(other, Professional):
        waits = select(RoundPerson.round_id).where(RoundPerson.professional_id == other.id)
        seated = select(Proposal.round_id).where(Proposal.professional_id == other.id)
        ready = ready.where(col(Round.id).in_(waits) | col(Round.id).in_(seated))
    elif isinstance(other, Group):
        asked = (
            select(RoundNeed.round_id)
            .join(Need, col(Need.id) == RoundNeed.need_id)
            .where(Need.group_id == other.id)
        )
        ready = ready.where(col(Round.id).in_(asked))
    else:
        return []
    return session.exec(ready.order_by(col(Round.id))).all()


def _take_answers(session: Session, kept: Any, other: Any, chosen: dict[str, str]) -> None:
    alone = [name for name in ("account_id", "corporate_number") if getattr(other, name, None)]
    if alone:  # an account has one profile, a number one company: free them first
        table: Any = type(other)
        session.execute(
            update(table)
            .where(table.id == other.id)
            .values(dict.fromkeys(alone))
            .execution_options(synchronize_session=False)
        )
    for name, answer in chosen.items():
        if answer == OTHER and name in PARTS[type(kept)]:
            take_over(kept, other, name)
    settle_dates(kept, other)
    session.add(kept)
    session.flush()


def _tidy(session: Session, kept: Any) -> None:
    """What follows from the rows that are together now."""
    if isinstance(kept, Professional):
        kept.search_text = search_key(kept.name, kept.kana)
        _number_wishes(session, kept.id)
    elif isinstance(kept, Group):
        refresh_search_text(kept)
        session.add(kept)
        session.flush()
        refresh_search_texts(
            session, session.exec(select(Need).where(Need.group_id == kept.id)).all()
        )
    else:
        kept.search_text = search_key(kept.name, kept.kana)
    session.add(kept)
    session.flush()


def _number_wishes(session: Session, professional_id: str) -> None:
    """Wishes in one order, 1 to 5; what comes after the fifth shares its rank."""
    wished = session.exec(
        select(Wish)
        .where(Wish.professional_id == professional_id, Wish.rank > 0)
        .order_by(col(Wish.rank), col(Wish.need_id))
    ).all()
    for number, wish in enumerate(wished, start=1):
        wish.rank = min(number, MOST_WISHES)
        session.add(wish)
