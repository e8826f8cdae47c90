"""Expenses of a project: noted by the professional, confirmed by the group; never counted as hours.

They are a record, not a payment: who bears them was agreed in the project's scope. As with hours, a
fiscal year's expenses can be noted and confirmed until 30 April.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, FieldError, Invalid
from matchmaker.models import (
    Expense,
    ExpensePayer,
    Group,
    Professional,
    Project,
    ProjectMember,
    ProjectState,
)
from matchmaker.services import audit, confirming, project_access
from matchmaker.services.actors import Actor
from matchmaker.services.commands import (
    Choice,
    CodeList,
    Command,
    Date,
    ShortText,
    Whole,
    validated,
)
from matchmaker.services.confirming import EXPENSES, closed
from matchmaker.services.on_behalf import OnBehalf, proxy_details

MOST_YEN = 1_000_000


class Spent(Command):
    """The day, how much, what for, and who bears it."""

    spent_on: Date
    yen: Annotated[int, Whole(1, MOST_YEN)]
    purpose: Annotated[str, ShortText(200, 1)]
    payer: Annotated[str, Choice(ExpensePayer)]


class Chosen(Command):
    """The expenses a group confirms."""

    expense_ids: CodeList


class Correction(Command):
    """The amount the group confirms instead of what was noted, and why."""

    yen: Annotated[int, Whole(1, MOST_YEN)]
    why: Annotated[str, ShortText(400, 1)]


@dataclass(frozen=True)
class Line:
    """An expense with who had it. ``closed``: its fiscal year is over for changes."""

    expense: Expense
    person: Professional
    closed: bool

    @property
    def waiting(self) -> bool:
        """Whether the group can still confirm it."""
        return self.expense.confirmed_at is None and not self.closed


@dataclass(frozen=True)
class Sheet:
    """The expenses of a project, newest day first; ``can_note`` and ``over_since`` as for hours."""

    project: Project
    group: Group
    lines: tuple[Line, ...]
    employed: bool = False
    can_note: bool = False
    over_since: date | None = None

    @property
    def waiting(self) -> tuple[Line, ...]:
        """What the group has not confirmed yet."""
        return tuple(line for line in self.lines if line.waiting)

    @property
    def confirmed(self) -> Counter[str]:
        """Confirmed yen by who bears them."""
        found: Counter[str] = Counter()
        for line in self.lines:
            if line.expense.confirmed_at is not None:
                found[line.expense.payer] += line.expense.yen
        return found


def my_sheet(session: Session, *, actor: Actor, today: date, project_id: str) -> Sheet:
    """The actor's own expenses. Refused: ``project_not_found`` to everybody else."""
    project, group = project_access.find(session, project_id)
    stays = project_access.stays(session, actor=actor, project_id=project_id)
    over = confirming.over_since(project, stays, today)
    return Sheet(
        project,
        group,
        lines_of(session, project_id, today, actor.professional_id),
        employed=any(stay.company_id for stay in stays),
        can_note=project.state != ProjectState.CANCELLED and over is None,
        over_since=over,
    )


def group_sheet(session: Session, *, actor: Actor, today: date, project_id: str) -> Sheet:
    """Everybody's expenses, for the group and the coordinators. Refused: ``project_not_found``."""
    project, group = project_access.for_group(session, actor=actor, project_id=project_id)
    return Sheet(project, group, lines_of(session, project_id, today))


def lines_of(
    session: Session, project_id: str, today: date, person_id: str | None = None
) -> tuple[Line, ...]:
    """The expenses of a project, or of one of its people."""
    query = (
        select(Expense, Professional)
        .join(Professional, col(Professional.id) == Expense.professional_id)
        .where(Expense.project_id == project_id)
        .order_by(col(Expense.spent_on).desc(), col(Expense.id).desc())
    )
    if person_id is not None:
        query = query.where(Expense.professional_id == person_id)
    return tuple(
        Line(expense, person, closed(expense.spent_on, today))
        for expense, person in session.exec(query)
    )


