"""The coordinators' lists: people, groups and needs, what waits for a check first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, literal, union_all
from sqlalchemy.sql import Select
from sqlmodel import Session, col, func

from matchmaker.db import wide_select as select
from matchmaker.models import (
    Company,
    District,
    Group,
    GroupField,
    Need,
    NeedField,
    NeedState,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    ProfileState,
    Role,
    RoleSkill,
    Skill,
)
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.check_search import PAGE_SIZE, CheckSearch
from matchmaker.services.directory import Page, says
from matchmaker.services.duplicates import doubtful
from matchmaker.services.public_search import contains, words_of
from matchmaker.services.readiness import not_ready


@dataclass(frozen=True)
class PersonRow:
    """A professional as the list shows them."""

    person: Professional
    company: Company | None
    district: District | None
    skills: tuple[Skill, ...]
    doubtful: bool = False  # another entry has the same name, reading or address


@dataclass(frozen=True)
class GroupRow:
    """A group as the list shows it."""

    group: Group
    district: District | None
    needs: int  # open or waiting for a check
    doubtful: bool = False


@dataclass(frozen=True)
class NeedRow:
    """A need as the list shows it."""

    need: Need
    group: Group
    warnings: int  # readiness questions answered with no


def people(session: Session, *, actor: Actor, search: CheckSearch) -> Page:
    """One page of the people that the search asks for. Four queries."""
    require_coordinator(actor)
    return _page(
        session, Professional, _people(search), search, lambda rows: _person_rows(session, rows)
    )


def all_people(session: Session, *, actor: Actor, search: CheckSearch) -> tuple[PersonRow, ...]:
    """Everybody the search asks for, for a download."""
    require_coordinator(actor)
    return _person_rows(session, session.execute(_people(search)).all())


def groups(session: Session, *, actor: Actor, search: CheckSearch) -> Page:
    """One page of the groups that the search asks for. Four queries."""
    require_coordinator(actor)
    return _page(session, Group, _groups(search), search, lambda rows: _group_rows(session, rows))


def all_groups(session: Session, *, actor: Actor, search: CheckSearch) -> tuple[GroupRow, ...]:
    """Every group the search asks for, for a download."""
    require_coordinator(actor)
    return _group_rows(session, session.execute(_groups(search)).all())


def needs(session: Session, *, actor: Actor, search: CheckSearch) -> Page:
    """One page of the needs that the search asks for; drafts are the groups' own. Two queries."""
    require_coordinator(actor)
    return _page(session, Need, _needs(search), search, _need_rows)


def all_needs(session: Session, *, actor: Actor, search: CheckSearch) -> tuple[NeedRow, ...]:
    """Every need the search asks for, for a download."""
    require_coordinator(actor)
    return _need_rows(session.execute(_needs(search)).all())


def waiting_counts(session: Session, *, actor: Actor) -> dict[str, tuple[int, datetime | None]]:
    """What waits for a check: people, groups, needs, each with its number and its oldest."""
    require_coordinator(actor)
    waiting: dict[str, tuple[type[Any], str]] = {
        "people": (Professional, ProfileState.SUBMITTED),
        "groups": (Group, ProfileState.SUBMITTED),
        "needs": (Need, NeedState.SUBMITTED),
    }
    counted = union_all(
        *(
            select(literal(name), func.count(), func.min(table.submitted_at)).where(
                table.state == state
            )
            for name, (table, state) in waiting.items()
        )
    )
    return {name: (number, oldest) for name, number, oldest in session.execute(counted)}


def _page(
    session: Session, table: type[Any], found: Select[Any], search: CheckSearch, rows: Any
) -> Page:
    counted = found.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total: int = session.execute(counted).scalar_one()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(search.page, pages)
    # The database sorts bare ids, and reads whole rows for one page only.
    ids = found.with_only_columns(col(table.id), maintain_column_froms=True)
    part = ids.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE).subquery()
    shown = found.where(col(table.id).in_(select(part.c.id)))
    return Page(rows(session.execute(shown).all()), total, number, pages)


def _people(search: CheckSearch) -> Select[Any]:
    found: Select[Any] = (
        select(Professional, Company, District)
        .join(Company, col(Company.id) == col(Professional.company_id), isouter=True)
        .join(District, col(District.code) == col(Professional.district), isouter=True)
    )
    if search.text:
        found = found.where(contains(search.text, col(Professional.search_text)))
    if search.district:
        found = found.where(col(Professional.district) == search.district)
    if search.field:
        cares = select(ProfessionalField.professional_id).where(
            col(ProfessionalField.field) == search.field
        )
        found = found.where(col(Professional.id).in_(cares))
    if search.skill:
        able = (
            select(ProfessionalSkill.professional_id)
            .join(Skill, col(Skill.code) == col(ProfessionalSkill.skill))
            .where((col(Skill.code) == search.skill) | (col(Skill.parent) == search.skill))
        )
        found = found.where(col(Professional.id).in_(able))
    return _in_order(_in_state(found, Professional, search), Professional, search)


