"""The sample city's past into the tables: finished projects, hours, outcomes, consents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, SQLModel

from matchmaker.models import (
    Consent,
    ConsentPurpose,
    HoursEntry,
    Need,
    NeedField,
    NeedState,
    Outcome,
    Professional,
    ProfessionalSkill,
    ProfileState,
    Project,
    ProjectMember,
    ProjectState,
    Role,
    RoleSkill,
    Side,
)
from matchmaker.sample.cases import store_cases
from matchmaker.sample.city import City, PastMember, PastPerson, PastProject
from matchmaker.services.consent_texts import newest
from matchmaker.text import search_key


def store_past(session: Session, city: City) -> None:
    """Add what the past years left; companies, groups and present people are there already."""
    for person in city.past.people:
        _add(session, [_person(person)])
        _add(
            session,
            [
                ProfessionalSkill(professional_id=person.id, skill=skill, level=level)
                for skill, level in person.skills.items()
            ],
        )
    for project in city.past.projects:
        _store_project(session, project)
    store_cases(session, city)
    _add(session, _consents(city))


def _add(session: Session, rows: Iterable[SQLModel]) -> None:
    session.add_all(rows)
    session.flush()


def moment(day: date, hour: int = 1) -> datetime:
    """A time on ``day`` in UTC (01:00 is ten in the morning in Japan)."""
    return datetime.combine(day, time(hour), UTC)


def _person(person: PastPerson) -> Professional:
    return Professional(
        id=person.id,
        name=person.name,
        kana=person.kana,
        email=person.email,
        district=person.district,
        relation=person.relation,
        remote=True,
        state=ProfileState.LEFT,
        search_text=search_key(person.name, person.kana),
        created_at=moment(date(2023, 4, 3)),
    )


def _store_project(session: Session, past: PastProject) -> None:
    need_id = f"{past.id}-n"
    title = past.texts["title_ja"]
    _add(
        session,
        [
            Need(
                id=need_id,
                group_id=past.group_id,
                title=title,
                summary=past.texts["summary_ja"],
                deliverable=past.texts["deliverable_ja"],
                menu=past.menu,
                form=past.form,
                mode=past.mode,
                starts_on=past.started_on,
                ends_on=past.ended_on,
                hours_per_week=past.hours_per_week,
                state=NeedState.FOLLOWED_UP if past.followed_up else NeedState.EVALUATED,
                search_text=search_key(title, past.texts["summary_ja"]),
                submitted_at=moment(past.opened_on - timedelta(days=7)),
                opened_at=moment(past.opened_on),
                created_at=moment(past.opened_on - timedelta(days=14)),
            ),
        ],
    )
    _add(session, [NeedField(need_id=need_id, field=field) for field in past.fields])
    for position, role in enumerate(past.roles):
        role_id = f"{need_id}-{position + 1}"
        _add(
            session,
            [
                Role(
                    id=role_id,
                    need_id=need_id,
                    title=role.title_ja,
                    seats=role.seats,
                    hours_per_week=role.hours_per_week,
                    position=position,
                )
            ],
        )
        _add(
            session,
            [
                RoleSkill(
                    role_id=role_id, skill=role.skill, min_level=role.min_level, essential=True
                )
            ],
        )
    _add(
        session,
        [
            Project(
                id=past.id,
                need_id=need_id,
                group_id=past.group_id,
                title=title,
                state=ProjectState.FOLLOWED_UP if past.followed_up else ProjectState.EVALUATED,
                agreed_on=past.agreed_on,
                started_on=past.started_on,
                ended_on=past.ended_on,
                created_at=moment(past.agreed_on),
            )
        ],
    )
    for number, member in enumerate(past.members, start=1):
        _store_member(session, past, member, f"{past.id}-b{number}")
    _add(
        session,
        [
            Outcome(
                project_id=past.id,
                side=Side.GROUP,
                goal=past.goal,
                used=past.used,
                again=past.again,
                comment=past.comment,
                at=moment(past.ended_on + timedelta(days=10)),
            )
        ],
    )


def _store_member(session: Session, past: PastProject, member: PastMember, member_id: str) -> None:
    role = past.roles[member.role]
    _add(
        session,
        [
            ProjectMember(
                id=member_id,
                project_id=past.id,
                professional_id=member.person_id,
                role_id=f"{past.id}-n-{member.role + 1}",
                company_id=member.company_id,
                minutes_per_week=role.hours_per_week * 60,
                joined_on=member.joined_on,
            )
        ],
    )
    _add(
        session,
        [
            HoursEntry(
                project_id=past.id,
                professional_id=member.person_id,
                worked_on=entry.worked_on,
                minutes=entry.minutes,
                payer=entry.payer,
                note=entry.note,
                confirmed_at=moment(past.ended_on),
                created_at=moment(entry.worked_on, 12),
            )
            for entry in member.hours
        ],
    )
    _add(
        session,
        [
            Outcome(
                project_id=past.id,
                side=Side.PROFESSIONAL,
                member_id=member_id,
                goal=member.goal,
                again=member.again,
                comment=member.comment,
                at=moment(past.ended_on + timedelta(days=12)),
            )
        ],
    )


def _consents(city: City) -> list[Consent]:
    """Nobody agreed to a text before it was published: who took part earlier agreed that day."""
    text = newest(ConsentPurpose.EMPLOYER_REPORT)
    since = min(text.published_on, city.as_of)
    found = []
    for consent in city.consents:
        later = max(since - consent.given_on, timedelta())
        withdrawn = consent.withdrawn_on
        found.append(
            Consent(
                professional_id=consent.person_id,
                company_id=consent.company_id,
                purpose=ConsentPurpose.EMPLOYER_REPORT,
                text_version=text.version,
                given_at=moment(consent.given_on + later),
                withdrawn_at=moment(withdrawn + later) if withdrawn else None,
            )
        )
    return found