def note(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project_id: str,
    data: Mapping[str, Any],
) -> Expense:
    """Note an expense (``Spent``). The same one again, not yet confirmed, is the one there is.

    Refused: ``project_not_found``, ``project_cancelled``, ``hours_year_closed`` where no day is
    left; beside the day ``in_the_future``,
    ``not_on_project``, ``year_closed``; beside the payer ``no_employer``.
    """
    project, _group = project_access.find(session, project_id)
    stays = project_access.stays(session, actor=actor, project_id=project_id)
    wanted = validated(Spent, data)
    if project.state == ProjectState.CANCELLED:
        raise Conflict("project_cancelled")
    if confirming.over_since(project, stays, today):
        raise Conflict("hours_year_closed")
    _require_possible(stays, wanted, today)
    given: dict[str, Any] = {
        "project_id": project_id, "professional_id": stays[0].professional_id,
        "spent_on": wanted.spent_on, "yen": wanted.yen, "payer": wanted.payer,
        "purpose": wanted.purpose,
    }  # fmt: skip
    same = session.exec(
        select(Expense).filter_by(**given).where(col(Expense.confirmed_at).is_(None))
    ).first()
    if same is not None:
        return same
    expense = Expense(created_at=now, **given)
    session.add(expense)
    session.flush()
    _record(session, actor, now, expense, "note_expense")
    return expense


def take_back(
    session: Session, *, actor: Actor, now: datetime, today: date, expense_id: int
) -> Project:
    """Remove an own expense that nobody has confirmed; answers its project.

    Refused: ``expense_not_found``, ``expense_confirmed``, ``hours_year_closed``.
    """
    expense = EXPENSES.own(session, actor=actor, row_id=expense_id, today=today)
    project = session.get_one(Project, expense.project_id)
    _record(session, actor, now, expense, "take_back_expense")
    session.delete(expense)
    session.flush()
    return project


def confirm(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    project_id: str,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> int:
    """The group confirms expenses (``Chosen``); answers how many were not before.

    Refused: ``project_not_found``, ``expense_not_found``, ``hours_year_closed``,
    ``on_behalf_needed``.
    """
    _row, group = project_access.for_group(session, actor=actor, project_id=project_id)
    details = proxy_details(actor, group.id, on_behalf)
    keys, confirmed = validated(Chosen, data).expense_ids, 0
    for expense in EXPENSES.chosen(session, keys=keys, project_id=project_id, today=today):
        _confirm(session, actor, now, expense, details)
        confirmed += 1
    return confirmed


def to_correct(session: Session, *, actor: Actor, today: date, expense_id: int) -> Line:
    """An expense a group may correct. Refused as ``correct`` does."""
    expense, _group = EXPENSES.of_group(
        session, actor=actor, row_id=expense_id, today=today, lock=False
    )
    return Line(expense, session.get_one(Professional, expense.professional_id), closed=False)


def correct(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    expense_id: int,
    data: Mapping[str, Any],
    on_behalf: OnBehalf | None = None,
) -> Expense:
    """The group confirms another amount than was noted (``Correction``); both stay.

    Refused: ``expense_not_found``, ``expense_confirmed``, ``hours_year_closed``,
    ``on_behalf_needed``.
    """
    expense, group_id = EXPENSES.of_group(session, actor=actor, row_id=expense_id, today=today)
    details = proxy_details(actor, group_id, on_behalf)
    wanted = validated(Correction, data)
    if wanted.yen != expense.yen:
        expense.noted_yen, expense.yen = expense.yen, wanted.yen
        details = {**details, "before": expense.noted_yen}
    expense.correction = wanted.why
    _confirm(session, actor, now, expense, details)
    return expense


def _confirm(
    session: Session, actor: Actor, now: datetime, expense: Expense, details: dict[str, Any]
) -> None:
    expense.confirmed_at, expense.confirmed_by = now, actor.account_id
    session.add(expense)
    session.flush()
    _record(session, actor, now, expense, "confirm_expense", **details)


def _require_possible(stays: list[ProjectMember], wanted: Spent, today: date) -> None:
    day = wanted.spent_on
    there = confirming.there(stays, day)
    errors = []
    if day > today:
        errors.append(FieldError("spent_on", "in_the_future"))
    elif not there:
        errors.append(FieldError("spent_on", "not_on_project"))
    elif closed(day, today):
        errors.append(FieldError("spent_on", "year_closed"))
    if wanted.payer == ExpensePayer.COMPANY and there and not any(s.company_id for s in there):
        errors.append(FieldError("payer", "no_employer"))
    if errors:
        raise Invalid(errors)


def _record(
    session: Session, actor: Actor, now: datetime, expense: Expense, act: str, **details: Any
) -> None:
    audit.record(
        session, actor=actor, act=act, subject=("project", expense.project_id), now=now,
        expense_id=expense.id, spent_on=expense.spent_on.isoformat(), yen=expense.yen, **details,
    )  # fmt: skip
