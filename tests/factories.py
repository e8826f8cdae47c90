"""Rows for the tests: each function adds what it is named after, with plain defaults.

Everybody here is fictional. Give keyword arguments for what a test is about; the rest is filled in.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from matchmaker.models import (
    Account,
    AccountRole,
    ActivityField,
    Company,
    CompanyOfficer,
    District,
    Group,
    GroupMember,
    LoginSession,
    MemberRole,
    Need,
    NeedState,
    Professional,
    ProfileState,
    Proposal,
    ProposalState,
    Role,
    RoleSkill,
    Round,
    RoundNeed,
    RoundState,
    Skill,
)
from matchmaker.services import accounts
from matchmaker.services.actors import Actor
from matchmaker.text import search_key

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
PASSWORD = "kumo-no-ue-no-sakura"
_numbers = count(1)
Row = TypeVar("Row")


@cache
def password_hash() -> str:
    """The cheap hash of ``PASSWORD``, made once."""
    from matchmaker.services import passwords

    return passwords.hashed(PASSWORD, cheap=True)


def add(session: Session, row: Row) -> Row:
    """Add a row and flush, so that it can be pointed to."""
    session.add(row)
    session.flush()
    return row


def account(session: Session, **given: Any) -> Account:
    """A verified account with ``PASSWORD``."""
    number = next(_numbers)
    values = {
        "email": f"person{number}@example.jp",
        "name": f"見本 {number}",
        "password_hash": password_hash(),
        "email_verified_at": NOW,
        "created_at": NOW,
        **given,
    }
    return add(session, Account(**values))


def staff(session: Session, role: str = "coordinator", **given: Any) -> Account:
    """An account with a staff role: coordinator, city or admin."""
    person = account(session, **given)
    add(session, AccountRole(account_id=person.id, role=role))
    return person


def actor(session: Session, person: Account) -> Actor:
    """The actor that services take for this account."""
    return accounts.actor_of(session, account_id=person.id)


def professional(session: Session, *, person: Account | None = None, **given: Any) -> Professional:
    """A verified professional; ``person`` is their account, when they have one."""
    number = next(_numbers)
    values = {
        "account_id": person.id if person else None,
        "name": person.name if person else f"働 {number}",
        "kana": "はたらき",
        "email": person.email if person else "",
        "remote": True,
        "onsite": True,
        "hours_per_week": 3,
        "waiting_since": date(2026, 6, 1),
        "state": ProfileState.VERIFIED,
        "verified_at": NOW,
        "created_at": NOW,
        **given,
    }
    values.setdefault("search_text", search_key(str(values["name"]), str(values["kana"])))
    return add(session, Professional(**values))


def group(session: Session, *, person: Account | None = None, **given: Any) -> Group:
    """A verified group in the directory; ``person`` becomes its contact."""
    number = next(_numbers)
    values = {
        "name": f"みほんの会{number}",
        "kana": f"みほんのかい{number}",
        "kind": "volunteer",
        "eligibility": {},
        "state": ProfileState.VERIFIED,
        "verified_at": NOW,
        "created_at": NOW,
        **given,
    }
    values.setdefault("search_text", search_key(str(values["name"]), str(values["kana"])))
    row = add(session, Group(**values))
    if person:
        add(
            session,
            GroupMember(
                group_id=row.id, account_id=person.id, role=MemberRole.CONTACT, joined_at=NOW
            ),
        )
    return row


def company(session: Session, *, officer: Account | None = None, **given: Any) -> Company:
    """A company in the city; ``officer`` reads its report."""
    values = {"name": f"みほん工業{next(_numbers)}", "created_at": NOW, "in_city": True, **given}
    values.setdefault("search_text", search_key(str(values["name"])))
    row = add(session, Company(**values))
    if officer:
        add(session, CompanyOfficer(company_id=row.id, account_id=officer.id))
    return row


def skill(session: Session, code: str = "accounting", **given: Any) -> Skill:
    """A skill, found again when it is already there."""
    values = {"label_ja": f"技能 {code}", "label_en": code.capitalize(), **given}
    return session.get(Skill, code) or add(session, Skill(code=code, **values))


def field(session: Session, code: str = "npo-03", **given: Any) -> ActivityField:
    """A field of activity, found again when it is already there."""
    values = {"label_ja": f"分野 {code}", "label_en": f"Field {code}", **given}
    return session.get(ActivityField, code) or add(session, ActivityField(code=code, **values))


def district(session: Session, code: str = "tokiwa", **given: Any) -> District:
    """A district, found again when it is already there."""
    values = {"label_ja": f"地区 {code}", "label_en": code.capitalize(), "lat": 35.0, "lon": 136.6}
    return session.get(District, code) or add(session, District(code=code, **{**values, **given}))


def need(session: Session, group: Group, **given: Any) -> Need:
    """An open need of a group, without roles."""
    number = next(_numbers)
    values = {
        "group_id": group.id,
        "title": f"名簿を整えたい {number}",
        "summary": "手書きの名簿が増えて困っています。",
        "deliverable": "表計算の名簿と使い方の紙",
        "gain": "地域の人と知り合えます。",
        "mode": "hybrid",
        "hours_per_week": 2,
        "state": NeedState.OPEN,
        "submitted_at": NOW,
        "opened_at": NOW,
        "created_at": NOW,
        **given,
    }
    values.setdefault("search_text", search_key(str(values["title"]), str(values["summary"])))
    return add(session, Need(**values))


def role(session: Session, need: Need, skills: tuple[str, ...] = (), **given: Any) -> Role:
    """A role of a need that asks for ``skills`` (codes), each essential at level 1."""
    row = add(session, Role(**{"need_id": need.id, "title": "担当", **given}))
    for code in skills:
        skill(session, code)
        add(session, RoleSkill(role_id=row.id, skill=code, essential=True))
    return row


def signed_in(app: Flask, session: Session, person: Account) -> FlaskClient:
    """A browser in which ``person`` is signed in; commits what was arranged so far."""
    token = secrets.token_urlsafe(32)
    add(
        session,
        LoginSession(
            account_id=person.id,
            token_hash=accounts.digest(token),
            user_agent="Example Browser",
            created_at=NOW,
            last_seen_at=NOW,
            expires_at=NOW + timedelta(days=14),
        ),
    )
    session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["token"] = token
    return browser


def look(app: Flask, query: Any) -> list[Any]:
    """What the database holds now, read apart, so that no lock is kept."""
    with app.extensions["reading"]() as reading:
        return list(reading.exec(query).all())


def round_(session: Session, *needs: Need, **given: Any) -> Round:
    """A computed round with these needs, ready for review."""
    values = {
        "name": "秋の回",
        "state": RoundState.READY,
        "as_of": NOW.date(),
        "reply_by": NOW.date() + timedelta(days=14),
        "runs": 1,
        "created_at": NOW,
        "computed_at": NOW,
        **given,
    }
    row = add(session, Round(**values))
    for each in needs:
        add(session, RoundNeed(round_id=row.id, need_id=each.id, staffed=True))
    return row


def proposal(
    session: Session, round_row: Round, role: Role, person: Professional, **given: Any
) -> Proposal:
    """An approved proposal of a round: a person on the first seat of a role."""
    values = {
        "round_id": round_row.id,
        "need_id": role.need_id,
        "role_id": role.id,
        "professional_id": person.id,
        "score": 8200,
        "contributions": {"skills": 5200, "time": 3000},
        "state": ProposalState.APPROVED,
        "reply_by": round_row.reply_by,
        "created_at": NOW,
        **given,
    }
    return add(session, Proposal(**values))
