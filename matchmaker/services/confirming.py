"""What a professional notes and the group confirms, hours and expenses alike: noted, taken back by
whoever noted it, confirmed or corrected by the group, closed a month after the fiscal year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from sqlmodel import Session, col, select

from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Expense, HoursEntry, Project, ProjectMember
from matchmaker.services.actors import Actor, require_group
from matchmaker.services.fiscal import first_day, fiscal_year, last_day

OPEN_AFTER_YEAR = timedelta(days=30)
Row = TypeVar("Row", HoursEntry, Expense)


def closes_on(day: date) -> date:
    """The last day on which what happened on ``day`` can be noted, changed and confirmed."""
    return last_day(fiscal_year(day)) + OPEN_AFTER_YEAR


def closed(day: date, today: date) -> bool:
    """Whether what happened in the fiscal year of ``day`` can no longer be changed."""
    return today > closes_on(day)


def open_from(today: date) -> date:
    """The first day that is not closed."""
    before = first_day(fiscal_year(today) - 1)
    return first_day(fiscal_year(today)) if closed(before, today) else before


def over_since(project: Project, stays: Iterable[ProjectMember], today: date) -> date | None:
    """The last day on which somebody could note anything, where that is past: the close of the
    fiscal year in which they left or the project ended. None as long as something can be noted."""
    ends = [stay.left_on or project.ended_on for stay in stays]
    known = [end for end in ends if end is not None]
    return closes_on(max(known)) if len(known) == len(ends) and closed(max(known), today) else None


def there(stays: Iterable[ProjectMember], day: date) -> list[ProjectMember]:
    """The stays on a project that a day lies in."""
    return [
        stay
        for stay in stays
        if stay.joined_on <= day and (stay.left_on is None or day <= stay.left_on)
    ]


@dataclass(frozen=True)
class Kind(Generic[Row]):
    """Rows of one table. ``code`` begins its refusals (``hours_not_found``, ``hours_confirmed``);
    ``day``: the column of its day."""

    table: type[Row]
    code: str
    day: str

    def find(self, session: Session, row_id: int, *, lock: bool = True) -> Row:
        """A row; refused: ``…_not_found``."""
        query = select(self.table).where(col(self.table.id) == row_id)
        row = session.exec(query.with_for_update() if lock else query).first()
        if row is None:
            raise NotFound(f"{self.code}_not_found")
        return row

    def own(self, session: Session, *, actor: Actor, row_id: int, today: date) -> Row:
        """An own row that can still be taken back. Refused: ``…_not_found``, ``…_confirmed``,
        ``hours_year_closed``."""
        row = self.find(session, row_id)
        if actor.professional_id is None or row.professional_id != actor.professional_id:
            raise NotFound(f"{self.code}_not_found")
        self.require_changeable(row, today)
        return row

    def of_group(
        self, session: Session, *, actor: Actor, row_id: int, today: date, lock: bool = True
    ) -> tuple[Row, str]:
        """A row its group can still correct, and the group's id. Refused as in ``own``."""
        row = self.find(session, row_id, lock=lock)
        group_id = session.get_one(Project, row.project_id).group_id
        try:
            require_group(actor, group_id)
        except NotFound:
            raise NotFound(f"{self.code}_not_found") from None
        self.require_changeable(row, today)
        return row, group_id

    def chosen(
        self, session: Session, *, keys: Iterable[str], project_id: str, today: date
    ) -> Iterator[Row]:
        """Rows of a project to be confirmed, those that are confirmed left out. Refused:
        ``…_not_found`` for one of another project, ``hours_year_closed``."""
        for key in sorted(set(keys)):
            row = self.find(session, int(key) if key.isdecimal() and len(key) < 10 else 0)
            if row.project_id != project_id:
                raise NotFound(f"{self.code}_not_found")
            if row.confirmed_at is None:
                self.require_changeable(row, today)
                yield row

    def require_changeable(self, row: Row, today: date) -> None:
        """Refuse what is confirmed (``…_confirmed``) or too old (``hours_year_closed``)."""
        if row.confirmed_at is not None:
            raise Conflict(f"{self.code}_confirmed")
        if closed(getattr(row, self.day), today):
            raise Conflict("hours_year_closed")


HOURS = Kind(HoursEntry, "hours", "worked_on")
EXPENSES = Kind(Expense, "expense", "spent_on")
