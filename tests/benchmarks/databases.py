"""The databases that are measured: a city of any size, its staff, its accounts, its round."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matchmaker import schema
from matchmaker.db import open_engine, session_factory, transaction
from matchmaker.jobs import run_next, utc_now
from matchmaker.models import (
    Account,
    GroupMember,
    LoginSession,
    Need,
    Professional,
    Proposal,
    Round,
)
from matchmaker.sample.accounts import add_people, add_staff
from matchmaker.sample.demo import JAPAN
from matchmaker.sample.generate import generate
from matchmaker.sample.load import load_city
from matchmaker.services import accounts, demo_people, rounds
from matchmaker.services.actors import Actor
from matchmaker.work import handlers


@dataclass(frozen=True)
class Places:
    """Ids that addresses of pages are made of, by the name they stand under."""

    ids: dict[str, str]

    def address(self, url: str) -> str | None:
        """``url`` with its ids; None when the database has nothing to show there."""
        try:
            return url.format(**self.ids)
        except KeyError:
            return None


def build(path: Path, *, professionals: int, needs: int, groups: int) -> Engine:
    """A new SQLite database with a city of that size and its staff; no round yet."""
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    now = utc_now()
    city = generate(
        professionals=professionals, needs=needs, groups=groups, as_of=now.astimezone(JAPAN).date()
    )
    with transaction(session_factory(engine)) as session:
        load_city(session, city, now=now)
        add_staff(session, now=now)
    return engine


def coordinator(session: Session) -> Actor:
    """The actor of the city's coordinator."""
    address = demo_people.address("coordinator")
    account = session.exec(select(Account).where(Account.email == address)).one()
    return accounts.actor_of(session, account_id=account.id)


def press_button(engine: Engine, *, needs: int | None = None) -> str:
    """Create a round of the ``needs`` that waited longest (all of them: None) and ask for it."""
    now = utc_now()
    with transaction(session_factory(engine)) as session:
        actor = coordinator(session)
        chosen = [row.need.id for row in rounds.open_needs(session)][:needs]
        row = rounds.create(
            session,
            actor=actor,
            now=now,
            today=now.astimezone(JAPAN).date(),
            data={"name": "測定の回", "need_ids": chosen},
        )
        rounds.request_computation(
            session, actor=actor, now=now, round_id=row.id, version=row.version
        )
        return row.id


def work_off(engine: Engine) -> None:
    """Do what is queued."""
    factory = session_factory(engine)
    while run_next(factory, handlers()):
        pass


def places(engine: Engine) -> Places:
    """Give the people of the round accounts, and find what there is to look at."""
    with transaction(session_factory(engine)) as session:
        if _account(session, "professional") is None:
            add_people(session, now=utc_now())
        ids: dict[str, str] = {}
        row = session.exec(select(Round)).first()
        person = _account(session, "professional")
        contact = _account(session, "group")
        officer = _account(session, "company")
        if row is not None:
            ids["round"] = row.id
        if person is not None:
            mine = select(Professional).where(Professional.account_id == person.id)
            professional = session.exec(mine).one()
            ids["professional"] = professional.id
            held = select(Proposal).where(Proposal.professional_id == professional.id)
            ids["proposal"] = session.exec(held).first().id  # type: ignore[union-attr]
        if contact is not None:
            seat = select(GroupMember).where(GroupMember.account_id == contact.id)
            ids["group"] = session.exec(seat).one().group_id
            theirs = select(Need.id).join(Proposal, col(Proposal.need_id) == Need.id)
            ids["need"] = session.exec(theirs.where(Need.group_id == ids["group"])).first() or ""
        if officer is not None:
            actor = accounts.actor_of(session, account_id=officer.id)
            ids["company"] = sorted(actor.company_ids)[0]
        return Places(ids)


def _account(session: Session, role: str) -> Account | None:
    address = demo_people.address(role)
    return session.exec(select(Account).where(Account.email == address)).first()


def sign_in(engine: Engine, role: str, *, now: datetime) -> str | None:
    """The token of a fresh session of the ready account of a role."""
    with transaction(session_factory(engine)) as session:
        account = _account(session, role)
        if account is None:
            return None
        token = secrets.token_urlsafe(32)
        session.add(
            LoginSession(
                account_id=account.id,
                token_hash=accounts.digest(token),
                user_agent="benchmark",
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(days=14),
            )
        )
        return token
