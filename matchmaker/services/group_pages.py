"""What a group's pages read: its overview, the menus to start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from matchmaker.errors import NotFound
from matchmaker.models import (
    ActivityField,
    District,
    Expense,
    Group,
    GroupField,
    HoursEntry,
    Menu,
    Need,
    NeedState,
    Outcome,
    Project,
    ProjectState,
    Proposal,
    ProposalState,
    Reply,
    Side,
    SuggestedChange,
)
from matchmaker.services import suggestions, taxonomy
from matchmaker.services.actors import Actor, require_group
from matchmaker.services.confirming import open_from
from matchmaker.services.groups import missing_steps
from matchmaker.text import search_key


@dataclass(frozen=True)
class ToConfirm:
    """A project of which hours, expenses or both wait for its group and can still be confirmed."""

    project: Project
    hours: bool
    expenses: bool


@dataclass(frozen=True)
class MyGroup:
    """A group in the list of those an account acts for."""

    group: Group
    needs: int
    to_answer: tuple[str, ...]  # ids of needs whose proposed team waits for the group's answer
    to_confirm: tuple[ToConfirm, ...] = ()
    to_evaluate: tuple[Project, ...] = ()  # delivered, and the group has not said how it was
    to_consider: tuple[tuple[SuggestedChange, str], ...] = ()  # with the title of its need
    to_renew: tuple[Need, ...] = ()  # they rest because their dates are over


@dataclass(frozen=True)
class GroupPage:
    """A group as its own people see it."""

    group: Group
    district: District | None
    fields: tuple[ActivityField, ...]
    needs: Sequence[Need]
    to_answer: frozenset[str]  # needs with proposed people who wait for the group's answer
    projects: Mapping[str, str]  # need → its project that was not cancelled
    to_confirm: tuple[ToConfirm, ...]
    missing: tuple[str, ...]


def mine(session: Session, *, actor: Actor, on: date) -> list[MyGroup]:
    """The groups an account acts for, each with its needs and what waits for it on a day. Nine
    queries."""
    waiting: dict[str, list[str]] = {}
    for group_id, need_id in session.exec(
        select(Need.group_id, Need.id)
        .join(Proposal, col(Proposal.need_id) == col(Need.id))
        .where(col(Need.group_id).in_(actor.group_ids), Proposal.state == ProposalState.OFFERED)
        .where(Proposal.group_reply == Reply.WAITING)
        .distinct()
        .order_by(col(Need.id))
    ):
        waiting.setdefault(group_id, []).append(need_id)
    rows = session.exec(
        select(Group, func.count(col(Need.id)))
        .outerjoin(Need, col(Need.group_id) == col(Group.id))
        .where(col(Group.id).in_(actor.group_ids))
        .group_by(col(Group.id))
        .order_by(col(Group.kana), col(Group.id))
    )
    to_confirm = _to_confirm(session, actor.group_ids, on)
    to_evaluate = _to_evaluate(session, actor)
    to_consider = _changes_waiting(session, actor)
    to_renew = session.exec(
        select(Need)
        .where(col(Need.group_id).in_(actor.group_ids), Need.state == NeedState.PAUSED)
        .where(col(Need.ends_on) < on)
        .order_by(col(Need.ends_on), col(Need.id))
    ).all()
    return [
        MyGroup(
            group,
            number,
            tuple(waiting.get(group.id, ())),
            tuple(each for each in to_confirm if each.project.group_id == group.id),
            tuple(each for each in to_evaluate if each.group_id == group.id),
            tuple((each, need.title) for each, need in to_consider if need.group_id == group.id),
            tuple(need for need in to_renew if need.group_id == group.id),
        )
        for group, number in rows
    ]


def _changes_waiting(session: Session, actor: Actor) -> list[tuple[SuggestedChange, Need]]:
    """Changes a coordinator asked for, each with its need."""
    needs = session.exec(
        select(Need).where(
            col(Need.group_id).in_(actor.group_ids), col(Need.state).in_(suggestions.CHANGEABLE)
        )
    )
    by_id = {need.id: need for need in needs}
    return [(each, by_id[each.need_id]) for each in suggestions.waiting(session, by_id)]


def _to_confirm(session: Session, group_ids: Iterable[str], on: date) -> tuple[ToConfirm, ...]:
    """What can still be confirmed on a day; what lies in a closed fiscal year waits for nobody."""
    since = open_from(on)
    hours = session.exec(
        select(HoursEntry.project_id)
        .where(col(HoursEntry.confirmed_at).is_(None), col(HoursEntry.worked_on) >= since)
        .join(Project, col(Project.id) == col(HoursEntry.project_id))
        .where(col(Project.group_id).in_(group_ids))
    ).all()
    spent = session.exec(
        select(Expense.project_id)
        .where(col(Expense.confirmed_at).is_(None), col(Expense.spent_on) >= since)
        .join(Project, col(Project.id) == col(Expense.project_id))
        .where(col(Project.group_id).in_(group_ids))
    ).all()
    waiting = session.exec(
        select(Project)
        .where(col(Project.id).in_({*hours, *spent}))
        .order_by(col(Project.agreed_on), col(Project.id))
    )
    return tuple(ToConfirm(each, each.id in hours, each.id in spent) for each in waiting)


def _to_evaluate(session: Session, actor: Actor) -> Sequence[Project]:
    """Delivered projects of which the group has not said how they were."""
    said = select(Outcome.project_id).where(Outcome.side == Side.GROUP)
    return session.exec(
        select(Project)
        .where(col(Project.group_id).in_(actor.group_ids))
        .where(Project.state == ProjectState.DELIVERED, col(Project.id).not_in(said))
        .order_by(col(Project.agreed_on), col(Project.id))
    ).all()


def overview(session: Session, *, actor: Actor, group_id: str, on: date) -> GroupPage:
    """A group with its needs, newest first, and what waits for its answer on a day. Eight
    queries."""
    require_group(actor, group_id)
    row = session.exec(
        select(Group, District)
        .outerjoin(District, col(District.code) == col(Group.district))
        .where(Group.id == group_id)
    ).first()
    if row is None:
        raise NotFound("group_not_found")
    group, district = row
    fields = session.exec(
        select(ActivityField)
        .join(GroupField, col(GroupField.field) == col(ActivityField.code))
        .where(GroupField.group_id == group_id)
        .order_by(col(ActivityField.position))
    ).all()
    needs = session.exec(
        select(Need)
        .where(Need.group_id == group_id)
        .order_by(col(Need.created_at).desc(), col(Need.id))
    ).all()
    waiting = session.exec(
        select(Proposal.need_id)
        .join(Need, col(Need.id) == col(Proposal.need_id))
        .where(Need.group_id == group_id, Proposal.state == ProposalState.OFFERED)
        .where(Proposal.group_reply == Reply.WAITING)
    )
    projects = session.exec(
        select(Project.need_id, Project.id)
        .where(Project.group_id == group_id, Project.state != ProjectState.CANCELLED)
        .order_by(col(Project.agreed_on), col(Project.id))
    ).all()
    return GroupPage(
        group, district, tuple(fields), needs, frozenset(waiting), dict(projects),
        _to_confirm(session, (group_id,), on), missing_steps(group),
    )  # fmt: skip


def menus_like(session: Session, *, text: str) -> list[Menu]:
    """The menus whose names, texts or results contain every word of ``text``; all when blank."""
    words = search_key(text.replace("\x00", "")).split()[:8]
    return [menu for menu in taxonomy.menus(session) if all(w in _menu_key(menu) for w in words)]


def _menu_key(menu: Menu) -> str:
    body = menu.body
    return search_key(
        menu.label_ja, menu.label_en, menu.kana, menu.summary_ja, menu.summary_en,
        body.get("deliverable_ja"), body.get("deliverable_en"),
        *(role.get("title_ja") for role in body.get("roles", ())),
    )  # fmt: skip
