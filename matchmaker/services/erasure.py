"""Erasing a person: the rows that are counted stay, with nobody's name on them.

Figures of past years must not change when somebody goes (a project keeps its employer, an hour its
minutes), so rows that counts rest on become a tombstone; everything else about the person goes.
The append-only record keeps codes and ids, which then lead to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, Column, String, Table, cast, delete, or_, update
from sqlmodel import Session, col, func, select

from matchmaker.errors import Conflict, FieldError, Invalid, NotFound
from matchmaker.models import (
    Account,
    AccountRole,
    AccountState,
    Case,
    CaseRelease,
    CaseState,
    Group,
    GroupMember,
    MemberRole,
    Notice,
    NoticeState,
    Professional,
    ProfileState,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    ProposalState,
    Relation,
    SignInFailure,
    metadata,
)
from matchmaker.services import audit, passwords
from matchmaker.services.accounts import digest
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Choice, Command, Date, Flag, Version, validated
from matchmaker.services.on_behalf import Channel
from matchmaker.services.own_data import Subject, about, subject_of
from matchmaker.services.versions import claim

ERASED = "（削除済み / erased）"  # data, not a word of a page: it stands in both languages
WORDS = frozenset({"said_by", "reason", "note"})  # of the record: not shown about whom was erased
BLACKED = "■■■"  # where a free text of somebody else named the person
# Rows about the person that nothing is counted from.
GONE = (
    "account_token", "calendar_feed", "case_release", "certificate", "claim_code",
    "company_officer",
    "coordinator_desk", "declared_conflict", "group_invitation", "group_member", "in_charge",
    "login_session", "notice_choice", "professional_field", "professional_skill", "saved_search",
    "sign_on_identity", "thanks", "wish",
)  # fmt: skip
UNTOUCHED = ("audit_entry", "audit_head")  # a chain: a changed row would show as forged
NOT_ARRIVED = (
    NoticeState.WAITING, NoticeState.COLLECTED, NoticeState.PAPER, NoticeState.BOUNCED,
)  # fmt: skip
RUNNING = (ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED)
FREE_TEXT, SHORTEST_NAME = 400, 4


def hindrances(session: Session, *, actor: Actor) -> tuple[str, ...]:
    """Codes of what must be settled before the actor can be erased; empty when nothing is.

    ``staff_first``: a staff role is still held. ``contact_must_hand_over``: others act for a group
    whose contact the actor is. ``offers_waiting``: an invitation waits. ``project_running``: the
    actor is on a project that is not over.
    """
    checks = {
        "staff_first": select(AccountRole.role).where(AccountRole.account_id == actor.account_id),
        "contact_must_hand_over": _groups_left_behind(actor),
        "offers_waiting": select(Proposal.id).where(
            Proposal.professional_id == actor.professional_id,
            Proposal.state == ProposalState.OFFERED,
        ),
        "project_running": select(Project.id)
        .join(ProjectMember, col(ProjectMember.project_id) == Project.id)
        .where(
            ProjectMember.professional_id == actor.professional_id,
            col(ProjectMember.left_on).is_(None),
            col(Project.state).in_(RUNNING),
        ),
    }
    return tuple(code for code, found in checks.items() if session.exec(found).first())


def _groups_left_behind(actor: Actor) -> Any:
    others = (
        select(GroupMember.group_id)
        .where(GroupMember.account_id != actor.account_id)
        .scalar_subquery()
    )
    return select(GroupMember.group_id).where(
        GroupMember.account_id == actor.account_id,
        GroupMember.role == MemberRole.CONTACT,
        col(GroupMember.group_id).in_(others),
    )


def erase(session: Session, *, actor: Actor, now: datetime, password: str) -> None:
    """Erase the actor: account, profile, what they wrote, and their name wherever it stands.

    Figures stay as they are. Names of four characters and more are blacked out in the free texts
    of others too; a shorter one could be part of any word. Refused: ``password_wrong``, and each
    code of ``hindrances``.
    """
    subject = subject_of(session, actor=actor)
    account = subject.account
    assert account is not None
    if not passwords.matches(password, account.password_hash):
        raise Invalid([FieldError("password", "password_wrong")])
    if hindering := hindrances(session, actor=actor):
        raise Conflict(hindering[0])
    _wipe(session, subject, now)
    subject_id = ("account", account.id)
    audit.record(session, actor=actor, act="account_erased", subject=subject_id, now=now)


class AskedToBeErased(Command):
    """How and when somebody without an account asked to be erased, and that it was really them."""

    channel: Annotated[str, Choice(Channel)]
    said_on: Date
    identity: Flag = False
    version: Version


def person_hindrances(
    session: Session, *, actor: Actor, professional_id: str
) -> tuple[Professional, tuple[str, ...]]:
    """Somebody a coordinator may erase, and what must be settled before (see ``hindrances``; and
    ``profile_has_account``: the person can do it). Refused: ``coordinators_only``,
    ``professional_not_found``."""
    require_coordinator(actor)
    person = session.get(Professional, professional_id)
    if person is None:
        raise NotFound("professional_not_found")
    own = ("profile_has_account",) if person.account_id else ()
    return person, (*own, *hindrances(session, actor=Actor(professional_id=person.id)))


def erase_person(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    professional_id: str,
    data: Mapping[str, Any],
) -> None:
    """Erase somebody without an account who asked for it (``AskedToBeErased``), as ``erase`` does.

    The record keeps how and when they asked, never who they were. Refused: as
    ``person_hindrances``, each of its codes, ``changed_meanwhile``; ``Invalid`` for a day to come
    and where nobody says that it was really them (``must_agree``).
    """
    person, hindering = person_hindrances(session, actor=actor, professional_id=professional_id)
    wanted = validated(AskedToBeErased, data)
    errors = [FieldError("said_on", "in_the_future")] if wanted.said_on > today else []
    errors += [] if wanted.identity else [FieldError("identity", "must_agree")]
    if errors:
        raise Invalid(errors)
    if hindering:
        raise Conflict(hindering[0])
    claim(session, person, wanted.version)
    _wipe(session, Subject(None, person), now)
    audit.record(
        session, actor=actor, act="person_erased", subject=("professional", person.id), now=now,
        channel=wanted.channel, asked_on=wanted.said_on.isoformat(),
    )  # fmt: skip


def _wipe(session: Session, subject: Subject, now: datetime) -> None:
    """Take the subject out of every table but the record."""
    account = subject.account
    names = _names(subject)
    known = (account.email if account else "", _email(subject.professional))
    emails = {text for text in known if text}
    if account is not None:
        _leave_groups(session, account)
    _mails(session, account, emails)
    _cases(session, subject)
    _rows_about(session, subject)
    _tombstones(session, subject, now)
    session.execute(
        delete(SignInFailure).where(
            col(SignInFailure.email_hash).in_([digest(email) for email in emails])
        )
    )
    session.flush()
    for text in sorted(names | emails, key=len, reverse=True):
        _black_out(session, text)
    session.expire_all()


def _email(person: Professional | None) -> str:
    return person.email if person else ""


def _names(subject: Subject) -> set[str]:
    """The ways the person's name may stand in a text: as written, and without the space."""
    found = set()
    for row in (subject.account, subject.professional):
        for name in (row.name, row.kana) if row else ():
            bare = name.replace(" ", "").replace("\u3000", "")
            if bare != name:  # with its space even a short name is no part of another word
                found |= {name.replace("\u3000", " "), name.replace(" ", "\u3000")}
            if len(bare) >= SHORTEST_NAME:
                found |= {name, bare}
    return found


