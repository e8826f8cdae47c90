"""Hints that somebody, or a group, may be in the books twice: same name, reading or address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session, col, func, select

from matchmaker.models import Group, Professional


def people_like(session: Session, person: Professional) -> Sequence[Professional]:
    """Other people with the same name (spaces apart), reading or e-mail address; five at most."""
    found = select(Professional).where(_like_person(person), col(Professional.id) != person.id)
    return session.exec(found.order_by(col(Professional.created_at)).limit(5)).all()


def groups_like(session: Session, group: Group) -> Sequence[Group]:
    """Other groups with the same name (spaces apart), reading or contact address; five at most."""
    found = select(Group).where(_like_group(group), col(Group.id) != group.id)
    return session.exec(found.order_by(col(Group.created_at)).limit(5)).all()


def doubtful_people(session: Session, people: Sequence[Professional]) -> set[str]:
    """Ids of those of ``people`` who have somebody alike. One query."""
    if not people:
        return set()
    wanted = select(
        Professional.id, Professional.name, Professional.kana, Professional.email
    ).where(or_(false(), *(_like_person(person) for person in people)))
    others = session.exec(wanted).all()
    return {person.id for person in people
            if any(row[0] != person.id and _same(row[1:], person.name, person.kana, person.email)
                   for row in others)}  # fmt: skip


def doubtful_groups(session: Session, groups: Sequence[Group]) -> set[str]:
    """Ids of those of ``groups`` that have one alike. One query."""
    if not groups:
        return set()
    wanted = select(Group.id, Group.name, Group.kana, Group.contact_email).where(
        or_(false(), *(_like_group(group) for group in groups))
    )
    others = session.exec(wanted).all()
    return {group.id for group in groups
            if any(row[0] != group.id
                   and _same(row[1:], group.name, group.kana, group.contact_email)
                   for row in others)}  # fmt: skip


def _same(row: Any, name: str, kana: str, email: str) -> bool:
    pairs = zip(row, (name, kana, email), strict=True)
    return any(_bare(left) == _bare(right) != "" for left, right in pairs)


def _bare(text: str) -> str:
    return text.replace(" ", "").replace("\u3000", "")


def _like_person(person: Professional) -> ColumnElement[bool]:
    return _like(
        (col(Professional.name), person.name),
        (col(Professional.kana), person.kana),
        (col(Professional.email), person.email),
    )


def _like_group(group: Group) -> ColumnElement[bool]:
    return _like(
        (col(Group.name), group.name),
        (col(Group.kana), group.kana),
        (col(Group.contact_email), group.contact_email),
    )


def _like(*pairs: tuple[Any, str]) -> ColumnElement[bool]:
    alike = [
        func.replace(func.replace(column, " ", ""), "\u3000", "") == _bare(text)
        for column, text in pairs
        if _bare(text)
    ]
    return or_(false(), *alike)
