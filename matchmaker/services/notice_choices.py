"""How often somebody wants which kind of message: asked once, kept by every message after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from matchmaker.errors import FieldError, Invalid, NotFound
from matchmaker.models import Account, AccountState, Notice, NoticeChoice, NoticeState, Pace
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.notice_kinds import KINDS, Kind, kind_of


@dataclass(frozen=True)
class Choice:
    """A kind as its reader sees it: what may be chosen (nothing: it always comes), what holds."""

    code: str
    kind: Kind
    pace: Pace


def pace_of(session: Session, *, account_id: str | None, code: str) -> Pace:
    """How often an account wants a message; who has no account cannot choose."""
    name = kind_of(code)
    kind = KINDS[name]
    if account_id is None or not kind.paces:
        return kind.usual
    held = session.get(NoticeChoice, (account_id, name))
    return Pace(held.pace) if held else kind.usual


def choices(session: Session, *, actor: Actor) -> list[Choice]:
    """Every kind the actor can get, in the order of the page."""
    held = {
        row.kind: Pace(row.pace)
        for row in session.exec(
            select(NoticeChoice).where(NoticeChoice.account_id == actor.account_id)
        )
    }
    return [
        Choice(code, kind, held.get(code, kind.usual))
        for code, kind in KINDS.items()
        if not kind.readers or kind.readers & _roles(actor)
    ]


def _roles(actor: Actor) -> set[str]:
    worn = {"professional": actor.professional_id, "group": actor.group_ids}
    return {role for role, held in worn.items() if held} | {str(role) for role in actor.staff}


def choose(
    session: Session, *, actor: Actor, now: datetime, data: Mapping[str, str]
) -> list[Choice]:
    """Keep the actor's paces, kind → pace; kinds that are not named stay as they are.

    What is collected already follows: it goes out at once, or not at all. ``Invalid``
    (``not_in_list``) for a pace the kind does not have; kinds the actor cannot choose are ignored.
    """
    offered = {each.code: each for each in choices(session, actor=actor) if each.kind.paces}
    wanted = {code: pace for code, pace in data.items() if code in offered}
    errors = [
        FieldError(code, "not_in_list")
        for code, pace in wanted.items()
        if pace not in offered[code].kind.paces
    ]
    if errors:
        raise Invalid(errors)
    assert actor.account_id is not None
    changed = {code: Pace(p) for code, p in wanted.items() if p != offered[code].pace}
    for code, pace in changed.items():
        _keep(session, actor.account_id, code, pace, now)
    if changed:
        audit.record(
            session, actor=actor, act="choose_notices", subject=("account", actor.account_id),
            now=now, **changed,
        )  # fmt: skip
    return choices(session, actor=actor)


def stop(session: Session, *, account_id: str, kind: str, now: datetime) -> None:
    """No more mails of a kind, as asked from within a mail program. Doing it twice is doing it
    once. Refused: ``link_not_valid`` where there is nothing to switch off."""
    known = session.get(Account, account_id)
    if known is None or kind not in KINDS or Pace.NEVER not in KINDS[kind].paces:
        raise NotFound("link_not_valid")
    _keep(session, account_id, kind, Pace.NEVER, now)
    audit.record(
        session, actor=Actor(account_id=account_id), act="choose_notices",
        subject=("account", account_id), now=now, **{kind: Pace.NEVER},
    )  # fmt: skip


def wanting(session: Session, kind: str) -> Sequence[Account]:
    """Active accounts that have chosen to get a kind that usually nobody gets."""
    return session.exec(
        select(Account)
        .join(NoticeChoice, col(NoticeChoice.account_id) == Account.id)
        .where(
            NoticeChoice.kind == kind,
            NoticeChoice.pace != Pace.NEVER,
            Account.state == AccountState.ACTIVE,
        )
        .order_by(col(Account.id))
    ).all()


def _keep(session: Session, account_id: str, kind: str, pace: Pace, now: datetime) -> None:
    row = session.get(NoticeChoice, (account_id, kind))
    if row is None:
        row = NoticeChoice(account_id=account_id, kind=kind, pace=pace, changed_at=now)
    row.pace, row.changed_at = pace, now
    session.add(row)
    session.flush()
    _follow(session, account_id, kind, pace, now)


def _follow(session: Session, account_id: str, kind: str, pace: Pace, now: datetime) -> None:
    """What was collected and is in no mail yet goes the way that was chosen now."""
    states = {Pace.AT_ONCE: NoticeState.WAITING, Pace.NEVER: NoticeState.DROPPED}
    session.execute(
        update(Notice)
        .where(
            col(Notice.account_id) == account_id,
            col(Notice.code).in_(KINDS[kind].messages),
            col(Notice.state) == NoticeState.COLLECTED,
            col(Notice.digest_id) == "",
        )
        .values(pace=pace, state=states.get(pace, NoticeState.COLLECTED), not_before=now)
    )