def _leave_groups(session: Session, account: Account) -> None:
    """Groups stay; their contact's details go where this account was the contact."""
    mine = select(GroupMember.group_id).where(
        GroupMember.account_id == account.id, GroupMember.role == MemberRole.CONTACT
    )
    session.execute(
        update(Group)
        .where(or_(col(Group.id).in_(mine), func.lower(Group.contact_email) == account.email))
        .values(contact_name="", contact_email="", contact_note="", version=Group.version + 1)
        .execution_options(synchronize_session=False)
    )


def _mails(session: Session, account: Account | None, emails: set[str]) -> None:
    """What waits for this person is not sent any more; what was sent keeps that it was sent."""
    addressed = col(Notice.email).in_(emails)
    if account is None:  # whoever has an account with the same address keeps their own mails
        theirs: Any = addressed & col(Notice.account_id).is_(None)
    else:
        theirs = or_(col(Notice.account_id) == account.id, addressed)
    session.execute(delete(Notice).where(theirs, col(Notice.state).in_(NOT_ARRIVED)))
    session.execute(
        update(Notice)
        .where(theirs)
        .values(email="", params={})
        .execution_options(synchronize_session=False)
    )


def _cases(session: Session, subject: Subject) -> None:
    """A case the person had released leaves the site until the others have looked at it anew."""
    if subject.professional is None:
        return
    released = (
        select(CaseRelease.case_id)
        .join(ProjectMember, col(ProjectMember.id) == CaseRelease.member_id)
        .where(ProjectMember.professional_id == subject.professional.id)
    )
    session.execute(
        update(Case)
        .where(col(Case.id).in_(released), col(Case.state) != CaseState.WITHDRAWN)
        .values(state=CaseState.DRAFT, edition=Case.edition + 1, version=Case.version + 1)
        .execution_options(synchronize_session=False)
    )


