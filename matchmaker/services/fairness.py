"""How fair a computed round is, and what each rule of fairness cost whom."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from matchmaker.db import wide_select
from matchmaker.engine.answers.difference import Difference
from matchmaker.engine.answers.fair import Fairness, fairness, reserve_prices
from matchmaker.models import Company, Group, Need, Professional, Round, RoundNeed, RoundPerson
from matchmaker.services import results, rounds
from matchmaker.services.actors import Actor
from matchmaker.services.reason_names import Names, groups_of, names_for

PAGE = 50
WAITS = (91, 183, 365)  # days: up to a quarter, half a year, a year, and longer


@dataclass(frozen=True)
class GroupLine:
    """A group of the round: ``served`` of its ``needs`` have a team."""

    group: Group
    needs: int
    served: int


@dataclass(frozen=True)
class Wait:
    """People who have waited up to ``days`` (None: longer than all others): with a seat, without.
    Counts alone: people are never put in an order."""

    days: int | None
    seated: int
    without: int


@dataclass(frozen=True)
class Kept:
    """What came of a company's pledge: ``held`` of its seats, and the round without it."""

    company: str
    seats: int
    held: int
    without: Difference


@dataclass(frozen=True)
class Report:
    """``groups``: need → name of its group, for every need a price speaks of. ``lines``: a page of
    the groups, longest waiting first. ``kept``: every pledge in the round."""

    round: Round
    found: Fairness
    names: Names
    groups: dict[str, str]
    lines: tuple[GroupLine, ...]
    page: int
    pages: int
    waits: tuple[Wait, ...]
    kept: tuple[Kept, ...]


def report(session: Session, *, actor: Actor, round_id: str, page: int = 1) -> Report:
    """Who is served, who has waited how long and was helped when, and each price by solving again.
    Refused: ``coordinators_only``, ``round_not_found``, ``round_not_computed``."""
    row = rounds.find_computed(session, actor=actor, round_id=round_id)
    found = results.ask(row, "fairness", fairness)
    result = results.result_of(row)
    if result.policy.max_new_projects is not None:
        without = result.what_if(replace(result.policy, max_new_projects=None))
        found = replace(found, switched={**found.switched, "limit": without})
    prices = [each.price for each in found.served if each.price]
    kept = _kept(session, row)
    told = [*prices, *found.switched.values(), *(each.without for each in kept), found.raising]
    names = _names(session, found, told)
    total = session.exec(
        select(func.count(func.distinct(Need.group_id)))
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == row.id)
    ).one()
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    lines = _lines(session, row, page)
    of_needs = groups_of(session, names.needs)
    return Report(row, found, names, of_needs, lines, page, pages, _waits(session, row), kept)


def _kept(session: Session, row: Round) -> tuple[Kept, ...]:
    reserved = rounds.policy_of(row).reserved
    if not reserved:
        return ()
    companies = session.exec(
        select(Company).where(col(Company.id).in_([each.company for each in reserved]))
    )
    names = {company.id: company.name for company in companies}
    priced = results.ask(row, "reserves", reserve_prices)
    return tuple(
        Kept(names.get(each.company, each.company), each.seats, held, without)
        for each, (held, without) in zip(reserved, priced, strict=True)
    )


def _lines(session: Session, row: Round, page: int) -> tuple[GroupLine, ...]:
    served = func.sum(case((col(RoundNeed.staffed), 1), else_=0))
    found = session.execute(
        wide_select(Group, func.count(), served)
        .join(Need, col(Need.group_id) == Group.id)
        .join(RoundNeed, col(RoundNeed.need_id) == Need.id)
        .where(RoundNeed.round_id == row.id)
        .group_by(col(Group.id))
        .order_by(col(Group.waiting_since).is_(None), col(Group.waiting_since), col(Group.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return tuple(GroupLine(group, needs, done) for group, needs, done in found)


def _waits(session: Session, row: Round) -> tuple[Wait, ...]:
    found = session.execute(
        wide_select(Professional.waiting_since, RoundPerson.matched)
        .join(RoundPerson, col(RoundPerson.professional_id) == Professional.id)
        .where(RoundPerson.round_id == row.id, col(Professional.waiting_since).is_not(None))
    ).all()
    counts: Counter[tuple[int, bool]] = Counter()
    for since, seated in found:
        counts[bisect_left(WAITS, (row.as_of - since).days), seated] += 1
    return tuple(
        Wait(days, counts[at, True], counts[at, False]) for at, days in enumerate((*WAITS, None))
    )


def _names(session: Session, found: Fairness, told: Iterable[Difference]) -> Names:
    told = list(told)
    pairs = [pair for each in told for pair in (*each.gained, *each.lost)]
    return names_for(
        session,
        people={person for person, _role in pairs},
        roles={role for _person, role in pairs},
        needs={found.worst_need, *(need for each in told for need in each.staffed + each.unstaffed)}
        - {""},
    )
