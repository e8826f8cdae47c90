"""The terms of a project: a text the city publishes, accepted by the group and each professional.

Everybody on a project accepts the same version: the one its first yes was given to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.errors import Conflict
from matchmaker.models import (
    Account,
    Need,
    ProjectTerms,
    Side,
    TermsAcceptance,
)
from matchmaker.services import audit, project_access, project_scopes
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.commands import Command, LongText, ShortText, Whole, validated
from matchmaker.services.commitments import RUNNING
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_scopes import Scope
from matchmaker.services.project_steps import Seen, seen

FOLDER = Path(__file__).parent.parent / "agreements"


class Text(Command):
    """The text in both languages, and why it changes; ``based_on``: the number that was shown."""

    text_ja: Annotated[str, LongText(8000, 1)]
    text_en: Annotated[str, LongText(8000, 1)]
    note: Annotated[str, ShortText(400, 1)]
    based_on: Annotated[int, Whole(0, 999_999)] = 0


class Acceptance(Command):
    """The numbers of the text and of the scope that were read."""

    number: Annotated[int, Whole(0, 999_999)]
    scope: Annotated[int, Whole(0, 999_999)]


@dataclass(frozen=True)
class Words:
    """A version of the text; number 0 is the standard one, before anybody published."""

    number: int
    ja: str
    en: str


@dataclass(frozen=True)
class Yes:
    """Somebody's yes: the group's (``name`` empty), or a professional's."""

    acceptance: TermsAcceptance
    name: str


@dataclass(frozen=True)
class Sheet:
    """The terms of a project as one side sees them. ``mine``: that side's yes to what holds now."""

    seen: Seen
    need: Need
    words: Words
    scope: Scope
    said: tuple[Yes, ...]
    mine: TermsAcceptance | None

    @property
    def open(self) -> bool:
        """Whether this side may still say yes."""
        return (
            self.mine is None and self.seen.left_on is None and self.seen.project.state in RUNNING
        )

    @property
    def agreed(self) -> bool:
        """Whether the group and everybody on the project said yes to what holds now."""
        yeses = {
            each.acceptance.member_id
            for each in self.said
            if each.acceptance.scope == self.scope.number
        }
        there = {each.stay.id for each in self.seen.members if each.stay.left_on is None}
        return {None, *there} <= yeses


@dataclass(frozen=True)
class Version:
    """A published version with the name of its author."""

    terms: ProjectTerms
    author: str


@cache
def standard() -> Words:
    """The text a city begins with."""
    texts = (
        (FOLDER / f"project-terms.{code}.txt").read_text(encoding="utf-8") for code in ("ja", "en")
    )
    ja, en = (text.strip() for text in texts)
    return Words(0, ja, en)


def in_force(session: Session) -> Words:
    """The newest published text, or the standard one."""
    row = session.exec(
        select(ProjectTerms).order_by(col(ProjectTerms.number).desc()).limit(1)
    ).first()
    return _words(row) if row else standard()


def versions(session: Session, *, actor: Actor) -> list[Version]:
    """Every published version, newest first. Refused: ``coordinators_only``."""
    require_coordinator(actor)
    found = session.execute(
        wide_select(ProjectTerms, Account.name)
        .join(Account, col(Account.id) == ProjectTerms.created_by, isouter=True)
        .order_by(col(ProjectTerms.number).desc())
    )
    return [Version(terms, name or "") for terms, name in found]


def publish(
    session: Session, *, actor: Actor, now: datetime, data: Mapping[str, Any]
) -> ProjectTerms:
    """Publish a next text (``Text``); projects with a yes keep theirs.

    Refused: ``coordinators_only``; ``changed_meanwhile`` when somebody published since.
    """
    require_coordinator(actor)
    wanted = validated(Text, data)
    if wanted.based_on != in_force(session).number:
        raise Conflict("changed_meanwhile")
    row = _add(
        session, now, wanted.based_on + 1, wanted.text_ja, wanted.text_en,
        note=wanted.note, created_by=actor.account_id,
    )  # fmt: skip
    audit.record(
        session, actor=actor, act="publish_terms", subject=("project_terms", str(row.number)),
        now=now,
    )  # fmt: skip
    return row


