"""Letters for people who take no mail: what is to be printed, and who gets letters at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Group, Notice, NoticeState, Professional
from matchmaker.services import audit
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.letters import Letter

SUBJECTS = {Professional: "professional", Group: "group"}


def waiting(session: Session, *, actor: Actor) -> Sequence[Notice]:
    """Every letter that waits to be printed, oldest first. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    return session.exec(
        select(Notice)
        .where(Notice.state == NoticeState.PAPER)
        .order_by(col(Notice.created_at), col(Notice.id))
    ).all()


def as_letter(notice: Notice) -> Letter:
    """A letter as papers take it."""
    name = str(notice.params.get("name", ""))
    return Letter(name, "", notice.language, notice.code, notice.dedupe_key, notice.params)


def mark(letters: Sequence[Notice]) -> str:
    """Names exactly these letters, so that nobody ticks off what they have not printed."""
    return sha256("\n".join(each.id for each in letters).encode()).hexdigest()[:32]


def posted(session: Session, *, actor: Actor, now: datetime, shown: str) -> int:
    """Everything that was shown (``mark``) is printed and posted; returns how many letters.
    Refused: ``changed_meanwhile`` when others wait by now."""
    letters = waiting(session, actor=actor)
    if mark(letters) != shown:
        raise Conflict("changed_meanwhile")
    for each in letters:
        each.state, each.sent_at = NoticeState.SENT, now
        session.add(each)
    session.flush()
    audit.record(
        session, actor=actor, act="post_letters", subject=("notice", "letters"), now=now,
        letters=[each.id for each in letters],
    )  # fmt: skip
    return len(letters)


def drop(session: Session, *, actor: Actor, now: datetime, notice_id: str) -> None:
    """A letter need not be printed, because somebody told it otherwise. Doing it twice is doing it
    once. Refused: ``mail_not_found``."""
    require_coordinator(actor)
    letter = session.get(Notice, notice_id)
    if letter is None or letter.state not in (NoticeState.PAPER, NoticeState.DROPPED):
        raise NotFound("mail_not_found")
    letter.state = NoticeState.DROPPED
    session.add(letter)
    audit.record(session, actor=actor, act="drop_letter", subject=("notice", letter.id), now=now)


def choose(
    session: Session, *, actor: Actor, now: datetime, kind: str, record_id: str, on: bool
) -> None:
    """Letters or mails for one of the ``people`` or ``groups``. Refused: ``coordinators_only``,
    ``professional_not_found``, ``group_not_found``."""
    require_coordinator(actor)
    row: Professional | Group | None
    if kind == "people":
        row = session.get(Professional, record_id)
    else:
        row = session.get(Group, record_id)
    if row is None:
        raise NotFound("professional_not_found" if kind == "people" else "group_not_found")
    switch(session, actor=actor, now=now, row=row, on=on)


def switch(
    session: Session, *, actor: Actor, now: datetime, row: Professional | Group, on: bool
) -> None:
    """From now on letters (``on``), or mails again."""
    require_coordinator(actor)
    if row.on_paper == on:
        return
    row.on_paper, row.version = on, row.version + 1
    session.add(row)
    session.flush()
    act = "letters_on_paper" if on else "letters_by_mail"
    audit.record(session, actor=actor, act=act, subject=(SUBJECTS[type(row)], row.id), now=now)
