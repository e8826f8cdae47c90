"""What happens by itself as days pass: a reminder before the reply date, the end after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.models import Group, Need, Professional, Proposal, ProposalState, Reply
from matchmaker.services import endings, letters, teams
from matchmaker.services.actors import SYSTEM
from matchmaker.services.replies import lock_need

REMIND_DAYS = 3


def expire_offers(factory: SessionFactory, *, now: datetime, today: date) -> int:
    """End every offer whose reply date has passed, need by need; returns how many ended."""
    overdue = (Proposal.state == ProposalState.OFFERED, col(Proposal.reply_by) < today)
    with factory() as session:
        session.connection(execution_options={"reading": True})
        need_ids = session.exec(select(Proposal.need_id).where(*overdue).distinct()).all()
    ended = 0
    for need_id in sorted(need_ids):
        with transaction(factory) as session:
            need = lock_need(session, need_id)
            late = session.exec(
                select(Proposal)
                .where(Proposal.need_id == need_id, *overdue)
                .order_by(col(Proposal.id))
            ).all()
            for proposal in late:
                endings.expire(session, SYSTEM, now, proposal)
            teams.settle(session, actor=SYSTEM, now=now, today=today, need=need, ended=late)
            ended += len(late)
    return ended


def remind(factory: SessionFactory, *, now: datetime, today: date) -> int:
    """Write to everybody whose reply is still awaited three days before the date, once each;
    returns how many offers were due."""
    with factory() as session:
        session.connection(execution_options={"reading": True})
        due = _due(session, today)
    if due:
        with transaction(factory) as session:
            letters.post(session, _reminders(session, _due(session, today)), now=now)
    return len(due)


def _due(session: Session, today: date) -> list[tuple[Proposal, Need, Group, Professional]]:
    found = session.exec(
        select(Proposal, Need, Group, Professional)
        .join(Need, col(Need.id) == Proposal.need_id)
        .join(Group, col(Group.id) == Need.group_id)
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .where(
            Proposal.state == ProposalState.OFFERED,
            Proposal.reply_by == today + timedelta(days=REMIND_DAYS),
            or_(
                Proposal.professional_reply == Reply.WAITING, Proposal.group_reply == Reply.WAITING
            ),
        )
        .order_by(col(Proposal.id))
    )
    return [(*row,) for row in found]


def _reminders(
    session: Session, due: list[tuple[Proposal, Need, Group, Professional]]
) -> list[letters.Letter]:
    book = letters.address_book(
        session, people=[row[3] for row in due], groups=[row[2] for row in due]
    )
    written = []
    for proposal, need, group, person in due:
        reply_by = proposal.reply_by.isoformat() if proposal.reply_by else ""
        facts = {"need_id": need.id, "need": need.title, "group": group.name, "reply_by": reply_by}
        if proposal.professional_reply == Reply.WAITING:
            key = f"{proposal.id}:{reply_by}"
            written.append(
                letters.to_professional(
                    book,
                    person,
                    "reminder",
                    key,
                    side="professional",
                    proposal_id=proposal.id,
                    **facts,
                )
            )
        if proposal.group_reply == Reply.WAITING:
            key = f"{need.id}:{reply_by}"  # one letter a need, however many people
            written += letters.to_group(book, group, "reminder", key, side="group", **facts)
    return written
