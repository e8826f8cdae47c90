"""What anybody may read: open needs and the groups behind them. No personal data passes here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, or_
from sqlalchemy.sql import Select
from sqlmodel import Session, col, func

from matchmaker.db import holds
from matchmaker.db import wide_select as select
from matchmaker.errors import NotFound
from matchmaker.models import (
    ActivityField,
    District,
    Group,
    GroupField,
    Mode,
    Need,
    NeedField,
    NeedState,
    ProfileState,
    Role,
    RoleSkill,
    Skill,
    Urgency,
    Wish,
)
from matchmaker.services.actors import Actor
from matchmaker.services.group_publicity import showing, shows
from matchmaker.services.public_search import PAGE_SIZE, NeedSearch, words_of

OPEN = (NeedState.OPEN, NeedState.IN_ROUND)
# Needs that were public once keep their page, which says that they are closed.
CLOSED = (
    NeedState.STAFFED,
    NeedState.IN_PROGRESS,
    NeedState.DELIVERED,
    NeedState.EVALUATED,
    NeedState.FOLLOWED_UP,
    NeedState.UNSTAFFED,
    NeedState.PAUSED,
)
# Where a need is: its own place, else its group's, where the group shows it.
PLACE = func.coalesce(col(Need.district), case((showing("district"), col(Group.district))))
_URGENT_FIRST = case(
    {Urgency.URGENT.value: 0, Urgency.IMPORTANT.value: 1}, value=col(Need.urgency), else_=2
)


def not_over(on: date) -> ColumnElement[bool]:
    """Needs whose last day has not passed on a day."""
    return or_(col(Need.ends_on).is_(None), col(Need.ends_on) >= on)


def over(need: Need, on: date) -> bool:
    """Whether the last day of a need has passed on a day."""
    return need.ends_on is not None and need.ends_on < on


def weeks_of(need: Need) -> int | None:
    """How many weeks a need takes: as said, else from its dates; None when neither is known."""
    if need.weeks:
        return need.weeks
    if need.starts_on and need.ends_on:
        return max(1, round(((need.ends_on - need.starts_on).days + 1) / 7))
    return None


def named(group: Group) -> bool:
    """Whether a group's needs stand under its name."""
    return shows(group, "needs")


@dataclass(frozen=True)
class NeedCard:
    """An open need as a list shows it."""

    need: Need
    group_id: str  # empty when the group is not in the directory
    group_name: str
    district: District | None
    skills: tuple[Skill, ...]

    @property
    def weeks(self) -> int | None:
        """How many weeks it takes."""
        return weeks_of(self.need)


@dataclass(frozen=True)
class Page:
    """One page of a list: ``total`` counts all of it."""

    rows: tuple[Any, ...]
    total: int
    number: int
    pages: int


def _open_needs(search: NeedSearch, on: date) -> Select[Any]:
    """Needs that anybody may see on a day, as the search asks; columns: need, group, district.
    One whose dates are over is offered to nobody, whatever its state."""
    found: Select[Any] = (
        select(Need, Group, District)
        .join(Group, col(Group.id) == col(Need.group_id))
        .join(District, col(District.code) == PLACE, isouter=True)
        .where(col(Need.state).in_(OPEN), not_over(on), col(Group.state) == ProfileState.VERIFIED)
    )
    if search.text:
        found = found.where(*map(says, words_of(search.text)))
    if search.field:
        own = select(NeedField.need_id).where(col(NeedField.field) == search.field)
        groups = select(GroupField.group_id).where(col(GroupField.field) == search.field)
        found = found.where(col(Need.id).in_(own) | col(Group.id).in_(groups))
    if search.district:
        found = found.where(PLACE.in_((search.district,)))
    if search.form:
        found = found.where(col(Need.form) == search.form)
    if search.way:
        way = Mode.REMOTE if search.way == "remote" else Mode.ONSITE
        found = found.where(col(Need.mode).in_((way, Mode.HYBRID)))
    if search.skill:
        found = found.where(col(Need.id).in_(_needs_with(search.skill)))
    if search.urgency:
        found = found.where(col(Need.urgency) == search.urgency)
    return found


