"""The review board: what a computed round proposes, read in a handful of queries a page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, union_all
from sqlmodel import Session, col, or_, select

from matchmaker.db import wide_select
from matchmaker.engine.reasons import Reason
from matchmaker.errors import NotFound
from matchmaker.models import (
    HELD,
    Account,
    Company,
    Decision,
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
from matchmaker.services.reason_names import Names, names_for, parsed
from matchmaker.services.rounds import find
from matchmaker.text import search_key

PAGE = 10  # teams, with everybody proposed for them
PEOPLE_PAGE = 50
SHOWN = (ProposalState.PROPOSED, *HELD, ProposalState.REJECTED)
STATUS = ("waiting", "approved", "rejected")
SURENESS = ("sure", "close")


@dataclass(frozen=True)
class Search:
    """What a reader asks a list for. ``status``: one of ``STATUS`` or empty; ``sure``: one of
    ``SURENESS`` or empty."""

    text: str = ""
    urgency: str = ""
    status: str = ""
    sure: str = ""
    page: int = 1


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
class Seat:
    """A person on a seat, with who decided about it."""

    proposal: Proposal
    role: Role
    person: Professional
    company: str
    decided_by: str

    @property
    def undecided(self) -> bool:
        """Whether somebody still has to decide."""
        return self.proposal.state == ProposalState.PROPOSED

    @property
    def ended(self) -> bool:
        """Whether the person has the seat no longer."""
        return self.proposal.state not in SHOWN


@dataclass(frozen=True)
class Team:
    """A need with everybody proposed for it. ``empty``: (role, seats nobody has)."""

    need: Need
    group: Group
    district: District | None
    seats: tuple[Seat, ...]
    empty: tuple[tuple[Role, int], ...]

    @property
    def seen(self) -> dict[str, int]:
        """Proposal → version of the team as it stands; what an approval of the team is about."""
        live = (ProposalState.PROPOSED, ProposalState.APPROVED)
        return {
            seat.proposal.id: seat.proposal.version
            for seat in self.seats
            if seat.proposal.state in live
        }

    @property
    def undecided(self) -> bool:
        """Whether anybody in the team still has to be decided about."""
        return any(seat.undecided for seat in self.seats)

    @property
    def essential_missing(self) -> bool:
        """Whether an essential seat has nobody: such a team cannot be sent."""
        return any(role.essential for role, _seats in self.empty)


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
    chosen = _found(round_id, staffed=True, search=search)
    total, number, pages, found = _page(session, chosen, search.page, size)
    items = _teams(session, round_id, [(row[0], row[1], row[2]) for row in found])
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
    items = _teams(session, round_id, [(found[0], found[1], found[2])])
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
    return row, whole, one or _ended(session, proposal), names


def _ended(session: Session, proposal: Proposal) -> Seat:
    person = session.get_one(Professional, proposal.professional_id)
    company = session.get(Company, person.company_id) if person.company_id else None
    return Seat(
        proposal,
        session.get_one(Role, proposal.role_id),
        person,
        company.name if company else "",
        session.exec(select(_decider()).where(Proposal.id == proposal.id)).one() or "",
    )


def open_needs(session: Session, *, actor: Actor, round_id: str, search: Search) -> Page:
    """The needs of a round without a team, with the reasons and what would help."""
    find(session, actor=actor, round_id=round_id)
    chosen = _found(round_id, staffed=False, search=search)
    total, number, pages, found = _page(session, chosen, search.page, PAGE)
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
    total, number, pages, found = _page(session, chosen, search.page, PEOPLE_PAGE, key)
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


def matching(round_id: str, *, staffed: bool, search: Search) -> Any:
    """The ids of a round's needs that match a search, as a subquery."""
    chosen = _found(round_id, staffed=staffed, search=search)
    return chosen.with_only_columns(col(Need.id), maintain_column_froms=True).order_by(None)


_URGENCY = case({"urgent": 0, "important": 1}, value=col(Need.urgency), else_=2)


def _found(round_id: str, *, staffed: bool, search: Search) -> Any:
    chosen = (
        wide_select(Need, Group, District, RoundNeed)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .join(Group, col(Group.id) == Need.group_id)
        .join(District, col(District.code) == Group.district, isouter=True)
        .where(RoundNeed.round_id == round_id, col(RoundNeed.staffed).is_(staffed))
        .order_by(_URGENCY, col(Need.opened_at), col(Need.id))
    )
    if search.urgency:
        chosen = chosen.where(Need.urgency == search.urgency)
    if search.text:
        people = (
            select(Proposal.need_id)
            .join(Professional, col(Professional.id) == Proposal.professional_id)
            .where(
                Proposal.round_id == round_id,
                col(Proposal.state).in_(SHOWN),
                text_matches(Professional.search_text, search.text),
            )
        )
        chosen = chosen.where(
            or_(
                text_matches(Need.search_text, search.text),
                text_matches(Group.search_text, search.text),
                col(Need.id).in_(people),
            )
        )
    if search.status:
        chosen = chosen.where(_has_status(round_id, search.status))
    if search.sure:
        chosen = chosen.where(_is_sure(round_id, search.sure))
    return chosen


def _has_status(round_id: str, status: str) -> ColumnElement[bool]:
    states = {
        "waiting": [ProposalState.PROPOSED],
        "approved": list(HELD),
        "rejected": [ProposalState.REJECTED],
    }[status]
    chosen = select(Proposal.need_id).where(
        Proposal.round_id == round_id, col(Proposal.state).in_(states)
    )
    return col(Need.id).in_(chosen)