def said(session: Session, project_id: str) -> tuple[Yes, ...]:
    """Every yes of a project, first to last, with the name of whoever clicked."""
    found = session.execute(
        wide_select(TermsAcceptance, Account.name)
        .join(Account, col(Account.id) == TermsAcceptance.accepted_by, isouter=True)
        .where(TermsAcceptance.project_id == project_id)
        .order_by(col(TermsAcceptance.id))
    )
    return tuple(Yes(acceptance, name or "") for acceptance, name in found)


def sheet(session: Session, *, actor: Actor, side: Side, project_id: str) -> Sheet:
    """The terms of a project for one side. Refused: ``project_not_found``."""
    shown = seen(session, actor=actor, side=side, project_id=project_id)
    own = _member(session, actor, side, project_id)
    yeses = said(session, project_id)
    need = session.get_one(Need, shown.project.need_id)
    scope = project_scopes.in_force(session, need, project_id)
    mine = [
        each.acceptance
        for each in yeses
        if each.acceptance.side == side
        and each.acceptance.member_id == own
        and each.acceptance.scope == scope.number
    ]
    return Sheet(
        shown,
        need,
        _of_project(session, yeses),
        scope,
        yeses,
        mine[0] if mine else None,
    )


def accept(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> TermsAcceptance:
    """Say yes to the text that was read (``Acceptance``); once each, a second yes changes nothing.

    Refused: ``project_not_found``, ``project_state`` once the work is over and to whoever has left,
    ``changed_meanwhile`` when another text holds by now, ``on_behalf_needed``.
    """
    found = sheet(session, actor=actor, side=side, project_id=project_id)
    project = found.seen.project
    details = proxy_details(actor, found.seen.group.id, on_behalf) if side == Side.GROUP else {}
    if found.mine is not None:
        return found.mine
    if not found.open:
        raise Conflict("project_state")
    wanted = validated(Acceptance, data)
    if (wanted.number, wanted.scope) != (found.words.number, found.scope.number):
        raise Conflict("changed_meanwhile")
    number = found.words.number or _publish_standard(session, now)
    row = TermsAcceptance(
        project_id=project.id,
        number=number,
        scope=found.scope.number,
        side=side,
        member_id=_member(session, actor, side, project_id),
        accepted_by=actor.account_id,
        accepted_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("changed_meanwhile") from taken
    audit.record(
        session, actor=actor, act="accept_terms", subject=("project", project.id), now=now,
        number=number, scope=row.scope, side=side.value, **details,
    )  # fmt: skip
    return row


def _of_project(session: Session, yeses: tuple[Yes, ...]) -> Words:
    if not yeses:
        return in_force(session)
    return _words(session.get_one(ProjectTerms, yeses[0].acceptance.number))


def _member(session: Session, actor: Actor, side: Side, project_id: str) -> str | None:
    if side == Side.GROUP:
        return None
    return project_access.stays(session, actor=actor, project_id=project_id)[-1].id


def _publish_standard(session: Session, now: datetime) -> int:
    """Keep the standard text as number 1, so that what was agreed to can always be read."""
    words = standard()
    return _add(session, now, 1, words.ja, words.en).number


def _add(
    session: Session, now: datetime, number: int, ja: str, en: str, **more: Any
) -> ProjectTerms:
    row = ProjectTerms(number=number, text_ja=ja, text_en=en, created_at=now, **more)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as taken:  # the primary key lets one of two at once win
        raise Conflict("changed_meanwhile") from taken
    return row


def _words(row: ProjectTerms) -> Words:
    return Words(row.number, row.text_ja, row.text_en)