def says(word: str) -> ColumnElement[bool]:
    """Needs that say a word themselves or through their group. The groups are looked through once,
    not once for each of their needs."""
    groups = select(col(Group.id)).where(holds(col(Group.search_text), word))
    return or_(holds(col(Need.search_text), word), col(Need.group_id).in_(groups))


def _needs_with(skill: str) -> Select[Any]:
    """Ids of needs that ask for a skill, or for one of a family."""
    needs: Select[Any] = (
        select(col(Role.need_id))
        .join(RoleSkill, col(RoleSkill.role_id) == col(Role.id))
        .join(Skill, col(Skill.code) == col(RoleSkill.skill))
        .where((col(Skill.code) == skill) | (col(Skill.parent) == skill))
    )
    return needs


def _in_order(found: Select[Any], sort: str) -> Select[Any]:
    newest = col(Need.opened_at).desc()
    if sort == "newest":
        return found.order_by(newest, col(Need.id))
    if sort == "start":
        return found.order_by(
            col(Need.starts_on).is_(None), col(Need.starts_on), newest, col(Need.id)
        )
    return found.order_by(_URGENT_FIRST, newest, col(Need.id))


def open_needs(session: Session, *, search: NeedSearch, on: date, size: int = PAGE_SIZE) -> Page:
    """One page of the open needs that the search asks for. Three queries."""
    found = _open_needs(search, on)
    ids = _in_order(found.with_only_columns(col(Need.id), maintain_column_froms=True), search.sort)
    listed, total, number = page_of_ids(session, ids, search.page, size)
    # The database sorts bare ids, and reads whole rows for one page only.
    rows = _in_order(found.where(col(Need.id).in_(listed)), search.sort)
    pages = max(1, -(-total // size))
    return Page(_cards(session, session.execute(rows).all()), total, number, pages)


def page_of_ids(
    session: Session, ids: Select[Any], page: int, size: int
) -> tuple[list[str], int, int]:
    """One page of a list of ids, how many there are in all, and which page it is: the last one
    where ``page`` lies beyond it. One pass through the list, two for a page beyond the end."""
    counted = ids.add_columns(func.count().over()).limit(size)
    rows = session.execute(counted.offset((page - 1) * size)).all()
    if not rows and page > 1:
        total = session.execute(select(func.count()).select_from(ids.subquery())).scalar_one()
        page = max(1, -(-total // size))
        rows = session.execute(counted.offset((page - 1) * size)).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0, page


def all_open_needs(session: Session, *, search: NeedSearch, on: date) -> tuple[NeedCard, ...]:
    """Every open need the search asks for, for a download. Two queries."""
    return _cards(session, session.execute(_in_order(_open_needs(search, on), search.sort)).all())


def open_rows(
    session: Session, *, search: NeedSearch, on: date
) -> list[tuple[Need, Group, District | None]]:
    """Every open need the search asks for with its group and district, newest first. One query.

    Whether the group may be named is for the caller to see (``named``).
    """
    rows = session.execute(_in_order(_open_needs(search, on), "newest"))
    return [(need, group, district) for need, group, district in rows]


def newest_needs(
    session: Session, *, most: int, on: date, sort: str = "urgency"
) -> tuple[NeedCard, ...]:
    """The first few open needs: urgent ones, then the newest. Two queries."""
    rows = _in_order(_open_needs(NeedSearch(), on), sort).limit(most)
    return _cards(session, session.execute(rows).all())


def open_need_ids(session: Session, *, on: date) -> list[str]:
    """Ids of all open needs."""
    ids = _open_needs(NeedSearch(), on).with_only_columns(col(Need.id)).order_by(col(Need.id))
    return list(session.execute(ids).scalars())


def needs_of(session: Session, *, group_id: str, on: date) -> tuple[NeedCard, ...]:
    """A group's open needs. Two queries."""
    rows = _open_needs(NeedSearch(), on).where(col(Need.group_id) == group_id)
    return _cards(session, session.execute(_in_order(rows, "urgency")).all())


def _cards(session: Session, rows: Iterable[Any]) -> tuple[NeedCard, ...]:
    listed = list(rows)
    skills = _skills_of(session, [need.id for need, _group, _district in listed])
    return tuple(
        NeedCard(
            need=need,
            group_id=group.id if named(group) else "",
            group_name=group.name if named(group) else "",
            district=district,
            skills=tuple(skills.get(need.id, {}).values()),
        )
        for need, group, district in listed
    )


def _skills_of(session: Session, need_ids: list[str]) -> dict[str, dict[str, Skill]]:
    if not need_ids:
        return {}
    rows = session.execute(
        select(col(Role.need_id), Skill)
        .join(RoleSkill, col(RoleSkill.role_id) == col(Role.id))
        .join(Skill, col(Skill.code) == col(RoleSkill.skill))
        .where(col(Role.need_id).in_(need_ids))
        .order_by(
            col(RoleSkill.essential).desc(),
            col(RoleSkill.weight).desc(),
            col(Role.position),
            col(Skill.position),
            col(Skill.code),
        )
    )
    found: dict[str, dict[str, Skill]] = {}
    for need_id, skill in rows:
        found.setdefault(need_id, {}).setdefault(skill.code, skill)
    return found


@dataclass(frozen=True)
class AskedSkill:
    """A skill a role asks for."""

    skill: Skill
    min_level: int
    essential: bool


@dataclass(frozen=True)
class PublicNeed:
    """A need as anybody may read it. ``rank``: the reader's own wish, when there is one."""

    need: Need
    open: bool
    group_id: str
    group_name: str
    district: District | None
    fields: tuple[ActivityField, ...]
    roles: tuple[tuple[Role, tuple[AskedSkill, ...]], ...]
    rank: int | None

    @property
    def seats(self) -> int:
        """How many people are looked for."""
        return sum(role.seats for role, _skills in self.roles)

    @property
    def weeks(self) -> int | None:
        """How many weeks it takes."""
        return weeks_of(self.need)


def public_need(session: Session, *, actor: Actor, need_id: str, on: date) -> PublicNeed:
    """A need's public page. Refused (``need_not_found``): not published yet, or withdrawn."""
    found = session.execute(
        select(Need, Group, District)
        .join(Group, col(Group.id) == col(Need.group_id))
        .join(District, col(District.code) == PLACE, isouter=True)
        .where(col(Need.id) == need_id, col(Need.state).in_((*OPEN, *CLOSED)))
        .where(col(Group.state) == ProfileState.VERIFIED)
    ).first()
    if found is None:
        raise NotFound("need_not_found")
    need, group, district = found
    fields = session.execute(
        select(ActivityField)
        .join(NeedField, col(NeedField.field) == col(ActivityField.code))
        .where(col(NeedField.need_id) == need_id)
        .order_by(col(ActivityField.position), col(ActivityField.code))
    ).scalars()
    wish = session.get(Wish, (actor.professional_id, need_id)) if actor.professional_id else None
    return PublicNeed(
        need=need,
        open=need.state in OPEN and not over(need, on),
        group_id=group.id if named(group) else "",
        group_name=group.name if named(group) else "",
        district=district,
        fields=tuple(fields),
        roles=_roles(session, need_id),
        rank=wish.rank if wish else None,
    )


def _roles(session: Session, need_id: str) -> tuple[tuple[Role, tuple[AskedSkill, ...]], ...]:
    rows = session.execute(
        select(Role, RoleSkill, Skill)
        .join(RoleSkill, col(RoleSkill.role_id) == col(Role.id), isouter=True)
        .join(Skill, col(Skill.code) == col(RoleSkill.skill), isouter=True)
        .where(col(Role.need_id) == need_id)
        .order_by(
            col(Role.position),
            col(Role.id),
            col(RoleSkill.essential).desc(),
            col(RoleSkill.weight).desc(),
            col(Skill.code),
        )
    )
    roles: dict[str, tuple[Role, list[AskedSkill]]] = {}
    for role, asked, skill in rows:
        entry = roles.setdefault(role.id, (role, []))
        if asked is not None:
            entry[1].append(AskedSkill(skill, asked.min_level, asked.essential))
    return tuple((role, tuple(skills)) for role, skills in roles.values())