def _is_sure(round_id: str, sure: str) -> ColumnElement[bool]:
    """Whether a team is known to hold as a whole under other weights, or has somebody who does
    not; of a team that nobody has looked at closer, neither."""
    told = col(Proposal.sure)
    holds = told["holds"].as_boolean()
    known = or_(holds.is_(True), told["fixed"].as_boolean().is_(True))
    asked = select(Proposal.need_id).where(
        Proposal.round_id == round_id,
        col(Proposal.state).in_((ProposalState.PROPOSED, *HELD)),
        ~known if sure == "sure" else holds.is_(False),
    )
    condition: ColumnElement[bool] = col(Need.id).in_(asked)
    return ~condition if sure == "sure" else condition


def text_matches(column: Any, text: str) -> ColumnElement[bool]:
    """The condition that a search column holds ``text``, whatever its case or kana."""
    key = search_key(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    matches: ColumnElement[bool] = col(column).like(f"%{key}%", escape="\\")
    return matches


def _page(
    session: Session, chosen: Any, wanted: int, size: int, key: Any = Need.id
) -> tuple[int, int, int, list[Any]]:
    """How many there are, the page's number, how many pages, and its rows; the last page for a
    number beyond it."""
    total, found = _part(session, chosen, wanted, size, key)
    if not found and wanted > 1:
        counted = chosen.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        last = max(-(-session.execute(counted).scalar_one() // size), 1)
        return _page(session, chosen, min(wanted - 1, last), size, key)
    return total, max(wanted, 1), max(-(-total // size), 1), found


def _part(session: Session, chosen: Any, number: int, size: int, key: Any) -> tuple[int, list[Any]]:
    """The database counts and sorts bare ids, and reads whole rows for one page only."""
    ids = chosen.with_only_columns(
        key.label("id"), func.count().over().label("total"), maintain_column_froms=True
    )
    part = ids.offset((max(number, 1) - 1) * size).limit(size).subquery()
    rows = session.exec(chosen.add_columns(part.c.total).join(part, part.c.id == key)).all()
    return (rows[0][-1] if rows else 0), [row[:-1] for row in rows]


def _teams(
    session: Session, round_id: str, needs: list[tuple[Need, Group, District | None]]
) -> list[Team]:
    ids = [need.id for need, _group, _district in needs]
    roles: dict[str, list[Role]] = defaultdict(list)
    held: dict[str, int] = {}
    for role, taken in session.exec(
        select(Role, _held_elsewhere(round_id))
        .where(col(Role.need_id).in_(ids))
        .order_by(col(Role.essential).desc(), col(Role.position), col(Role.id))
    ):
        roles[role.need_id].append(role)
        held[role.id] = taken
    seats = _seats(session, round_id, ids, roles)
    return [
        Team(
            need,
            group,
            district,
            tuple(seats[need.id]),
            tuple(_empty(roles[need.id], seats[need.id], held)),
        )
        for need, group, district in needs
    ]


def _seats(
    session: Session, round_id: str, ids: list[str], roles: dict[str, list[Role]]
) -> dict[str, list[Seat]]:
    order = {role.id: place for each in roles.values() for place, role in enumerate(each)}
    known = {role.id: role for each in roles.values() for role in each}
    found = session.exec(
        wide_select(Proposal, Professional, Company.name, _decider())
        .join(Professional, col(Professional.id) == Proposal.professional_id)
        .join(Company, col(Company.id) == Professional.company_id, isouter=True)
        .where(
            Proposal.round_id == round_id,
            col(Proposal.need_id).in_(ids),
            col(Proposal.state).in_(SHOWN),
        )
    ).all()
    seats: dict[str, list[Seat]] = defaultdict(list)
    for proposal, person, company, decider in sorted(
        found,
        key=lambda row: (
            order[row[0].role_id],
            row[0].state == ProposalState.REJECTED,
            row[0].seat,
            row[0].id,
        ),
    ):
        by = "" if proposal.state == ProposalState.PROPOSED else decider or ""
        seats[proposal.need_id].append(
            Seat(proposal, known[proposal.role_id], person, company or "", by)
        )
    return seats


def _decider() -> Any:
    """Who decided last about a proposal, as a column beside it."""
    return (
        select(Account.name)
        .join(Decision, col(Decision.actor_id) == Account.id)
        .where(Decision.proposal_id == Proposal.id)
        .order_by(col(Decision.id).desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery()
    )


def _held_elsewhere(round_id: str) -> Any:
    """How many seats of a role other rounds hold, as a column beside it."""
    return (
        select(func.count())
        .where(
            Proposal.role_id == Role.id,
            Proposal.round_id != round_id,
            col(Proposal.state).in_(HELD),
        )
        .correlate(Role)
        .scalar_subquery()
    )


def _empty(roles: list[Role], seats: list[Seat], held: dict[str, int]) -> list[tuple[Role, int]]:
    taken: dict[str, int] = defaultdict(int)
    for each in seats:
        taken[each.role.id] += each.proposal.state != ProposalState.REJECTED
    left = [(role, role.seats - taken[role.id] - held.get(role.id, 0)) for role in roles]
    return [(role, count) for role, count in left if count > 0]


def _mentioned(items: list[Team]) -> list[Reason]:
    return [
        reason
        for item in items
        for each in item.seats
        for reason in parsed([*each.proposal.strengths, *each.proposal.gaps])
    ]
