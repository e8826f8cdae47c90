"""What anybody may read of finished projects: published cases, with the names that may stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.sql import Select
from sqlmodel import Session, col, func

from matchmaker.db import wide_select as select
from matchmaker.errors import NotFound
from matchmaker.models import (
    ActivityField,
    Case,
    CasePicture,
    CaseRelease,
    CaseState,
    District,
    Group,
    GroupField,
    Need,
    NeedField,
    Professional,
    Project,
    ProjectMember,
)
from matchmaker.services import project_access
from matchmaker.services.actors import Actor
from matchmaker.services.directory import PLACE, Page, page_of_ids, weeks_of
from matchmaker.services.erasure import ERASED
from matchmaker.services.fiscal import first_day, fiscal_year, last_day
from matchmaker.services.public_search import PAGE_SIZE, CaseSearch, contains

_ENDED = func.coalesce(col(Project.ended_on), col(Project.agreed_on))


@dataclass(frozen=True)
class PictureAddress:
    """A picture without its pixels: where it is, how large, and in words."""

    digest: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class CaseCard:
    """A published case as a list shows it. Names are empty where they may not stand."""

    case: Case
    need: Need
    group_id: str
    group_name: str
    district: District | None
    ended_on: date
    picture: PictureAddress | None

    @property
    def year(self) -> int:
        """The fiscal year it belongs to."""
        return fiscal_year(self.ended_on)

    @property
    def weeks(self) -> int | None:
        """How many weeks the work took."""
        return weeks_of(self.need)


def _published() -> Select[Any]:
    """Published cases; columns: case, need, group, district, day, the group's release."""
    found: Select[Any] = (
        select(Case, Need, Group, District, _ENDED, CaseRelease.named)
        .join(Project, col(Project.id) == Case.project_id)
        .join(Need, col(Need.id) == Project.need_id)
        .join(Group, col(Group.id) == Project.group_id)
        .join(District, col(District.code) == PLACE, isouter=True)
        .join(
            CaseRelease,
            (col(CaseRelease.case_id) == col(Case.id)) & col(CaseRelease.member_id).is_(None),
        )
        .where(col(Case.state) == CaseState.PUBLISHED)
    )
    return found


def _asked_for(search: CaseSearch) -> Select[Any]:
    found = _published()
    if search.text:
        found = found.where(contains(search.text, col(Case.search_text)))
    if search.field:
        own = select(NeedField.need_id).where(col(NeedField.field) == search.field)
        groups = select(GroupField.group_id).where(col(GroupField.field) == search.field)
        found = found.where(col(Need.id).in_(own) | col(Group.id).in_(groups))
    if search.district:
        found = found.where(PLACE.in_((search.district,)))
    if search.form:
        found = found.where(col(Need.form) == search.form)
    if search.year:
        found = found.where(_ENDED.between(first_day(search.year), last_day(search.year)))
    return found


def _newest_first(found: Select[Any]) -> Select[Any]:
    return found.order_by(col(Case.published_at).desc(), col(Case.id))