def _groups(search: CheckSearch) -> Select[Any]:
    found: Select[Any] = select(Group, District).join(
        District, col(District.code) == col(Group.district), isouter=True
    )
    if search.text:
        found = found.where(contains(search.text, col(Group.search_text)))
    if search.district:
        found = found.where(col(Group.district) == search.district)
    if search.field:
        active = select(GroupField.group_id).where(col(GroupField.field) == search.field)
        found = found.where(col(Group.id).in_(active))
    return _in_order(_in_state(found, Group, search), Group, search)


def _needs(search: CheckSearch) -> Select[Any]:
    found: Select[Any] = (
        select(Need, Group)
        .join(Group, col(Group.id) == col(Need.group_id))
        .where(col(Need.state) != NeedState.DRAFT)
    )
    if search.text:
        found = found.where(*map(says, words_of(search.text)))
    if search.district:
        place = func.coalesce(col(Need.district), col(Group.district))
        found = found.where(place == search.district)
    if search.field:
        about = select(NeedField.need_id).where(col(NeedField.field) == search.field)
        found = found.where(col(Need.id).in_(about))
    if search.skill:
        asking = (
            select(Role.need_id)
            .join(RoleSkill, col(RoleSkill.role_id) == col(Role.id))
            .join(Skill, col(Skill.code) == col(RoleSkill.skill))
            .where((col(Skill.code) == search.skill) | (col(Skill.parent) == search.skill))
        )
        found = found.where(col(Need.id).in_(asking))
    return _in_order(_in_state(found, Need, search), Need, search)


def _in_state(found: Select[Any], table: type[Any], search: CheckSearch) -> Select[Any]:
    return found.where(col(table.state) == search.state) if search.state else found


def _in_order(found: Select[Any], table: type[Any], search: CheckSearch) -> Select[Any]:
    """What waits for a check first, oldest on top; or by reading, or newest first."""
    down = search.direction == "desc"
    if search.sort == "name":
        name = col(table.title) if table is Need else func.coalesce(
            func.nullif(col(table.kana), ""), col(table.name))  # fmt: skip
        return found.order_by(name.desc() if down else name, col(table.id))
    if search.sort == "newest":
        newest = col(table.created_at)
        return found.order_by(newest if down else newest.desc(), col(table.id))
    waits = case((col(table.state) == "submitted", 0), else_=1)
    oldest = col(table.submitted_at)
    return found.order_by(waits, oldest.is_(None), oldest.desc() if down else oldest, col(table.id))


def _person_rows(session: Session, rows: Sequence[Any]) -> tuple[PersonRow, ...]:
    ids = [person.id for person, _company, _district in rows]
    skills: dict[str, list[Skill]] = {person_id: [] for person_id in ids}
    held = (
        select(ProfessionalSkill.professional_id, Skill)
        .join(Skill, col(Skill.code) == col(ProfessionalSkill.skill))
        .order_by(col(ProfessionalSkill.level).desc(), col(Skill.position))
    )
    if len(ids) <= PAGE_SIZE:  # a download asks for everybody: then reading all is cheaper
        held = held.where(col(ProfessionalSkill.professional_id).in_(ids))
    for person_id, skill in session.execute(held):
        if person_id in skills:
            skills[person_id].append(skill)
    alike = doubtful(session, _submitted(person for person, *_rest in rows))
    return tuple(
        PersonRow(person, company, district, tuple(skills[person.id]), person.id in alike)
        for person, company, district in rows
    )


def _group_rows(session: Session, rows: Sequence[Any]) -> tuple[GroupRow, ...]:
    live = (NeedState.SUBMITTED, NeedState.OPEN, NeedState.IN_ROUND)
    counted = (
        select(Need.group_id, func.count())
        .where(col(Need.state).in_(live))
        .group_by(col(Need.group_id))
    )
    needs = dict(session.execute(counted).all())
    alike = doubtful(session, _submitted(group for group, _district in rows))
    return tuple(
        GroupRow(group, district, needs.get(group.id, 0), group.id in alike)
        for group, district in rows
    )


def _need_rows(rows: Sequence[Any]) -> tuple[NeedRow, ...]:
    return tuple(NeedRow(need, group, len(not_ready(need.readiness))) for need, group in rows)


def _submitted(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.state == ProfileState.SUBMITTED][:PAGE_SIZE]
