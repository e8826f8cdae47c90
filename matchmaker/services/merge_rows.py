"""Everything that points to a record is led to another one: read off the tables themselves, so that
a table that comes later is part of it.

A row that would stand twice afterwards is settled by its table's rule in ``SETTLE``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Row, Table, UniqueConstraint, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from matchmaker.models import metadata

Found = tuple[Session, Table, Row[Any], Any]  # a row that clashes, and the one it clashes with


def references(target: Table) -> Iterator[Column[Any]]:
    """Every column of any table that points to the id of ``target``."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is target.c.id for key in column.foreign_keys):
                yield column


def alone(column: Column[Any]) -> bool:
    """Whether a table may hold only one row for this column's value and others."""
    table = column.table
    assert isinstance(table, Table)
    held = [set(table.primary_key.columns.keys())]
    held += [set(index.columns.keys()) for index in table.indexes if index.unique]
    held += [set(rule.columns.keys()) for rule in table.constraints
             if isinstance(rule, UniqueConstraint)]  # fmt: skip
    return any(column.key in keys for keys in held)


def counted(session: Session, target: Table, row_id: str) -> Counter[str]:
    """Table → rows that point to a record."""
    found: Counter[str] = Counter()
    for column in references(target):
        number = session.execute(
            select(func.count()).select_from(column.table).where(column == row_id)
        ).scalar_one()
        if number:
            found[str(column.table.name)] += number
    return found


def lead_over(session: Session, target: Table, old_id: str, kept_id: str) -> Counter[str]:
    """Let everything that points to ``old_id`` point to ``kept_id``; table → rows led over."""
    moved: Counter[str] = Counter()
    for column in references(target):
        table = column.table
        assert isinstance(table, Table)
        keys = list(table.primary_key.columns)
        if not alone(column):
            result: Any = session.execute(
                update(table).where(column == old_id).values({column.key: kept_id})
            )
            moved[table.name] += result.rowcount
            continue
        for row in session.execute(select(table).where(column == old_id)).all():
            here = [key == getattr(row, key.key) for key in keys]
            moved[table.name] += 1
            try:
                with session.begin_nested():
                    session.execute(update(table).where(*here).values({column.key: kept_id}))
            except IntegrityError:
                _settle(session, column, row, kept_id)
    return +moved


def _settle(session: Session, column: Column[Any], row: Row[Any], kept_id: str) -> None:
    """The other record has such a row already: bring the two together, then drop this one."""
    table = column.table
    assert isinstance(table, Table)
    rule = SETTLE.get(table.name)
    keys = list(table.primary_key.columns)
    if rule is not None:
        twin = [key == (kept_id if key is column else getattr(row, key.key)) for key in keys]
        rule(session, table, row, twin)
        if table.name in STAY:
            session.execute(
                update(table)
                .where(*(key == getattr(row, key.key) for key in keys))
                .values({column.key: kept_id})
            )
            return
    elif not link(table):
        raise LookupError(f"no rule says how two rows of {table.name} become one")
    session.execute(delete(table).where(*(key == getattr(row, key.key) for key in keys)))


def link(table: Table) -> bool:
    """Whether a table's rows say nothing but that two things belong together."""
    return set(table.columns.keys()) == set(table.primary_key.columns.keys())


def _keep(_session: Session, _table: Table, _row: Row[Any], _twin: Any) -> None:
    """The row of the record that stays says it all."""


def _either(session: Session, table: Table, row: Row[Any], twin: Any) -> None:
    if row.matched:
        session.execute(update(table).where(*twin).values(matched=True, reasons=[]))


def _both_reasons(session: Session, table: Table, row: Row[Any], twin: Any) -> None:
    kept = session.execute(select(table.c.reason).where(*twin)).scalar_one()
    texts = dict.fromkeys(text for text in (kept, row.reason) if text)
    session.execute(update(table).where(*twin).values(reason=" / ".join(texts)[:400]))


def _known_rating(session: Session, table: Table, row: Row[Any], twin: Any) -> None:
    session.execute(
        update(table).where(*twin).values(rating=func.coalesce(table.c.rating, row.rating))
    )


def _end_invitation(session: Session, table: Table, row: Row[Any], _twin: Any) -> None:
    session.execute(update(table).where(table.c.id == row.id).values(ended_at=row.created_at))


SETTLE: dict[str, Callable[[Session, Table, Row[Any], Any], None]] = {
    "claim_code": _keep,
    "company_join": _keep,
    "company_sign_on": _keep,
    "declared_conflict": _both_reasons,
    "group_invitation": _end_invitation,  # one that is open is enough
    "group_member": _keep,
    "partnership": _known_rating,
    "professional_skill": _keep,  # the level was chosen before
    "round_mark": _keep,
    "round_person": _either,
    "wish": _keep,  # the rank was chosen before
}
STAY = frozenset({"group_invitation"})  # settled rows that are history, and stay
# Tables in which two rows never meet here, because it is seen to before: the answer chosen, the
# weaker ended, the older withdrawn, or the merge refused until it is.
SEEN_TO = frozenset({"professional", "consent", "proposal", "project_member"})
