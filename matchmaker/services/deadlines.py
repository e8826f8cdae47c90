"""What happens by itself as days pass: a reminder before the reply date, the end after it; a need
whose own dates are over rests until its group names new ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from matchmaker.db import SessionFactory, transaction
from matchmaker.errors import Conflict
from matchmaker.models import (
    Group,
    Need,
    NeedState,
    Professional,
    Proposal,
    ProposalState,
    Reply,
    RoundNeed,
)
from matchmaker.services import audit, endings, letters, projects, teams, vacancies
from matchmaker.services.actors import SYSTEM
from matchmaker.services.group_notices import tell_group
from matchmaker.services.needs import leave_rounds
from matchmaker.services.replies import lock_need
from matchmaker.services.versions import claim

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
        facts = {"need_id": need.id, "need": need.title, "group": group.name, "reply_by": reply_by,
                 "round_id": proposal.round_id}  # fmt: skip
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


def rest_outdated(factory: SessionFactory, *, now: datetime, today: date) -> int:
    """Let every open need rest whose last day has passed, and ask its group for new dates; returns
    how many. One that is in a round, or whose people were asked, stays as it is."""
    live = select(RoundNeed.need_id).where(col(RoundNeed.live))
    over = (Need.state == NeedState.OPEN, col(Need.ends_on) < today)
    with factory() as session:
        session.connection(execution_options={"reading": True})
        found = session.exec(select(Need.id).where(*over, col(Need.id).not_in(live))).all()
    return sum(_rest(factory, need_id, now, today) for need_id in sorted(found))


def _rest(factory: SessionFactory, need_id: str, now: datetime, today: date) -> bool:
    with transaction(factory) as session:
        need = lock_need(session, need_id)
        if need.state != NeedState.OPEN or need.ends_on is None or need.ends_on >= today:
            return False
        project = projects.of_need(session, need.id)
        if project is not None:  # a seat was to be filled again: it is too late for that now
            vacancies.follow(session, actor=SYSTEM, now=now, project=project, give_up=True)
            return True
        try:
            leave_rounds(session, need, now=now)
        except Conflict:  # people of it said yes: the coordinators speak with them first
            return False
        claim(session, need, need.version)
        need.state = NeedState.PAUSED
        session.add(need)
        session.flush()
        audit.record(
            session, actor=SYSTEM, act="need_outdated", subject=("need", need.id), now=now,
            ends_on=need.ends_on.isoformat(),
        )  # fmt: skip
        tell_group(
            session, group=session.get_one(Group, need.group_id), code="need_outdated",
            key=f"{need.id}:{need.ends_on}", now=now, need_id=need.id, title=need.title,
            ends_on=need.ends_on.isoformat(),
        )  # fmt: skip
        return True
