"""What names a record without pointing to it: old ids, what was told apart, rounds not yet sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from matchmaker.models import (
    OPEN_ROUND,
    InCharge,
    KnownDifferent,
    MergedRecord,
    Round,
    Scenario,
)


def lead_names(session: Session, kind: str, old_id: str, kept_id: str) -> None:
    """Let every mention of ``old_id`` mean ``kept_id``."""
    session.execute(
        update(MergedRecord)
        .where(col(MergedRecord.kind) == kind, col(MergedRecord.kept_id) == old_id)
        .values(kept_id=kept_id)
    )
    _lead_pairs(session, kind, old_id, kept_id)
    _lead_charge(session, kind, old_id, kept_id)
    _lead_round_documents(session, old_id, kept_id)
    session.flush()


def _lead_pairs(session: Session, kind: str, old_id: str, kept_id: str) -> None:
    for row in session.exec(
        select(KnownDifferent).where(
            KnownDifferent.kind == kind,
            (col(KnownDifferent.first_id) == old_id) | (col(KnownDifferent.second_id) == old_id),
        )
    ):
        session.delete(row)
        other = row.second_id if row.first_id == old_id else row.first_id
        one, two = sorted((other, kept_id))
        if one != two and session.get(KnownDifferent, (kind, one, two)) is None:
            session.add(
                KnownDifferent(kind=kind, first_id=one, second_id=two, noted_by=row.noted_by,
                               noted_at=row.noted_at)
            )  # fmt: skip


def _lead_charge(session: Session, kind: str, old_id: str, kept_id: str) -> None:
    theirs = session.get(InCharge, (kind, old_id))
    if theirs is not None:
        session.delete(theirs)
        if session.get(InCharge, (kind, kept_id)) is None:
            session.add(
                InCharge(subject_type=kind, subject_id=kept_id, account_id=theirs.account_id,
                         since=theirs.since)
            )  # fmt: skip


def _lead_round_documents(session: Session, old_id: str, kept_id: str) -> None:
    """Who was left out of rounds that are not sent, and what was tried out in them."""
    for row in session.exec(select(Round).where(col(Round.state).in_(OPEN_ROUND))):
        if old_id in row.left_out:
            row.left_out = sorted({kept_id if each == old_id else each for each in row.left_out})
            session.add(row)
        for trial in session.exec(select(Scenario).where(Scenario.round_id == row.id)):
            trial.steps = _renamed(trial.steps, old_id, kept_id)
            session.add(trial)


def _renamed(value: Any, old_id: str, kept_id: str) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(each, old_id, kept_id) for name, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, old_id, kept_id) for each in value]
    return kept_id if value == old_id else value
