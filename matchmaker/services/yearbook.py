"""A fiscal year of the programme in figures, and what the city says of it for the committee.

Definitions. A round belongs to the year in which it was sent; a project to the year in which it was
agreed, unless it is cancelled; hours to the day they were worked, once confirmed; an evaluation to
the day it was given. Somebody took part in a year who was a member of a project, not cancelled, on
some day of it. A need was not met whose round was sent and who received no offer; it counts
under the skill family of each essential skill of the role that blocked it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Annotated, Any

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select

from matchmaker.errors import Conflict, Forbidden
from matchmaker.models import (
    HoursEntry,
    Outcome,
    Payer,
    Project,
    ProjectMember,
    ProjectState,
    Proposal,
    RoleSkill,
    Round,
    RoundNeed,
    YearReview,
)
from matchmaker.services import audit, consultations, fiscal, indicators, taxonomy
from matchmaker.services.actors import Actor
from matchmaker.services.commands import Command, LongText, Whole, validated
from matchmaker.services.fiscal import first_day, last_day
from matchmaker.services.indicators import require_reader

Words = Annotated[str, LongText(4000)]


class Review(Command):
    """What changed, what was learned, which questions are open, what is done about it."""

    changed: Words = ""
    learned: Words = ""
    questions: Words = ""
    actions: Words = ""
    version: Annotated[int, Whole(0, 999_999_999)]


@dataclass(frozen=True)
class Year:
    """``asked``, ``offered``: needs in the year's rounds, and those that received an offer.
    ``employers``: participations, and employers that came for the first time. ``unmet``: code of a
    skill family → needs, most first; ``consultations``: topic →
    entries. ``goal``: mean of 1 to 5, over ``evaluations``."""

    fiscal_year: int
    rounds: int
    asked: int
    offered: int
    projects: int
    delivered: int
    people: int
    groups: int
    employers: tuple[int, int]
    own_minutes: int
    company_minutes: int
    evaluations: int
    goal: float | None
    unmet: Mapping[str, int] = field(default_factory=dict)
    consultations: Mapping[str, int] = field(default_factory=dict)


def year(session: Session, *, actor: Actor, fiscal_year: int, zone: tzinfo) -> Year:
    """The year's figures by the definitions above. ``zone``: the city's. Refused: ``city_only``."""
    require_reader(actor)
    first, last = first_day(fiscal_year), last_day(fiscal_year)
    rounds = _rounds(session, first, last, zone)
    asked = set(session.exec(select(RoundNeed.need_id).where(col(RoundNeed.round_id).in_(rounds))))
    offered = set(
        session.exec(
            select(Proposal.need_id).where(
                col(Proposal.round_id).in_(rounds), col(Proposal.offered_at).is_not(None)
            )
        )
    )
    minutes = _minutes(session, first, last)
    agreed = session.exec(
        select(Project.id, Project.group_id).where(
            col(Project.agreed_on).between(first, last),
            Project.state != ProjectState.CANCELLED,
        )
    ).all()
    rows = [
        row for row in indicators.participations(session, on=last) if row.fiscal_year == fiscal_year
    ]
    count, goal = _evaluations(session, first, last, zone)
    return Year(
        fiscal_year=fiscal_year,
        rounds=len(rounds),
        asked=len(asked),
        offered=len(offered),
        projects=len(agreed),
        delivered=delivered(session, first, last),
        people=people(session, first, last),
        groups=len({group for _project, group in agreed}),
        employers=(len(rows), sum(row.first_time for row in rows)),
        own_minutes=minutes[Payer.OWN],
        company_minutes=minutes[Payer.COMPANY],
        evaluations=count,
        goal=goal,
        unmet=_unmet(session, rounds, offered),
        consultations=consultations.counts(session, year=fiscal_year),
    )


def years(session: Session, *, on: date) -> list[int]:
    """The fiscal years there is something to tell of, newest first; the running one always."""
    first = session.exec(select(func.min(Project.agreed_on))).one()
    current = fiscal.fiscal_year(on)
    oldest = fiscal.fiscal_year(first) if first else current
    return list(range(current, min(oldest, current) - 1, -1))


def review(session: Session, *, actor: Actor, fiscal_year: int) -> YearReview | None:
    """What the city wrote about a year; refused: ``city_only``."""
    require_reader(actor)
    return session.get(YearReview, fiscal_year)


def write_review(
    session: Session, *, actor: Actor, now: datetime, fiscal_year: int, data: Mapping[str, Any]
) -> YearReview:
    """Write about a year (``Review``; version 0 for the first time). Refused: ``city_only``,
    ``changed_meanwhile``."""
    if not actor.city:
        raise Forbidden("city_only")
    wanted = validated(Review, data)
    row = session.get(YearReview, fiscal_year)
    if row is None:
        row = YearReview(fiscal_year=fiscal_year, written_at=now, version=0)
    if row.version != wanted.version:
        raise Conflict("changed_meanwhile")
    row.version += 1
    row.changed, row.learned = wanted.changed, wanted.learned
    row.questions, row.actions = wanted.questions, wanted.actions
    row.written_by, row.written_at = actor.account_id, now
    session.add(row)
    try:
        session.flush()
    except IntegrityError as taken:  # somebody else wrote the first words at this moment
        raise Conflict("changed_meanwhile") from taken
    audit.record(
        session, actor=actor, act="write_review", subject=("year", str(fiscal_year)), now=now
    )
    return row


def _rounds(session: Session, first: date, last: date, zone: tzinfo) -> list[str]:
    begin, end = _moments(first, last, zone)
    return list(
        session.exec(select(Round.id).where(col(Round.sent_at) >= begin, col(Round.sent_at) <= end))
    )


def _moments(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    begin = datetime.combine(first, time.min, zone).astimezone(UTC)
    return begin, datetime.combine(last, time.max, zone).astimezone(UTC)


def _minutes(session: Session, first: date, last: date) -> Counter[str]:
    rows = session.exec(
        select(HoursEntry.payer, func.sum(HoursEntry.minutes))
        .where(
            col(HoursEntry.worked_on).between(first, last),
            col(HoursEntry.confirmed_at).is_not(None),
        )
        .group_by(col(HoursEntry.payer))
    )
    return Counter({payer: int(minutes) for payer, minutes in rows})


def delivered(session: Session, first: date, last: date) -> int:
    """Projects that ended between two days."""
    return session.exec(
        select(func.count())
        .select_from(Project)
        .where(col(Project.ended_on).between(first, last), Project.state != ProjectState.CANCELLED)
    ).one()


def people(session: Session, first: date, last: date) -> int:
    """How many took part between two days, each once."""
    return session.exec(
        select(func.count(func.distinct(ProjectMember.professional_id)))
        .join(Project, col(Project.id) == ProjectMember.project_id)
        .where(
            Project.state != ProjectState.CANCELLED,
            ProjectMember.joined_on <= last,
            or_(col(ProjectMember.left_on).is_(None), col(ProjectMember.left_on) >= first),
            or_(col(Project.ended_on).is_(None), col(Project.ended_on) >= first),
        )
    ).one()


def _evaluations(
    session: Session, first: date, last: date, zone: tzinfo
) -> tuple[int, float | None]:
    begin, end = _moments(first, last, zone)
    count, mean = session.exec(
        select(func.count(), func.avg(Outcome.goal)).where(
            col(Outcome.at) >= begin, col(Outcome.at) <= end
        )
    ).one()
    return count, float(mean) if count else None


def _unmet(session: Session, rounds: list[str], offered: set[str]) -> dict[str, int]:
    """Family of skills → needs of the rounds without an offer whose blocking role asks for it."""
    blocked = session.exec(
        select(RoundNeed.need_id, RoleSkill.skill)
        .join(RoleSkill, col(RoleSkill.role_id) == RoundNeed.blocking_role)
        .where(col(RoundNeed.round_id).in_(rounds), col(RoleSkill.essential).is_(True))
    )
    skills = taxonomy.skills(session)
    pairs = {
        (need, (skills[skill].parent or skill) if skill in skills else skill)
        for need, skill in blocked
        if need not in offered
    }
    counted = Counter(family for _need, family in pairs)
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))
