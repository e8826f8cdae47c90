"""The scope of a project: what is handed over and who bears which costs, in its people's words.

It begins as the need says it. Either side may write it anew; every version stays, and everybody is
asked to accept the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import Need, Project, ProjectScope, Side
from matchmaker.services import audit
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, LongText, Whole, validated
from matchmaker.services.commitments import RUNNING
from matchmaker.services.on_behalf import OnBehalf, proxy_details
from matchmaker.services.project_access import part
from matchmaker.services.project_letters import tell_everybody

MOST, LONGEST = 12, 200


class Wanted(Command):
    """The results, one a line, and the expenses; ``based_on``: the number that was shown."""

    deliverables: Annotated[str, LongText(2400, 1)]
    expenses: Annotated[str, LongText(1000)] = ""
    based_on: Annotated[int, Whole(0, 999_999)] = 0


@dataclass(frozen=True)
class Scope:
    """A version; number 0 is what the need says."""

    number: int
    deliverables: tuple[str, ...]
    expenses: str


def in_force(session: Session, need: Need, project_id: str) -> Scope:
    """The newest scope of a project, or that of its need."""
    row = session.exec(
        select(ProjectScope)
        .where(ProjectScope.project_id == project_id)
        .order_by(col(ProjectScope.number).desc())
        .limit(1)
    ).first()
    if row is None:
        return Scope(0, tuple(text[:LONGEST] for text in _lines(need.deliverable))[:MOST], "")
    return Scope(row.number, tuple(row.deliverables), row.expenses)


def write(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    side: Side,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Scope:
    """Write the scope anew (``Wanted``); everybody is told and asked to accept it. The same words
    again change nothing.

    Refused: ``project_not_found``, ``project_state`` once the result is handed over,
    ``changed_meanwhile``, ``on_behalf_needed``; beside ``deliverables`` ``too_many_lines`` and
    ``line_too_long``.
    """
    project, group, member = part(session, actor, side, project_id)
    details = proxy_details(actor, group.id, on_behalf) if side == Side.GROUP else {}
    wanted = validated(Wanted, data)
    lines = tuple(_lines(wanted.deliverables))
    _require_fit(lines)
    if project.state not in RUNNING or (member is not None and member.left_on is not None):
        raise Conflict("project_state")
    known = in_force(session, session.get_one(Need, project.need_id), project_id)
    if known.number != wanted.based_on:
        raise Conflict("changed_meanwhile")
    if (known.deliverables, known.expenses) == (lines, wanted.expenses):
        return known
    scope = Scope(known.number + 1, lines, wanted.expenses)
    _add(session, actor, now, project, scope)
    audit.record(
        session, actor=actor, act="change_scope", subject=("project", project_id), now=now,
        number=scope.number, **details,
    )  # fmt: skip
    tell_everybody(
        session, project, "scope_changed", f"{project_id}:{scope.number}", now=now,
        but=actor.account_id, title=project.title,
    )  # fmt: skip
    return scope


def _add(session: Session, actor: Actor, now: datetime, project: Project, scope: Scope) -> None:
    session.add(
        ProjectScope(
            project_id=project.id, number=scope.number, deliverables=list(scope.deliverables),
            expenses=scope.expenses, created_by=actor.account_id, created_at=now,
        )
    )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as taken:  # the primary key lets one of two at once win
        raise Conflict("changed_meanwhile") from taken


def _require_fit(lines: tuple[str, ...]) -> None:
    errors = []
    if len(lines) > MOST:
        errors.append(FieldError("deliverables", "too_many_lines", {"max": MOST}))
    if any(len(line) > LONGEST for line in lines):
        errors.append(FieldError("deliverables", "line_too_long", {"max": LONGEST}))
    if errors:
        raise Invalid(errors)


def _lines(text: str) -> list[str]:
    """The lines of a text without the marks people put before them, each once."""
    bare = (line.strip().lstrip("・-*●○■□ 　").strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in bare if line))