def published(session: Session, *, search: CaseSearch, size: int = PAGE_SIZE) -> Page:
    """One page of the published cases that the search asks for. Three queries."""
    found = _asked_for(search)
    ids = _newest_first(found.with_only_columns(col(Case.id), maintain_column_froms=True))
    listed, total, number = page_of_ids(session, ids, search.page, size)
    rows = _newest_first(found.where(col(Case.id).in_(listed)))
    return Page(_cards(session, session.execute(rows)), total, number, max(1, -(-total // size)))


def newest(session: Session, *, most: int, search: CaseSearch | None = None
           ) -> tuple[CaseCard, ...]:  # fmt: skip
    """The first few published cases, newest first. Two queries."""
    rows = _newest_first(_asked_for(search or CaseSearch())).limit(most)
    return _cards(session, session.execute(rows))


def of_group(session: Session, *, group_id: str) -> tuple[CaseCard, ...]:
    """Published cases of a group in which its name may stand."""
    rows = _published().where(col(Group.id) == group_id, col(CaseRelease.named).is_(True))
    return _cards(session, session.execute(_newest_first(rows)))


def years(session: Session) -> list[int]:
    """Fiscal years in which a published case ended, newest first."""
    days = session.execute(_published().with_only_columns(_ENDED, maintain_column_froms=True))
    return sorted({fiscal_year(day) for day in days.scalars()}, reverse=True)


def published_ids(session: Session) -> list[str]:
    """Ids of all published cases."""
    ids = _published().with_only_columns(col(Case.id), maintain_column_froms=True)
    return list(session.execute(ids.order_by(col(Case.id))).scalars())


def _cards(session: Session, rows: Iterable[Any]) -> tuple[CaseCard, ...]:
    listed = list(rows)
    pictures = _pictures(session, [row[0].id for row in listed])
    return tuple(
        CaseCard(
            case=case,
            need=need,
            group_id=group.id if named and group.public else "",
            group_name=group.name if named else "",
            district=district,
            ended_on=ended_on,
            picture=pictures.get(case.id),
        )
        for case, need, group, district, ended_on, named in listed
    )


def _pictures(session: Session, case_ids: list[str]) -> dict[str, PictureAddress]:
    rows = session.execute(
        select(
            CasePicture.case_id, CasePicture.digest, CasePicture.width, CasePicture.height,
            CasePicture.alt,
        ).where(col(CasePicture.case_id).in_(case_ids))
    )  # fmt: skip
    return {row[0]: PictureAddress(*row[1:]) for row in rows}


@dataclass(frozen=True)
class PublicCase:
    """A case's public page: who took part by name where they agreed, and how many in all."""

    card: CaseCard
    fields: tuple[ActivityField, ...]
    names: tuple[str, ...]
    people: int


def public_case(session: Session, *, case_id: str) -> PublicCase:
    """A published case. Refused (``case_not_found``): not published, or not any more."""
    row = session.execute(_published().where(col(Case.id) == case_id)).first()
    if row is None:
        raise NotFound("case_not_found")
    (card,) = _cards(session, [row])
    fields = session.execute(
        select(ActivityField)
        .join(NeedField, col(NeedField.field) == col(ActivityField.code))
        .where(col(NeedField.need_id) == card.need.id)
        .order_by(col(ActivityField.position), col(ActivityField.code))
    ).scalars()
    people = session.execute(
        select(Professional.name, CaseRelease.named)
        .join(ProjectMember, col(ProjectMember.professional_id) == col(Professional.id))
        .join(
            CaseRelease,
            (col(CaseRelease.member_id) == col(ProjectMember.id))
            & (col(CaseRelease.case_id) == case_id)
            & col(CaseRelease.withdrawn_at).is_(None),
            isouter=True,
        )
        .where(
            col(ProjectMember.project_id) == card.case.project_id,
            col(ProjectMember.left_on).is_(None),
        )
        .order_by(col(ProjectMember.joined_on), col(ProjectMember.id))
    ).all()
    names = tuple(name for name, named in people if named and name != ERASED)
    return PublicCase(card, tuple(fields), names, len(people))


def picture(session: Session, *, actor: Actor, case_id: str) -> tuple[CasePicture, bool]:
    """A case's picture, and whether it is public. Before that only those on the project and
    coordinators see it. Refused (``case_not_found``): everybody else, and where there is none."""
    found = session.execute(
        select(CasePicture, Case)
        .join(Case, col(Case.id) == col(CasePicture.case_id))
        .where(col(Case.id) == case_id)
    ).first()
    if found is None:
        raise NotFound("case_not_found")
    row, case = found
    if case.state == CaseState.PUBLISHED:
        return row, True
    if not _on_project(session, actor, case.project_id):
        raise NotFound("case_not_found")
    return row, False


def _on_project(session: Session, actor: Actor, project_id: str) -> bool:
    _project, group = project_access.find(session, project_id)
    if actor.coordinator or group.id in actor.group_ids:
        return True
    try:
        return bool(project_access.stays(session, actor=actor, project_id=project_id))
    except NotFound:
        return False