def _rows_about(session: Session, subject: Subject) -> None:
    for table, condition in about(subject):
        if table.name in UNTOUCHED or table.name in ("account", "professional"):
            continue
        if table.name in GONE:
            session.execute(delete(table).where(condition))
            continue
        blank = {column.name: _empty(column) for column in _written(table)}
        if blank:
            session.execute(update(table).where(condition).values(blank))


def _written(table: Table) -> Iterator[Column[Any]]:
    """Columns that can hold what a person wrote, or how they are reached."""
    for column in table.columns:
        if column.foreign_keys or column.primary_key:
            continue
        addressed = column.name in ("email", "name", "kana", "user_agent", "params")
        if addressed or _free_text(column):
            yield column


def _free_text(column: Column[Any]) -> bool:
    length: int = getattr(column.type, "length", None) or 0
    return length >= FREE_TEXT


def _empty(column: Column[Any]) -> Any:
    return {} if isinstance(column.type, JSON) else ""


def _tombstones(session: Session, subject: Subject, now: datetime) -> None:
    account, person = subject.account, subject.professional
    if account is not None:
        account.email, account.password_hash = f"erased-{account.id}", ""
        account.name, account.kana = ERASED, ""
        account.state, account.email_verified_at = AccountState.CLOSED, None
        account.version += 1
        session.add(account)
    if person is not None:
        person.account_id = None
        person.name, person.kana, person.email, person.phone = ERASED, "", "", ""
        person.about = person.returned_comment = person.search_text = ""
        person.company_id, person.district, person.relation = None, None, Relation.NONE
        person.slots, person.languages, person.any_project = [], [], False
        person.state, person.paused_until = ProfileState.LEFT, None
        person.version += 1
        session.add(person)
    session.flush()


def _black_out(session: Session, text: str) -> None:
    """Replace ``text`` in the free texts and documents of every table but identities and audit."""
    escaped = json.dumps(text)[1:-1]
    for table in metadata.sorted_tables:
        if table.name in (*UNTOUCHED, "account", "professional"):
            continue
        for column in table.columns:
            if isinstance(column.type, JSON):
                _black_out_document(session, table, column, {text, escaped})
            elif _free_text(column):
                session.execute(
                    update(table)
                    .where(column.contains(text, autoescape=True))
                    .values({column.name: func.replace(column, text, BLACKED)})
                )


def _black_out_document(
    session: Session, table: Table, column: Column[Any], spellings: set[str]
) -> None:
    """Documents are stored with or without escapes, depending on the database's driver."""
    raw = cast(column, String)
    keys = list(table.primary_key.columns)
    wanted = or_(*(raw.contains(spelling, autoescape=True) for spelling in spellings))
    plain = min(spellings, key=len)
    for row in session.execute(select(column, *keys).where(wanted)).all():
        document = _blacked(row[0], plain)
        same = [key == value for key, value in zip(keys, row[1:], strict=True)]
        session.execute(update(table).where(*same).values({column.name: document}))


def _blacked(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return value.replace(text, BLACKED)
    if isinstance(value, dict):
        return {key: _blacked(each, text) for key, each in value.items()}
    return [_blacked(each, text) for each in value] if isinstance(value, list) else value
