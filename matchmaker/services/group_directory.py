"""The directory of groups: verified groups that agreed to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.sql import Select
from sqlmodel import Session, col, func

from matchmaker.db import wide_select as select
from matchmaker.errors import NotFound
from matchmaker.models import (
    ActivityField,
    District,
    Group,
    GroupField,
    GroupMember,
    Need,
    ProfileState,
    Project,
)
from matchmaker.services.case_directory import CaseCard, of_group
from matchmaker.services.commitments import FINISHED
from matchmaker.services.directory import OPEN, NeedCard, Page, needs_of, not_over
from matchmaker.services.group_publicity import showing, shows
from matchmaker.services.public_search import PAGE_SIZE, GroupSearch, contains


@dataclass(frozen=True)
class GroupCard:
    """A group as the directory lists it."""

    group: Group
    district: District | None
    fields: tuple[ActivityField, ...]
    open_needs: int

    @property
    def about(self) -> str:
        """What the group says of itself, where it shows it."""
        return self.group.about if shows(self.group, "about") else ""


def _listed() -> Select[Any]:
    listed: Select[Any] = (
        select(Group, District)
        .join(District, col(District.code) == col(Group.district), isouter=True)
        .where(col(Group.state) == ProfileState.VERIFIED, col(Group.public).is_(True))
    )
    return listed


def _found(search: GroupSearch) -> Select[Any]:
    found = _listed()
    if search.text:
        found = found.where(contains(search.text, col(Group.search_text)))
    if search.field:
        groups = select(GroupField.group_id).where(col(GroupField.field) == search.field)
        found = found.where(col(Group.id).in_(groups), showing("fields"))
    if search.district:
        found = found.where(col(Group.district) == search.district, showing("district"))
    if search.kind:
        found = found.where(col(Group.kind) == search.kind)
    return found


def groups(session: Session, *, search: GroupSearch, on: date, size: int = PAGE_SIZE) -> Page:
    """One page of the groups that the search asks for. Four queries."""
    found = _found(search)
    total: int = session.execute(
        found.with_only_columns(func.count(), maintain_column_froms=True)
    ).scalar_one()
    pages = max(1, -(-total // size))
    number = min(search.page, pages)
    order = (
        (col(Group.verified_at).desc(), col(Group.id))
        if search.sort == "newest"
        else (func.coalesce(func.nullif(col(Group.kana), ""), col(Group.name)), col(Group.id))
    )
    rows = session.execute(found.order_by(*order).limit(size).offset((number - 1) * size)).all()
    ids = [group.id for group, _district in rows]
    fields, needs = _fields_of(session, ids), _open_needs_of(session, ids, on)
    cards = tuple(
        GroupCard(
            group,
            district if shows(group, "district") else None,
            tuple(fields.get(group.id, ())) if shows(group, "fields") else (),
            needs.get(group.id, 0) if shows(group, "needs") else 0,
        )
        for group, district in rows
    )
    return Page(cards, total, number, pages)


def listed_ids(session: Session, *, search: GroupSearch) -> list[str]:
    """Ids of all groups that the search asks for."""
    ids = _found(search).with_only_columns(col(Group.id)).order_by(col(Group.id))
    return list(session.execute(ids).scalars())


def _fields_of(session: Session, ids: list[str]) -> dict[str, list[ActivityField]]:
    found: dict[str, list[ActivityField]] = {}
    rows = session.execute(
        select(col(GroupField.group_id), ActivityField)
        .join(ActivityField, col(ActivityField.code) == col(GroupField.field))
        .where(col(GroupField.group_id).in_(ids))
        .order_by(col(ActivityField.position), col(ActivityField.code))
    )
    for group_id, field in rows:
        found.setdefault(group_id, []).append(field)
    return found


def _open_needs_of(session: Session, ids: list[str], on: date) -> dict[str, int]:
    rows = session.execute(
        select(col(Need.group_id), func.count())
        .where(col(Need.group_id).in_(ids), col(Need.state).in_(OPEN), not_over(on))
        .group_by(col(Need.group_id))
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class PublicGroup:
    """A group's public page: only the parts it shows; ``finished`` None where it does not say."""

    group: Group
    district: District | None
    fields: tuple[ActivityField, ...]
    needs: tuple[NeedCard, ...]
    cases: tuple[CaseCard, ...]
    finished: int | None  # projects that were delivered
    letters: bool  # whether anybody can write to it

    @property
    def about(self) -> str:
        """What the group says of itself, where it shows it."""
        return self.group.about if shows(self.group, "about") else ""

    @property
    def website(self) -> str:
        """Its own site, where it shows it."""
        return self.group.website if shows(self.group, "website") else ""


def public_group(session: Session, *, group_id: str, on: date) -> PublicGroup:
    """A group's public page. Refused (``group_not_found``): not verified, or not to be shown."""
    found = session.execute(_listed().where(col(Group.id) == group_id)).first()
    if found is None:
        raise NotFound("group_not_found")
    group, district = found
    return _page(session, group, district, on)


def preview(
    session: Session, *, group: Group, public: bool, parts: list[str], on: date
) -> PublicGroup:
    """A group's page as it would be with other parts shown; nothing is stored."""
    shown = Group(**{**group.model_dump(), "public": public, "public_parts": parts})
    district = session.get(District, group.district) if group.district else None
    return _page(session, shown, district, on)


def _page(session: Session, group: Group, district: District | None, on: date) -> PublicGroup:
    fields = _fields_of(session, [group.id]).get(group.id, ())
    return PublicGroup(
        group=group,
        district=district if shows(group, "district") else None,
        fields=tuple(fields) if shows(group, "fields") else (),
        needs=needs_of(session, group_id=group.id, on=on) if shows(group, "needs") else (),
        cases=of_group(session, group_id=group.id) if shows(group, "cases") else (),
        finished=_finished(session, group.id) if shows(group, "finished") else None,
        letters=takes_letters(session, group),
    )


def _finished(session: Session, group_id: str) -> int:
    done: int = session.execute(
        select(func.count())
        .select_from(Project)
        .where(col(Project.group_id) == group_id, col(Project.state).in_(FINISHED))
    ).scalar_one()
    return done


def takes_letters(session: Session, group: Group) -> bool:
    """Whether a group lets anybody write to it, and a letter would reach somebody."""
    if not shows(group, "letters"):
        return False
    members = select(GroupMember.account_id).where(GroupMember.group_id == group.id)
    return bool(group.contact_email) or session.execute(members).first() is not None
