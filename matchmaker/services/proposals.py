"""The review board: what a computed round proposes, read in a handful of queries a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, union_all
from sqlmodel import Session, col, select

from matchmaker.db import wide_select
from matchmaker.engine.reasons import Reason
from matchmaker.errors import NotFound
from matchmaker.models import (
    HELD,
    Company,
    District,
    Group,
    Need,
    Professional,
    Proposal,
    ProposalState,
    Role,
    Round,
    RoundNeed,
    RoundPerson,
)
from matchmaker.services.actors import Actor
from matchmaker.services.board_search import Search, found_needs, page_of, text_matches
from matchmaker.services.board_teams import Seat, Team, ended_seat, teams_of
from matchmaker.services.reason_names import Names, names_for, parsed
from matchmaker.services.rounds import find

PAGE = 10  # teams, with everybody proposed for them
PEOPLE_PAGE = 50


@dataclass(frozen=True)
class Counts:
    """How many there are under each tab."""

    staffed: int
    unstaffed: int
    waiting: int
    undecided: int
    approved: int
    rejected: int


@dataclass(frozen=True)
class OpenNeed:
    """A need without a team, why, and what would help. No reason: it is not open any more."""

    need: Need
    group: Group
    blocking_role: Role | None
    reasons: tuple[Reason, ...]
    changes: tuple[Reason, ...]


@dataclass(frozen=True)
class Waiter:
    """Somebody without a seat this time, and why. ``openings``: what would open one, each enough
    alone; None as long as nobody has looked; ``told``: those the person was written about."""

    person: Professional
    company: str
    reasons: tuple[Reason, ...]
    openings: tuple[Reason, ...] | None
    told: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Page:
    """One page of a list with the names its reasons need."""

    items: tuple[Any, ...]
    total: int
    number: int
    pages: int
    names: Names


def counts(session: Session, row: Round) -> Counts:
    """How much there is under each tab of a round."""
    needs = select(func.count()).where(RoundNeed.round_id == row.id)
    people = select(func.count()).where(
        RoundPerson.round_id == row.id, col(RoundPerson.matched).is_(False)
    )
    counted = union_all(
        needs.add_columns(literal("staffed")).where(col(RoundNeed.staffed).is_(True)),
        needs.add_columns(literal("unstaffed")).where(col(RoundNeed.staffed).is_(False)),
        people.add_columns(literal("waiting")),
        select(func.count(), col(Proposal.state))
        .where(Proposal.round_id == row.id)
        .group_by(col(Proposal.state)),
    )
    states: dict[str, int] = {name: number for number, name in session.execute(counted)}
    return Counts(
        staffed=states.get("staffed", 0),
        unstaffed=states.get("unstaffed", 0),
        waiting=states.get("waiting", 0),
        undecided=states.get(ProposalState.PROPOSED, 0),
        approved=sum(states.get(state, 0) for state in HELD),
        rejected=states.get(ProposalState.REJECTED, 0),
    )


def teams(
    session: Session,
    *,
    actor: Actor,
    round_id: str,
    search: Search,
    size: int = PAGE,
    reasons: bool = True,
) -> Page:
    """The needs of a round that found a team, urgent first; ``size`` a page. Without ``reasons``
    the names that only reasons need are left out."""
    find(session, actor=actor, round_id=round_id)
    chosen = found_needs(round_id, staffed=True, search=search)
    total, number, pages, found = page_of(session, chosen, search.page, size)
    items = teams_of(session, round_id, [(row[0], row[1], row[2]) for row in found])
    names = names_for(session, _mentioned(items)) if reasons else Names()
    return Page(tuple(items), total, number, pages, names)


def team(session: Session, *, actor: Actor, round_id: str, need_id: str) -> tuple[Team, Names]:
    """One need of a round with its team; refused (``need_not_found``) outside the round."""
    find(session, actor=actor, round_id=round_id)
    found = session.exec(
        select(Need, Group, District)
        .join(Group, col(Group.id) == Need.group_id)
        .join(District, col(District.code) == Group.district, isouter=True)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == round_id, Need.id == need_id)
    ).first()
    if found is None:
        raise NotFound("need_not_found")
    items = teams_of(session, round_id, [(found[0], found[1], found[2])])
    return items[0], names_for(session, _mentioned(items))


def seat(session: Session, *, actor: Actor, proposal_id: str) -> tuple[Round, Team, Seat, Names]:
    """One proposal with its round and team, of which it is no part any more once it has ended;
    refused with ``proposal_not_found``."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound("proposal_not_found")
    row = find(session, actor=actor, round_id=proposal.round_id)
    whole, names = team(session, actor=actor, round_id=row.id, need_id=proposal.need_id)
    one = next((each for each in whole.seats if each.proposal.id == proposal_id), None)
    return row, whole, one or ended_seat(session, proposal), names


def open_needs(session: Session, *, actor: Actor, round_id: str, search: Search) -> Page:
    """The needs of a round without a team, with the reasons and what would help."""
    find(session, actor=actor, round_id=round_id)
    chosen = found_needs(round_id, staffed=False, search=search)
    total, number, pages, found = page_of(session, chosen, search.page, PAGE)
    blocking = {row[3].blocking_role for row in found if row[3].blocking_role}
    roles = {role.id: role for role in session.exec(select(Role).where(col(Role.id).in_(blocking)))}
    items = [
        OpenNeed(
            need,
            group,
            roles.get(told.blocking_role or ""),
            parsed(told.reasons),
            parsed(told.smallest_change.get("changes", ())),
        )
        for need, group, _district, told in found
    ]
    mentioned = [each for item in items for each in (*item.reasons, *item.changes)]
    return Page(tuple(items), total, number, pages, names_for(session, mentioned))


def waiting(session: Session, *, actor: Actor, round_id: str, search: Search) -> Page:
    """The people of a round without a seat, longest waiting first, and why."""
    find(session, actor=actor, round_id=round_id)
    chosen = (
        wide_select(Professional, Company.name, RoundPerson.reasons, RoundPerson.openings)
        .join(RoundPerson, col(RoundPerson.professional_id) == Professional.id)
        .join(Company, col(Company.id) == Professional.company_id, isouter=True)
        .where(RoundPerson.round_id == round_id, col(RoundPerson.matched).is_(False))
        .order_by(
            col(Professional.waiting_since).is_(None),
            col(Professional.waiting_since),
            col(Professional.id),
        )
    )
    if search.text:
        chosen = chosen.where(text_matches(Professional.search_text, search.text))
    key = col(Professional.id)
    total, number, pages, found = page_of(session, chosen, search.page, PEOPLE_PAGE, key)
    items = [
        Waiter(
            person,
            company or "",
            parsed(told),
            parsed(opens["changes"]) if opens else None,
            frozenset(opens.get("told", ())),
        )
        for person, company, told, opens in found
    ]
    mentioned = [each for item in items for each in (*item.reasons, *(item.openings or ()))]
    return Page(tuple(items), total, number, pages, names_for(session, mentioned))


def _mentioned(items: list[Team]) -> list[Reason]:
    return [
        reason
        for item in items
        for each in item.seats
        for reason in parsed([*each.proposal.strengths, *each.proposal.gaps])
    ]
